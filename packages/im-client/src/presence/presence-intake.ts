import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import type { Bus } from 'im-common/bus';
import { boolean, invalidOption, readOptions } from 'im-common/internal/checks';
import { abortReason } from '../checks/abort.ts';
import type { ClientEvents } from '../events.ts';
import { listenerKinds, type ListenerLimits } from '../options.ts';
import type { PresenceHandler, PresenceListenerOptions } from './presence-event.ts';
import { PresenceListener } from './presence-listener.ts';
import { PresenceReader } from './presence-reader.ts';

export interface PresenceIntakeDeps {
  readonly bus: Pick<Bus, 'lists' | 'registry'>;
  readonly events: ClientEvents;
  readonly options: ListenerLimits & { readonly service: string; readonly logger: Logger };
}

/** How long a listener may go on with its batch when the client is closed. */
const closeGraceMs = 5_000;

/** Listeners of presence events. Without one nothing is asked of the bus. */
export class PresenceIntake {
  readonly #deps: PresenceIntakeDeps;
  readonly #reader: PresenceReader;
  readonly #listeners = new Set<PresenceListener>();
  #isRunning = false;
  #stop: AbortController | undefined;
  #reading: Promise<void> = Promise.resolve();
  /** What listeners were given last. */
  #taking: Promise<unknown> = Promise.resolve();

  constructor(deps: PresenceIntakeDeps) {
    this.#deps = deps;
    const { logger, service } = deps.options;
    this.#reader = new PresenceReader({
      bus: deps.bus,
      service,
      logger,
      resumes: () => [...this.#listeners].every(({ resumes }) => resumes),
      take: async (events, signal) => {
        // What comes while the client closes is for the next reader.
        if (!this.#isRunning) await whenAborted(signal);
        this.#taking = Promise.all([...this.#listeners].map((listener) => listener.take(events, signal)));
        await this.#taking;
      },
    });
  }

  /** Returns what unsubscribes. */
  listen(handler: PresenceHandler, handlerName: string, given: PresenceListenerOptions): () => void {
    const options = readOptions('the options of a listener', given, kinds, invalidOption);
    const { events, options: defaults } = this.#deps;
    const { name = handlerName, resume = false, signal } = options;
    const listener = new PresenceListener(handler, {
      name,
      events,
      resumes: resume,
      logger: defaults.logger,
      retryDelaysMs: options.retryDelaysMs ?? defaults.retryDelaysMs,
      listenerTimeoutMs: options.listenerTimeoutMs ?? defaults.listenerTimeoutMs,
    });
    const unsubscribe = (): void => {
      signal?.removeEventListener('abort', unsubscribe);
      listener.stop();
      this.#listeners.delete(listener);
      this.#readOrNot();
    };
    if (signal?.aborted) return unsubscribe;
    signal?.addEventListener('abort', unsubscribe);
    this.#listeners.add(listener);
    if (!resume) this.#reader.beginAnew();
    this.#readOrNot();
    return unsubscribe;
  }

  start(): void {
    this.#isRunning = true;
    this.#readOrNot();
  }

  async close(): Promise<void> {
    this.#isRunning = false;
    const limit = new AbortController();
    const grace = sleep(closeGraceMs, undefined, { signal: limit.signal });
    await Promise.race([this.#taking, grace]).catch(() => undefined);
    limit.abort();
    this.#readOrNot();
    await this.#reading;
  }

  #readOrNot(): void {
    const isWanted = this.#isRunning && this.#listeners.size > 0;
    if (isWanted === (this.#stop !== undefined)) return;
    if (!isWanted) {
      this.#stop?.abort();
      this.#stop = undefined;
      return;
    }
    const stop = (this.#stop = new AbortController());
    setMaxListeners(0, stop.signal);
    this.#reading = this.#reading.then(() => this.#reader.run(stop.signal));
  }
}

async function whenAborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  throw abortReason(signal);
}

const kinds = { ...listenerKinds, resume: boolean };
