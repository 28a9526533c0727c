import { ImError } from '../../errors.ts';

/** How long calls may follow upon each other before timers and sockets have their turn. */
const longestTurnMs = 10;

/**
 * What all calls of a memory bus have in common: they take effect at once, are answered a microtask later, and end with
 * the bus. A caller that calls again as soon as it is answered never leaves the event loop to the others, whose leases would run
 * out and whose sockets fill; so in a turn that has lasted long enough answers wait for the next one.
 */
export class Calls {
  #closed = false;
  #turnEndsAt: number | undefined;
  #held: (() => void)[] = [];
  #count = 0;

  /** So many have been made, and this many of them wait for the next turn. For those who look whether anything goes on. */
  get made(): { readonly count: number; readonly held: number } {
    return { count: this.#count, held: this.#held.length };
  }

  answer<T>(run: () => T | Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new ImError('CLOSED', 'The in-memory bus is closed.'));
    this.#count += 1;
    return new Promise((resolve) => {
      const answer = run();
      if (this.#hasTime()) resolve(answer);
      else this.#held.push(() => resolve(answer));
    });
  }

  close(): void {
    this.#closed = true;
  }

  #hasTime(): boolean {
    if (this.#turnEndsAt !== undefined) return performance.now() < this.#turnEndsAt;
    this.#turnEndsAt = performance.now() + longestTurnMs;
    setImmediate(this.#nextTurn);
    return true;
  }

  readonly #nextTurn = (): void => {
    this.#turnEndsAt = undefined;
    for (const answer of this.#held.splice(0)) answer();
  };
}
