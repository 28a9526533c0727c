import type { ResultKind } from 'im-common/internal/bus';
import type { Result } from 'im-common/internal/bus';
import { keepTrying } from '../bus/keep-trying.ts';
import type { ClientMetrics } from '../metrics.ts';
import type { Traced } from '../trace-output.ts';
import type { ListenerQueue } from './listener-queue.ts';
import type { Forwarder } from './forwarder.ts';
import { ResultInFlight, type Origin } from './result-in-flight.ts';

export interface DispatcherDeps {
  readonly listenersOf: (kind: ResultKind) => readonly ListenerQueue[];
  readonly forwarder: Pick<Forwarder, 'put'>;
  /** More results may be taken again. */
  readonly onCapacity: () => void;
  /** Aborts when the client is closed. */
  readonly signal: AbortSignal;
  readonly metrics: ClientMetrics | undefined;
  readonly tracing: Traced;
}

/** Results in memory, however many listeners they wait for. */
const mostInFlight = 10_000;
/** Six lists may each have taken a batch of 250 before they see that it is full. */
const fullAt = mostInFlight - 6 * 250;

/** Gives each result to the listeners of its kind here; with none here, to the service's shared list. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  #inFlight = 0;
  #whenEmpty: (() => void) | undefined;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
  }

  dispatch(kind: ResultKind, result: Result, origin: Origin, seq: number): void {
    if (this.#deps.signal.aborted) {
      origin.giveBack(kind, result, seq);
      return;
    }
    this.#deps.tracing.output?.result?.(kind, result);
    const listeners = this.#deps.listenersOf(kind);
    // Results that begin here know no pause: what is too much goes where others can take it.
    if (listeners.length === 0 && origin.isShared) {
      origin.giveBack(kind, result, seq);
      return;
    }
    if (listeners.length === 0 || (this.#inFlight >= mostInFlight && !origin.isShared)) {
      this.#forward(kind, result, origin, seq);
      return;
    }
    this.#inFlight += 1;
    const since = this.#deps.metrics ? performance.now() : 0;
    const item = new ResultInFlight(kind, result, { origin, seq, since }, listeners.length, this.#over);
    for (const listener of listeners) listener.push(item);
  }

  /** Results that wait for listeners, or are with them. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** No more results are to be taken for now. */
  get isFull(): boolean {
    return this.#inFlight >= fullAt;
  }

  /** After the signal: resolves when nothing is in flight any more. */
  async empty(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => (this.#whenEmpty = resolve));
  }

  readonly #over = (item: ResultInFlight): void => {
    const { kind, result, origin, seq } = item;
    this.#leave();
    if (item.wasHandled) this.#deps.metrics?.handled(result);
    if (!item.wasDropped) origin.done(seq);
    else if (this.#deps.signal.aborted) origin.giveBack(kind, result, seq);
    else if (item.wasHandled) origin.done(seq);
    else this.dispatch(kind, result, origin, seq);
  };

  #forward(kind: ResultKind, result: Result, origin: Origin, seq: number): void {
    this.#inFlight += 1;
    keepTrying(this.#deps.signal, () => this.#deps.forwarder.put(kind, result))
      .then(
        () => origin.done(seq),
        () => origin.giveBack(kind, result, seq),
      )
      .finally(() => this.#leave());
  }

  #leave(): void {
    this.#inFlight -= 1;
    if (this.#inFlight === fullAt - 1) this.#deps.onCapacity();
    if (this.#inFlight === 0) this.#whenEmpty?.();
  }
}
