import type { Clock, Timer } from 'im-common/internal/bus';

interface Due {
  readonly at: number;
  readonly call: () => void;
}

/** Stands still until it is told to go on. */
export class TestClock implements Clock {
  #now = 0;
  /** In the order in which they were set; of several that are due at once the first goes first. */
  readonly #timers = new Set<Due>();

  readonly now = (): number => this.#now;

  after(ms: number, call: () => void): Timer {
    const due: Due = { at: this.#now + ms, call };
    this.#timers.add(due);
    return { stop: () => void this.#timers.delete(due), unref: () => undefined };
  }

  /** Goes on to the next timer, and rings it; to `end` when none is due until then. */
  next(end: number): void {
    let first: Due | undefined;
    for (const due of this.#timers) if (due.at <= end && (!first || due.at < first.at)) first = due;
    this.#now = Math.max(this.#now, first?.at ?? end);
    if (!first) return;
    this.#timers.delete(first);
    first.call();
  }
}
