/** Batches that follow each other so closely are a burst … */
const gapMs = 1.5;
/** … when they are small: a larger one has results enough for a call of its own. */
const largestBatch = 64;
const shortestRestMs = 16;
const longestRestMs = 512;

/**
 * Tells whether another batch is about to come, so that results may wait for those of the next one. A burst that stops
 * while they do may come from a sender that waits for them before it goes on: then no burst is seen for a while, and for
 * longer each time.
 */
export class BurstDetector {
  #goesOn = false;
  #lastBatchAt = -Infinity;
  #restUntil = -Infinity;
  #restMs = shortestRestMs;

  get goesOn(): boolean {
    return this.#goesOn;
  }

  onBatch(size: number, now: number): void {
    this.#goesOn = size <= largestBatch && now - this.#lastBatchAt < gapMs && now > this.#restUntil;
    this.#lastBatchAt = now;
  }

  /** It went on for as long as something waited for it. */
  onHeld(): void {
    this.#restMs = shortestRestMs;
  }

  /** It stopped, and something waits. */
  onStall(now: number): void {
    this.#goesOn = false;
    this.#restUntil = now + this.#restMs;
    this.#restMs = Math.min(longestRestMs, this.#restMs * 2);
  }
}
