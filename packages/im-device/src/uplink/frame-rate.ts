const windowMs = 1_000;

/** How many frames may go in a second. */
export class FrameRate {
  readonly #perSecond: number;
  #windowAt = 0;
  #count = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** When more may go, once no more may. */
  get nextAt(): number {
    return this.#windowAt + windowMs;
  }

  /** Counts one; false when it may not go any more. */
  mayGo(): boolean {
    const now = performance.now();
    if (now >= this.nextAt) {
      this.#windowAt = now;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#perSecond;
  }
}
