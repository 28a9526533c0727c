import { setTimeout as sleep } from 'node:timers/promises';

const lookMs = 100;
/** A line is silent when nothing has come between so many looks: of time a process that was held up knows nothing. */
const silentLooks = 5;
/** However much still comes: who has come back waits for it. */
const mostLooks = 50;

/** The body of a part, as it comes. Where its line is cut it ends, so that what came before is written. */
export class PartBody {
  readonly stream: ReadableStream<Uint8Array>;
  #chunks = 0;
  /** Not while what has come is being written. */
  #isWaiting = true;

  constructor(raw: AsyncIterable<unknown>) {
    this.stream = ReadableStream.from<Uint8Array>(this.#read(raw));
  }

  /**
   * Resolves when its line is silent. Whoever sent it is back already, but up to ten megabytes of it may lie in the buffers of the system:
   * the client has sent them, and would send them again.
   */
  async silent(): Promise<void> {
    let [silent, seen] = [0, this.#chunks];
    for (let look = 0; look < mostLooks && silent < silentLooks; look++) {
      await sleep(lookMs);
      silent = this.#isWaiting && this.#chunks === seen ? silent + 1 : 0;
      seen = this.#chunks;
    }
  }

  async *#read(raw: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of raw) {
        this.#chunks++;
        this.#isWaiting = false;
        yield chunk as Buffer;
        this.#isWaiting = true;
      }
    } catch {
      // Cut off. How much has come is asked for by who comes next.
    }
  }
}
