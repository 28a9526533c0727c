/** Work under way by name: who asks for the same meanwhile waits for the same. */
export class Flights<T> {
  readonly #underWay = new Map<string, Promise<T>>();

  has(name: string): boolean {
    return this.#underWay.has(name);
  }

  join(name: string, work: () => Promise<T>): Promise<T> {
    let flight = this.#underWay.get(name);
    if (!flight) {
      flight = work().finally(() => this.#underWay.delete(name));
      this.#underWay.set(name, flight);
    }
    return flight;
  }

  /** Resolves when nothing of what is under way now is any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }
}
