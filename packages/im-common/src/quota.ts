const windowMs = 10_000;
/** A flood of names begins a new window instead of filling the memory. */
const mostNames = 100_000;

/** How often each name may do something in ten seconds. All is forgotten together, so that nothing needs a timer. */
export class Quota {
  readonly #most: number;
  readonly #counts = new Map<string, number>();
  #windowAt = performance.now();

  constructor(most: number) {
    this.#most = most;
  }

  isSpent(name: string): boolean {
    this.#forgetInTime();
    return this.#of(name) >= this.#most;
  }

  spend(name: string): void {
    this.#forgetInTime();
    this.#counts.set(name, this.#of(name) + 1);
  }

  /** What was spent came to nothing, through no fault of the one with this name. */
  giveBack(name: string): void {
    const count = this.#of(name);
    if (count > 0) this.#counts.set(name, count - 1);
  }

  #of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  #forgetInTime(): void {
    const now = performance.now();
    if (now - this.#windowAt < windowMs && this.#counts.size < mostNames) return;
    this.#counts.clear();
    this.#windowAt = now;
  }
}
