const sweepEveryMs = 60_000;

interface Item<V> {
  readonly value: V;
  readonly endsAt: number;
}

/** A map whose items end. It runs no timer: what has ended is not found any more, and is let go of during a later `set`. */
export class ExpiringMap<V> {
  readonly #now: () => number;
  readonly #items = new Map<string, Item<V>>();
  #nextSweepAt = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): V | undefined {
    const item = this.#items.get(key);
    return item && item.endsAt > this.#now() ? item.value : undefined;
  }

  set(key: string, value: V, ttlMs: number): void {
    const now = this.#now();
    if (now >= this.#nextSweepAt) this.#sweep(now);
    this.#items.set(key, { value, endsAt: now + ttlMs });
  }

  delete(key: string): void {
    this.#items.delete(key);
  }

  *[Symbol.iterator](): Generator<[string, V]> {
    const now = this.#now();
    for (const [key, { value, endsAt }] of this.#items) if (endsAt > now) yield [key, value];
  }

  #sweep(now: number): void {
    for (const [key, { endsAt }] of this.#items) if (endsAt <= now) this.#items.delete(key);
    this.#nextSweepAt = now + sweepEveryMs;
  }
}
