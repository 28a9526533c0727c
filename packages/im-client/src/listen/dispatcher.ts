import type { MessageKind } from 'im-common';
import type { Result } from 'im-common/internal/bus';
import { keepTrying } from '../bus/keep-trying.ts';
import type { ListenerQueue } from './listener-queue.ts';
import type { Forwarder } from './forwarder.ts';
import { InHand, type Origin } from './result-in-flight.ts';

export interface HandOutParts {
  readonly listenersOf: (kind: MessageKind) => readonly ListenerQueue[];
  readonly forwarder: Pick<Forwarder, 'put'>;
  /** There is room for more results again. */
  readonly onRoom: () => void;
  /** Aborts when the client is closed. */
  readonly signal: AbortSignal;
}

/** Results in memory, whoever waits for them. */
const mostInHand = 10_000;
/** Six lists may each have taken a batch of 250 before they see that the hands are full. */
const fullAt = mostInHand - 6 * 250;

/** Gives each result to the listeners of its kind here; with none here, to the service's shared list. */
export class HandOut {
  readonly #parts: HandOutParts;
  #inHand = 0;
  #whenEmpty: (() => void) | undefined;

  constructor(parts: HandOutParts) {
    this.#parts = parts;
  }

  deliver(kind: MessageKind, result: Result, origin: Origin, seq: number): void {
    if (this.#parts.signal.aborted) {
      origin.giveBack(kind, result, seq);
      return;
    }
    const listeners = this.#parts.listenersOf(kind);
    // Results that begin here pass no gate: what is too much goes where others can take it.
    if (listeners.length === 0 && origin.isShared) {
      origin.giveBack(kind, result, seq);
      return;
    }
    if (listeners.length === 0 || (this.#inHand >= mostInHand && !origin.isShared)) {
      this.#forward(kind, result, origin, seq);
      return;
    }
    this.#inHand += 1;
    const item = new InHand(kind, result, { origin, seq }, listeners.length, this.#over);
    for (const listener of listeners) listener.push(item);
  }

  /** No more results are to be taken for now. */
  get isFull(): boolean {
    return this.#inHand >= fullAt;
  }

  /** After the signal: resolves when nothing is in hand any more. */
  async empty(): Promise<void> {
    if (this.#inHand > 0) await new Promise<void>((resolve) => (this.#whenEmpty = resolve));
  }

  readonly #over = (item: InHand): void => {
    const { kind, result, origin, seq } = item;
    this.#leave();
    if (!item.wasDropped) origin.done(seq);
    else if (this.#parts.signal.aborted) origin.giveBack(kind, result, seq);
    else if (item.wasHandled) origin.done(seq);
    else this.deliver(kind, result, origin, seq);
  };

  #forward(kind: MessageKind, result: Result, origin: Origin, seq: number): void {
    this.#inHand += 1;
    keepTrying(this.#parts.signal, () => this.#parts.forwarder.put(kind, result))
      .then(
        () => origin.done(seq),
        () => origin.giveBack(kind, result, seq),
      )
      .finally(() => this.#leave());
  }

  #leave(): void {
    this.#inHand -= 1;
    if (this.#inHand === fullAt - 1) this.#parts.onRoom();
    if (this.#inHand === 0) this.#whenEmpty?.();
  }
}
