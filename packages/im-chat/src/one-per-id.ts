/** What is looked at: one object for each name, as long as somebody looks at it, and some time longer. */
export class OnePerId<Thing extends { readonly isWatched: boolean }> {
  readonly #begin: (id: string) => Thing;
  readonly #most: number;
  readonly #onEnd: (thing: Thing) => void;
  readonly #things = new Map<string, Thing>();

  /** `most`: of those that nobody looks at, in case somebody comes back to them. */
  constructor(begin: (id: string) => Thing, most: number, onEnd: (thing: Thing) => void = () => undefined) {
    this.#begin = begin;
    this.#most = most;
    this.#onEnd = onEnd;
  }

  of(id: string): Thing {
    let thing = this.#things.get(id);
    if (!thing) {
      this.#letGoOfSome();
      this.#things.set(id, (thing = this.#begin(id)));
    }
    return thing;
  }

  /** Undefined: it is not held. */
  get(id: string): Thing | undefined {
    return this.#things.get(id);
  }

  get all(): readonly Thing[] {
    return [...this.#things.values()];
  }

  get watched(): readonly Thing[] {
    return this.all.filter(({ isWatched }) => isWatched);
  }

  end(): void {
    for (const thing of this.#things.values()) this.#onEnd(thing);
  }

  /** Those first that were looked at first. */
  #letGoOfSome(): void {
    if (this.#things.size < this.#most) return;
    const unwatched = [...this.#things].filter(([, { isWatched }]) => !isWatched);
    for (const [id, thing] of unwatched.slice(0, Math.max(0, unwatched.length + 1 - this.#most))) {
      this.#onEnd(thing);
      this.#things.delete(id);
    }
  }
}
