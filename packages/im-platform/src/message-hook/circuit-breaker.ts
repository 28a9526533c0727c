/** So many failures in a row, and it is not tried for a while. */
const opensAfter = 5;
const openMs = 5_000;

/** So that what does not answer makes nobody wait: after some failures one is let through now and then, until that works. */
export class CircuitBreaker {
  #failures = 0;
  #tryAt = 0;

  mayTry(now: number = performance.now()): boolean {
    if (this.#failures < opensAfter) return true;
    if (now < this.#tryAt) return false;
    // One alone.
    this.#tryAt = now + openMs;
    return true;
  }

  worked(): void {
    this.#failures = 0;
  }

  /** Whether with this one it has opened. */
  failed(now: number = performance.now()): boolean {
    this.#failures += 1;
    if (this.#failures === opensAfter) this.#tryAt = now + openMs;
    return this.#failures === opensAfter;
  }
}
