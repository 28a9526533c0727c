/** The `data` of an acknowledgement (PROTOCOL.md, P-2.10). */
export interface Acknowledgement {
  readonly count: number;
  readonly refused?: readonly number[];
}

/** A frame has at most 64 KiB, and so has an acknowledgement with many refusals. */
const refusalsPerFrame = 1_000;

/** Counts what the application has processed, on one connection. Messages end in the order in which they came. */
export class Acknowledgements {
  #processed = 0;
  #acknowledged = 0;
  #refused: number[] = [];

  processed(taken: boolean): void {
    this.#processed += 1;
    if (!taken) this.#refused.push(this.#processed);
  }

  get hasMore(): boolean {
    return this.#acknowledged < this.#processed;
  }

  /** What is to be told next; undefined when there is nothing new. */
  take(): Acknowledgement | undefined {
    if (!this.hasMore) return undefined;
    const refused = this.#refused.splice(0, refusalsPerFrame);
    // With more to refuse, only as far as these go.
    const count = this.#refused.length > 0 ? (refused.at(-1) ?? 0) : this.#processed;
    this.#acknowledged = count;
    return { count, ...(refused.length > 0 && { refused }) };
  }
}
