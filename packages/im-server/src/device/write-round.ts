import { nowMs } from './now-ms.ts';

/** A connection, as far as it writes. */
export interface Writer {
  flush(round: number, now: number): void;
}

/**
 * Collects the connections that have something to write, and lets each write once when the batch that is being pushed is
 * through. Rounds are numbered: the number of the round that carried a message is what a pong proves.
 */
export class WriteRound {
  #number = 1;
  #unwritten: Writer[] = [];

  /** The round that is being filled. */
  get number(): number {
    return this.#number;
  }

  add(writer: Writer): void {
    // A microtask: it runs after the batch, and before anything else.
    if (this.#unwritten.length === 0) queueMicrotask(this.#write);
    this.#unwritten.push(writer);
  }

  readonly #write = (): void => {
    const writers = this.#unwritten;
    const round = this.#number;
    this.#unwritten = [];
    this.#number += 1;
    const now = nowMs();
    for (const writer of writers) writer.flush(round, now);
  };
}
