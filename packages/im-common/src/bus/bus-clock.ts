const goodForMs = 10_000;

/**
 * The clock of the bus, read here without asking: by how much it is ahead of the monotonic clock of this process. Asked now and
 * then while it is used. Wrong by half a round trip at most, and by what a clock drifts in ten seconds.
 */
export class BusClock {
  readonly #ask: () => Promise<number>;
  #aheadMs: number | undefined;
  #askedAt = -Infinity;
  #asking: Promise<void> | undefined;

  constructor(ask: () => Promise<number>) {
    this.#ask = ask;
  }

  /** Undefined while the bus has never answered. */
  get now(): number | undefined {
    const here = performance.now();
    if (here - this.#askedAt > goodForMs) void this.ask().catch(() => undefined); // the old answer stands
    return this.#aheadMs === undefined ? undefined : here + this.#aheadMs;
  }

  /** Resolves when the bus has answered; those who ask at once share a call. */
  ask(): Promise<void> {
    this.#asking ??= this.#askOnce().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #askOnce(): Promise<void> {
    const before = performance.now();
    const answer = await this.#ask();
    const after = performance.now();
    this.#askedAt = after;
    this.#aheadMs = answer - (before + after) / 2;
  }
}
