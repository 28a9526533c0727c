import { rest, type Clock } from 'im-common/internal/bus';
import type { ClientEvents } from '../events.ts';
import type { Logger } from 'im-common';
import type { ClientMetrics } from '../metrics.ts';
import type { ListenerLimits } from '../options.ts';
import type { Traced } from '../trace-output.ts';
import type { DeadResults } from './dead-results.ts';
import type { ResultInFlight } from './result-in-flight.ts';
import type { ListenerResult } from './result.ts';

/** What a listener is told beside the results. */
export interface ListenerContext {
  /** Aborts when the listener takes too long, or the client is closed. */
  readonly signal: AbortSignal;
  /** 1, and one more for each time that this batch failed. */
  readonly attempt: number;
}

/** A listener that may get results of any kind; the typed ones are made to fit at the door. */
export type AnyHandler = (results: ListenerResult[], context: ListenerContext) => unknown;

export interface QueueDeps {
  readonly logger: Logger;
  readonly events: ClientEvents;
  readonly deadResults: Pick<DeadResults, 'putBatch'>;
  readonly clock: Clock;
  readonly metrics: ClientMetrics | undefined;
  readonly tracing: Traced;
}

const mostPerBatch = 100;

/** One listener and the results that wait for it: a batch at a time, in order, retried when it fails, independent of all others. */
export class ListenerQueue {
  readonly name: string;
  readonly #handler: AnyHandler;
  readonly #limits: ListenerLimits;
  readonly #deps: QueueDeps;
  readonly #stopping = new AbortController();
  #waiting: ResultInFlight[] = [];
  #running: Promise<void> | undefined;
  #call: AbortController | undefined;

  constructor(name: string, handler: AnyHandler, limits: ListenerLimits, deps: QueueDeps) {
    this.name = name;
    this.#handler = handler;
    this.#limits = limits;
    this.#deps = deps;
  }

  /** The listener has been called, and has not ended. */
  get isCalling(): boolean {
    return this.#call !== undefined;
  }

  push(item: ResultInFlight): void {
    this.#waiting.push(item);
    this.#running ??= this.#run();
  }

  /** Calls the listener no more. What waits is dropped; a call under way goes on, and when it has ended this resolves. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    for (const item of this.#waiting.splice(0)) item.dropped();
    await this.#running;
  }

  /** Stops, and gives a call under way so long to end before its signal aborts. */
  async close(graceMs: number): Promise<void> {
    const stopped = this.stop();
    const timer = setTimeout(() => this.#call?.abort(new Error('The client is being closed')), graceMs);
    await stopped;
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    // Other results of the same tick join the batch.
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

  /** False when the listener was removed before it handled the batch. */
  async #handle(batch: readonly ResultInFlight[]): Promise<boolean> {
    const { signal } = this.#stopping;
    this.#deps.metrics?.listening(batch);
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#callListener(batch, attempt);
        return true;
      } catch (error) {
        const delayMs = this.#limits.retryDelaysMs[attempt - 1];
        this.#reportFailure(batch, attempt, error);
        if (signal.aborted) return false;
        if (delayMs === undefined) return this.#putAway(batch, error);
        await rest(this.#deps.clock, delayMs, signal);
        if (isAborted(signal)) return false;
      }
    }
  }

  /** Ends with the listener, or at its time limit. What the listener does after that has no effect. */
  async #callListener(batch: readonly ResultInFlight[], attempt: number): Promise<void> {
    const { listenerTimeoutMs } = this.#limits;
    const call = new AbortController();
    this.#call = call;
    const timer = this.#deps.clock.after(listenerTimeoutMs, () =>
      call.abort(new Error(`The listener took longer than ${listenerTimeoutMs} ms`)),
    );
    try {
      const results = batch.flatMap(({ listenerResults }) => listenerResults);
      const callHandler = (): unknown => this.#handler(results, { signal: call.signal, attempt });
      const { output } = this.#deps.tracing;
      await Promise.race([
        rejectOnAbort(call.signal),
        output ? output.listen(this.name, batch, callHandler) : callHandler(),
      ]);
    } finally {
      timer.stop();
      this.#call = undefined;
    }
  }

  async #putAway(batch: readonly ResultInFlight[], error: unknown): Promise<boolean> {
    const results = batch.flatMap(({ listenerResults }) => listenerResults);
    this.#deps.logger.error(
      { listener: this.name, results: results.length, error },
      'A listener failed every attempt; its results go to the dead letters',
    );
    this.#deps.events.emit('deadLetter', { listener: this.name, results, error });
    try {
      await this.#deps.deadResults.putBatch(this.name, batch, error);
      return true;
    } catch {
      return false; // the client is being closed
    }
  }

  #reportFailure(batch: readonly ResultInFlight[], attempt: number, error: unknown): void {
    const results = batch.flatMap(({ listenerResults }) => listenerResults);
    this.#deps.logger.warn({ listener: this.name, attempt, error }, 'A listener failed');
    this.#deps.events.emit('listenerFailed', { listener: this.name, results, attempt, error });
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
