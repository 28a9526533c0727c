/** First in, first out. Costs the same however long it is, where an array's own `shift` would move every item. */
export class Fifo<T extends { readonly length: number }> {
  #items: T[] = [];
  /** The items before it were taken. They are cut off when they outnumber the others. */
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Of all items together. */
  get bytes(): number {
    return this.#bytes;
  }

  push(items: readonly T[]): void {
    for (const item of items) {
      this.#items.push(item);
      this.#bytes += item.length;
    }
  }

  take(max: number): T[] {
    const taken = this.#items.slice(this.#head, this.#head + max);
    this.#head += taken.length;
    for (const { length } of taken) this.#bytes -= length;
    if (this.#head > this.length) this.#cutTaken();
    return taken;
  }

  range(first: number, max: number): T[] {
    return this.#items.slice(this.#head + first, this.#head + first + max);
  }

  /** The first of each, and returns how many there were. Moves every item: for rare use. */
  remove(items: readonly T[]): number {
    this.#cutTaken();
    const before = this.length;
    const wanted = new Map<T, number>();
    for (const item of items) wanted.set(item, (wanted.get(item) ?? 0) + 1);
    this.#items = this.#items.filter((item) => {
      const left = wanted.get(item) ?? 0;
      if (left === 0) return true;
      wanted.set(item, left - 1);
      this.#bytes -= item.length;
      return false;
    });
    return before - this.length;
  }

  /** In front of all others. Moves every item: for rare use. */
  putBack(items: readonly T[]): void {
    this.#cutTaken();
    this.#items = [...items, ...this.#items];
    for (const { length } of items) this.#bytes += length;
  }

  #cutTaken(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
