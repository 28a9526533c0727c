import { randomInt } from 'node:crypto';

/** Chance that can be had again: the same seed gives the same numbers. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** A whole number from `from` to below `to`. */
  between(from: number, to: number): number {
    return Math.floor(from + this.next() * (to - from));
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from');
    return item;
  }

  /** So many different ones, or all that there are. */
  some<T>(items: readonly T[], count: number): T[] {
    const left = [...items];
    const picked: T[] = [];
    while (picked.length < count && left.length > 0)
      picked.push(...left.splice(this.between(0, left.length), 1));
    return picked;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

export function newSeed(): number {
  return randomInt(1, 2 ** 31);
}
