/** In a burst a call waits for what comes meanwhile until so long after the one before, and goes in any case after twice that. */
const defaultShareMs = 4;
/** So many are worth a call in any case, and with more a list is used where they might be handed over. */
const enough = 64;
const shortestRestMs = 16;
const longestRestMs = 512;

/**
 * Lets what is put in a burst share calls: most of what a few messages cost is that somebody has to wake for each call. What
 * comes alone, or after a pause, waits for nothing. A burst that stops while something waits may come from somebody who waits
 * for the answer before going on: then nothing waits for a while, and for longer each time.
 */
export class Gathering {
  readonly #onTime: () => void;
  readonly #shareMs: number;
  readonly #timer: NodeJS.Timeout;
  #isHolding = false;
  #lastCallAt = -Infinity;
  #restUntil = -Infinity;
  #restMs = shortestRestMs;

  /** `onTime`: what waits has to go. */
  constructor(onTime: () => void, shareMs: number = defaultShareMs) {
    this.#onTime = onTime;
    this.#shareMs = shareMs;
    this.#timer = setTimeout(() => this.#onStall(), 2 * shareMs).unref();
  }

  /** So many wait, and nothing is under way; `now` is by `performance.now()`. True: let them wait, until this says false, or `onTime` is called. */
  isToWait(count: number, now: number): boolean {
    if (count >= enough || now - this.#lastCallAt >= this.#shareMs || now < this.#restUntil) {
      if (this.#isHolding) this.#restMs = shortestRestMs;
      this.#isHolding = false;
      return false;
    }
    if (!this.#isHolding) {
      this.#isHolding = true;
      this.#timer.refresh();
    }
    return true;
  }

  /** A call goes out. */
  onCall(now: number): void {
    this.#isHolding = false;
    this.#lastCallAt = now;
  }

  #onStall(): void {
    if (!this.#isHolding) return;
    this.#isHolding = false;
    this.#restUntil = performance.now() + this.#restMs;
    this.#restMs = Math.min(longestRestMs, this.#restMs * 2);
    this.#onTime();
  }
}
