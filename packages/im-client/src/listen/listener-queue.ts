import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientEvents } from '../events.ts';
import type { Logger } from 'im-common';
import type { ListenerLimits } from '../options.ts';
import type { DeadLetters } from './dead-results.ts';
import type { InHand } from './result-in-flight.ts';
import type { ImResult } from './result.ts';

/** What a listener is told beside the results. */
export interface ListenerContext {
  /** Aborts when the listener takes too long, or the client is closed. */
  readonly signal: AbortSignal;
  /** 1, and one more for each time that this batch failed. */
  readonly attempt: number;
}

/** A listener that may get results of any kind; the typed ones are made to fit at the door. */
export type AnyHandler = (results: ImResult[], context: ListenerContext) => unknown;

export interface QueueParts {
  readonly logger: Logger;
  readonly events: ClientEvents;
  readonly deadLetters: Pick<DeadLetters, 'putBatch'>;
}

const mostPerBatch = 100;

/** One listener and what waits for it: one batch at a time, in order, tried again when it fails, independent of all others. */
export class ListenerQueue {
  readonly name: string;
  readonly #handler: AnyHandler;
  readonly #limits: ListenerLimits;
  readonly #parts: QueueParts;
  readonly #stopping = new AbortController();
  #waiting: InHand[] = [];
  #running: Promise<void> | undefined;
  #call: AbortController | undefined;

  constructor(name: string, handler: AnyHandler, limits: ListenerLimits, parts: QueueParts) {
    this.name = name;
    this.#handler = handler;
    this.#limits = limits;
    this.#parts = parts;
  }

  push(item: InHand): void {
    this.#waiting.push(item);
    this.#running ??= this.#run();
  }

  /** Calls the listener no more. What waits is dropped; a call under way goes on. */
  stop(): void {
    this.#stopping.abort();
    for (const item of this.#waiting.splice(0)) item.dropped();
  }

  /** Stops, and gives a call under way so long to end before its signal aborts. */
  async close(graceMs: number): Promise<void> {
    this.stop();
    if (!this.#running) return;
    const timer = setTimeout(() => this.#call?.abort(new Error('The client is being closed')), graceMs);
    await this.#running;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    // Let the other results of this turn join the batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, mostPerBatch);
      const isHandled = await this.#handle(batch);
      for (const item of batch) {
        if (isHandled) item.handled();
        else item.dropped();
      }
    }
    this.#running = undefined;
  }

  /** False when the listener went away before the batch was dealt with. */
  async #handle(batch: readonly InHand[]): Promise<boolean> {
    const { signal } = this.#stopping;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#callListener(batch, attempt);
        return true;
      } catch (error) {
        const delayMs = this.#limits.retryDelaysMs[attempt - 1];
        this.#tellFailure(batch, attempt, error);
        if (signal.aborted) return false;
        if (delayMs === undefined) return this.#putAway(batch, error);
        await sleep(delayMs, undefined, { signal }).catch(() => undefined);
        if (isAborted(signal)) return false;
      }
    }
  }

  /** Ends with the listener, or with its time. What it does after that is its own affair. */
  async #callListener(batch: readonly InHand[], attempt: number): Promise<void> {
    const { listenerTimeoutMs } = this.#limits;
    const call = new AbortController();
    this.#call = call;
    const timer = setTimeout(
      () => call.abort(new Error(`The listener took longer than ${listenerTimeoutMs} ms`)),
      listenerTimeoutMs,
    );
    try {
      const results = batch.flatMap(({ listenerResults }) => listenerResults);
      await Promise.race([
        rejectOnAbort(call.signal),
        this.#handler(results, { signal: call.signal, attempt }),
      ]);
    } finally {
      clearTimeout(timer);
      this.#call = undefined;
    }
  }

  async #putAway(batch: readonly InHand[], error: unknown): Promise<boolean> {
    const results = batch.flatMap(({ listenerResults }) => listenerResults);
    this.#parts.logger.error(
      { listener: this.name, results: results.length, error },
      'A listener failed every attempt; its results go to the dead letters',
    );
    this.#parts.events.emit('deadLetter', { listener: this.name, results, error });
    try {
      await this.#parts.deadLetters.putBatch(this.name, batch, error);
      return true;
    } catch {
      return false; // the client is being closed
    }
  }

  #tellFailure(batch: readonly InHand[], attempt: number, error: unknown): void {
    const results = batch.flatMap(({ listenerResults }) => listenerResults);
    this.#parts.logger.warn({ listener: this.name, attempt, error }, 'A listener failed');
    this.#parts.events.emit('listenerFailed', { listener: this.name, results, attempt, error });
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** A function, because the compiler takes an aborted flag that was false once for false for ever. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
