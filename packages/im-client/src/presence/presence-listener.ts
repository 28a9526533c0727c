import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import { abortReason } from '../checks/abort.ts';
import type { ClientEvents } from '../events.ts';
import type { ListenerLimits } from '../options.ts';
import type { PresenceEvent, PresenceHandler } from './presence-event.ts';

export interface PresenceListenerDeps extends ListenerLimits {
  readonly name: string;
  readonly resumes: boolean;
  readonly events: ClientEvents;
  readonly logger: Logger;
}

/** Nothing is skipped, so somebody whose listener has no pauses left is asked again after the last one, for ever. */
const shortestPauseMs = 100;

/** Calls one listener until it has taken what it is told. */
export class PresenceListener {
  readonly #handler: PresenceHandler;
  readonly #deps: PresenceListenerDeps;
  readonly #stopping = new AbortController();

  constructor(handler: PresenceHandler, deps: PresenceListenerDeps) {
    this.#handler = handler;
    this.#deps = deps;
  }

  get resumes(): boolean {
    return this.#deps.resumes;
  }

  stop(): void {
    this.#stopping.abort(new Error('The listener was removed'));
  }

  /** Resolves when it has; rejects when the signal aborts before. A listener that was removed has taken all. */
  async take(events: readonly PresenceEvent[], signal: AbortSignal): Promise<void> {
    const { events: clientEvents, logger, name, retryDelaysMs } = this.#deps;
    for (let attempt = 1; !isAborted(this.#stopping.signal); attempt += 1) {
      try {
        await this.#call(events, attempt, signal);
        return;
      } catch (error) {
        if (isAborted(signal)) throw abortReason(signal);
        if (isAborted(this.#stopping.signal)) return;
        logger.warn({ listener: name, attempt, error }, 'A listener of presence events failed');
        clientEvents.emit('listenerFailed', { listener: name, results: [], attempt, error });
        const pauseMs = retryDelaysMs[Math.min(attempt, retryDelaysMs.length) - 1] ?? 0;
        await sleep(Math.max(shortestPauseMs, pauseMs), undefined, {
          signal: AbortSignal.any([signal, this.#stopping.signal]),
        }).catch(() => undefined);
        if (isAborted(signal)) throw abortReason(signal);
      }
    }
  }

  /** Ends with the listener, at its time limit, or with the signal. */
  async #call(events: readonly PresenceEvent[], attempt: number, signal: AbortSignal): Promise<void> {
    const { listenerTimeoutMs } = this.#deps;
    const call = new AbortController();
    const end = (): void => call.abort(signal.reason);
    const timer = setTimeout(
      () => call.abort(new Error(`The listener took longer than ${listenerTimeoutMs} ms`)),
      listenerTimeoutMs,
    );
    signal.addEventListener('abort', end);
    try {
      await Promise.race([
        new Promise<never>((_, reject) => {
          call.signal.addEventListener('abort', () => reject(call.signal.reason as Error), { once: true });
        }),
        // A copy: what one listener does to it must not be seen by another, nor at the next attempt.
        this.#handler([...events], { signal: call.signal, attempt }),
      ]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
    }
  }
}

/** A function, because the compiler takes an aborted flag that was false once for false for ever. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
