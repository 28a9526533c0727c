import type { MessageKind } from 'im-common';
import type { Result } from 'im-common/internal/bus';
import { toListenerResults, type ImResult } from './result.ts';

/** Where a result came from, to be told what became of it. */
export interface Origin {
  /** It came off the service's shared list, so it goes back there by itself when nobody here wants it. */
  readonly isShared: boolean;
  /** It is dealt with. */
  done(seq: number): void;
  /** Nobody here will deal with it. */
  giveBack(kind: MessageKind, result: Result, seq: number): void;
}

/** A result that listeners of this instance are at work on. */
export class InHand {
  readonly kind: MessageKind;
  readonly result: Result;
  readonly origin: Origin;
  readonly seq: number;
  readonly listenerResults: readonly ImResult[];
  readonly #whenOver: (item: InHand) => void;
  #listenersLeft: number;
  #handled = 0;
  #dropped = 0;

  constructor(
    kind: MessageKind,
    result: Result,
    from: { readonly origin: Origin; readonly seq: number },
    listenerCount: number,
    whenOver: (item: InHand) => void,
  ) {
    this.kind = kind;
    this.result = result;
    this.origin = from.origin;
    this.seq = from.seq;
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

  /** One listener has dealt with it. */
  handled(): void {
    this.#handled += 1;
    this.#leave();
  }

  /** One listener went away before it dealt with it. */
  dropped(): void {
    this.#dropped += 1;
    this.#leave();
  }

  #leave(): void {
    this.#listenersLeft -= 1;
    if (this.#listenersLeft === 0) this.#whenOver(this);
  }
}
