import type { Socket } from 'node:net';

// A database that hangs takes what it is asked and says nothing, and a connection that waits for it waits for ever. One of several must not hold
// up what goes on elsewhere, nor the end of the process: so its connections are given up after a while. What they were asked may be done.

/** For whoever is about to end. */
const lastMs = 2_000;

/** Gives up connections on which nothing was said for too long. Those that nobody uses are opened again when they are needed. */
export class Silence {
  readonly #streams = new Set<Socket>();
  #longestMs: number;

  constructor(longestMs: number) {
    this.#longestMs = longestMs;
  }

  watch(stream: Socket): void {
    this.#streams.add(stream);
    stream.once('close', () => this.#streams.delete(stream));
    stream.on('timeout', () =>
      stream.destroy(new Silent(`The database has said nothing for ${this.#longestMs} ms`)),
    );
    stream.setTimeout(this.#longestMs);
  }

  /** From now on they are given up soon. */
  hurry(): void {
    this.#longestMs = lastMs;
    for (const stream of this.#streams) stream.setTimeout(lastMs);
  }
}

/** As the operating system would say it. */
class Silent extends Error {
  readonly code = 'ETIMEDOUT';
}
