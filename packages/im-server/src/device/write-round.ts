import type { Connection } from './connection.ts';
import { wholeMs } from './now-ms.ts';

/**
 * Collects the connections that have something to write, and lets each write once when the batch that is being pushed is
 * through. Turns are numbered: the number of the turn that carried a message is what a pong proves.
 */
export class WriteTurn {
  #number = 1;
  #unwritten: Connection[] = [];

  /** The turn that is being filled. */
  get number(): number {
    return this.#number;
  }

  mark(connection: Connection): void {
    // A microtask: it runs after the batch, and before anything else.
    if (this.#unwritten.length === 0) queueMicrotask(this.#write);
    this.#unwritten.push(connection);
  }

  readonly #write = (): void => {
    const connections = this.#unwritten;
    const turn = this.#number;
    this.#unwritten = [];
    this.#number += 1;
    const now = wholeMs();
    for (const connection of connections) connection.flush(turn, now);
  };
}
