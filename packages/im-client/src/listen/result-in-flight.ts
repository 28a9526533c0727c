import type { Result, ResultKind } from 'im-common/internal/bus';
import { toListenerResults, type ListenerResult } from './result.ts';

/** Where a result came from. It is notified of the end of the result. */
export interface Origin {
  /** The service's shared list, to which results go back by themselves when no listener here wants them. */
  readonly isShared: boolean;
  /** The result is handled. */
  done(seq: number): void;
  /** No listener here will handle it. */
  giveBack(kind: ResultKind, result: Result, seq: number): void;
}

/** A result that waits for listeners of this instance, or is being handled by them. */
export class ResultInFlight {
  readonly kind: ResultKind;
  readonly result: Result;
  readonly origin: Origin;
  readonly seq: number;
  /** When it came, on the monotonic clock; 0 where nobody wants to know. */
  readonly since: number;
  readonly listenerResults: readonly ListenerResult[];
  readonly #whenOver: (item: ResultInFlight) => void;
  #listenersLeft: number;
  #handled = 0;
  #dropped = 0;

  constructor(
    kind: ResultKind,
    result: Result,
    from: { readonly origin: Origin; readonly seq: number; readonly since: number },
    listenerCount: number,
    whenOver: (item: ResultInFlight) => void,
  ) {
    this.kind = kind;
    this.result = result;
    this.origin = from.origin;
    this.seq = from.seq;
    this.since = from.since;
    this.listenerResults = toListenerResults(kind, result);
    this.#listenersLeft = listenerCount;
    this.#whenOver = whenOver;
  }

  get wasHandled(): boolean {
    return this.#handled > 0;
  }

  get wasDropped(): boolean {
    return this.#dropped > 0;
  }

  /** One listener has handled it. */
  handled(): void {
    this.#handled += 1;
    this.#leave();
  }

  /** One listener was removed before it handled it. */
  dropped(): void {
    this.#dropped += 1;
    this.#leave();
  }

  #leave(): void {
    this.#listenersLeft -= 1;
    if (this.#listenersLeft === 0) this.#whenOver(this);
  }
}
