/** What can be in one {@link LinkedSet} at a time. Both are undefined to begin with, and only the set's to change. */
export interface Linked<T> {
  linkBefore: T | undefined;
  linkAfter: T | undefined;
}

/**
 * A set in the order in which things came, for where thousands a second come and go.
 *
 * Why not a Set or a Map: V8 gives them a new table whenever they have grown or shrunk enough, and the old table, which
 * points to the new one and to all that was in it, is cleared by nobody. Once one of these is in the old generation, young
 * ones and their contents count as reachable from it until the next full collection, so that each minor one copies messages
 * that were over long ago. Here nothing that has left points anywhere.
 */
export class LinkedSet<T extends Linked<T>> implements Iterable<T> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#first;
  }

  get last(): T | undefined {
    return this.#last;
  }

  has(item: T): boolean {
    return item.linkBefore !== undefined || this.#first === item;
  }

  /** At the end; nothing happens when it is there already. */
  add(item: T): void {
    if (this.has(item)) return;
    item.linkBefore = this.#last;
    if (this.#last) this.#last.linkAfter = item;
    else this.#first = item;
    this.#last = item;
    this.#size += 1;
  }

  /** False when it was not there. */
  delete(item: T): boolean {
    if (!this.has(item)) return false;
    const { linkBefore, linkAfter } = item;
    if (linkBefore) linkBefore.linkAfter = linkAfter;
    else this.#first = linkAfter;
    if (linkAfter) linkAfter.linkBefore = linkBefore;
    else this.#last = linkBefore;
    item.linkBefore = undefined;
    item.linkAfter = undefined;
    this.#size -= 1;
    return true;
  }

  clear(): void {
    for (const item of this) this.delete(item);
  }

  /** The item that was given last may be deleted meanwhile. */
  *[Symbol.iterator](): Iterator<T> {
    for (let item = this.#first; item;) {
      const next: T | undefined = item.linkAfter;
      yield item;
      item = next;
    }
  }
}
