import type { PendingMessage } from './pending-message.ts';

const perChunk = 256;
const base = 36;
/** Digits of {@link base} that are read as a number. */
const mostDigits = 8;

/** Neighbours by number. */
interface Chunk {
  readonly places: (PendingMessage | undefined)[];
  taken: number;
}

/** What a message is called that its sender has numbered. */
export function numberedId(instanceId: string, number: number): string {
  return `${instanceId}-${number.toString(base)}`;
}

function numberIn(messageId: string): number {
  const digits = messageId.slice(messageId.lastIndexOf('-') + 1);
  return digits.length <= mostDigits ? Number.parseInt(digits, base) : Number.NaN;
}

/**
 * Pending messages by id. Thousands come and go in a second: those that this instance has numbered stand in places that are
 * emptied when they go, as a Map would keep many of them alive (see LinkedSet). Ids that callers bring stand in one all the same.
 */
export class PendingMessages {
  readonly #chunks = new Map<number, Chunk>();
  readonly #others = new Map<string, PendingMessage>();
  #numbered = 0;

  get size(): number {
    return this.#numbered + this.#others.size;
  }

  get(messageId: string): PendingMessage | undefined {
    const number = this.#numbered > 0 ? numberIn(messageId) : Number.NaN;
    const numbered = this.#chunks.get(chunkOf(number))?.places[number % perChunk];
    return numbered?.message.messageId === messageId ? numbered : this.#others.get(messageId);
  }

  /** Instead of another one with its id. */
  set(pending: PendingMessage): void {
    const { messageId, number } = pending.message;
    if (number === undefined) {
      this.#others.set(messageId, pending);
      return;
    }
    let chunk = this.#chunks.get(chunkOf(number));
    if (!chunk) {
      chunk = { places: new Array<PendingMessage | undefined>(perChunk), taken: 0 };
      this.#chunks.set(chunkOf(number), chunk);
    }
    const place = number % perChunk;
    if (!chunk.places[place]) this.#count(chunk, 1);
    chunk.places[place] = pending;
  }

  /** Whichever has its id. */
  delete({ message: { messageId, number } }: PendingMessage): void {
    if (number === undefined) {
      this.#others.delete(messageId);
      return;
    }
    const chunk = this.#chunks.get(chunkOf(number));
    if (!chunk?.places[number % perChunk]) return;
    chunk.places[number % perChunk] = undefined;
    this.#count(chunk, -1);
    if (chunk.taken === 0) this.#chunks.delete(chunkOf(number));
  }

  clear(): void {
    this.#chunks.clear();
    this.#others.clear();
    this.#numbered = 0;
  }

  *[Symbol.iterator](): Iterator<PendingMessage> {
    for (const { places } of this.#chunks.values()) {
      for (const pending of places) if (pending) yield pending;
    }
    yield* this.#others.values();
  }

  #count(chunk: Chunk, more: number): void {
    chunk.taken += more;
    this.#numbered += more;
  }
}

function chunkOf(number: number): number {
  return Math.floor(number / perChunk);
}
