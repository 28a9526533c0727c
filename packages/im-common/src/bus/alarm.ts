import { runningMs } from './running-clock.ts';

/**
 * One timer for any number of deadlines: it rings at the earliest instant that it was set for. Instants are those of
 * `runningMs()`: after a blocked event loop the answers that have come meanwhile are read before anything is over. `ring`
 * returns the next instant, if there is one.
 */
export class Alarm {
  readonly #ring: () => number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #at = Infinity;

  constructor(ring: () => number | undefined) {
    this.#ring = ring;
  }

  setFor(at: number): void {
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    // What has a deadline has a connection open as well: the timer need not keep the process alive.
    this.#timer = setTimeout(() => this.#onTime(), Math.max(1, Math.ceil(at - runningMs()))).unref();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#at = Infinity;
  }

  #onTime(): void {
    this.#at = Infinity;
    const next = this.#ring();
    if (next !== undefined) this.setFor(next);
  }
}
