import { realClock, type Clock, type Timer } from './clock.ts';

/**
 * One timer for any number of deadlines: it rings at the earliest instant that it was set for. Instants are those of its
 * clock, by default of `runningMs()`: after a blocked event loop the answers that have come meanwhile are read before anything is
 * over. `ring` returns the next instant, if there is one.
 */
export class Alarm {
  readonly #ring: () => number | undefined;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #at = Infinity;

  constructor(ring: () => number | undefined, clock: Clock = realClock) {
    this.#ring = ring;
    this.#clock = clock;
  }

  setFor(at: number): void {
    if (at >= this.#at) return;
    this.#timer?.stop();
    this.#at = at;
    this.#timer = this.#clock.after(Math.max(1, Math.ceil(at - this.#clock.now())), () => this.#onTime());
    // What has a deadline has a connection open as well: the timer need not keep the process alive.
    this.#timer.unref();
  }

  clear(): void {
    this.#timer?.stop();
    this.#at = Infinity;
  }

  #onTime(): void {
    this.#at = Infinity;
    const next = this.#ring();
    if (next !== undefined) this.setFor(next);
  }
}
