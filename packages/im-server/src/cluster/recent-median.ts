/** The median of the last few values: one that is far out does not move it, and more than half of them do at once. */
export class RecentMedian {
  readonly #count: number;
  #values: readonly number[] = [];

  constructor(count: number) {
    this.#count = count;
  }

  /** 0 before the first one. */
  get value(): number {
    const inOrder = this.#values.toSorted((a, b) => a - b);
    return inOrder[inOrder.length >> 1] ?? 0;
  }

  add(value: number): void {
    this.#values = [...this.#values, value].slice(-this.#count);
  }
}
