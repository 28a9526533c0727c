/** Work in a queue: so much at once, so much that may wait, and none that comes too late. */
export class Lane {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #refusal: () => Error;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number, mostWaiting: number, refusal: () => Error) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
    this.#refusal = refusal;
  }

  /** Rejects without having begun when too many wait, or when its turn comes after `endsAt`. */
  async run<T>(endsAt: number, work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#most) {
      if (this.#waiting.length >= this.#mostWaiting) throw this.#refusal();
      // Work that ends passes its place on, so that no newcomer gets in between.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running++;
    try {
      if (performance.now() >= endsAt) throw this.#refusal();
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running--;
    }
  }
}
