/** First in, first out. Costs the same however long it is, where an array's own `shift` would move every item. */
export class Fifo<T> {
  #items: T[] = [];
  /** The items before it were taken. They are cut off when they outnumber the others. */
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(items: readonly T[]): void {
    for (const item of items) this.#items.push(item);
  }

  take(max: number): T[] {
    const taken = this.#items.slice(this.#head, this.#head + max);
    this.#head += taken.length;
    if (this.#head > this.length) this.#cutTaken();
    return taken;
  }

  /** In front of all others. Moves every item: for rare use. */
  putBack(items: readonly T[]): void {
    this.#cutTaken();
    this.#items = [...items, ...this.#items];
  }

  #cutTaken(): void {
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}
