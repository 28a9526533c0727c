import type { DeviceAddress } from 'im-common';
import type { DeviceMessage } from './unproven.ts';

/** A message that waits until older ones have been given to the device. */
export interface Waiting {
  readonly message: DeviceMessage;
  readonly address: DeviceAddress;
  /** Of its frame. */
  readonly length: number;
}

/** What waits for one device. Of several messages with the same key only the youngest stays. */
export class Backlog {
  readonly #waiting = new Set<Waiting>();
  /** By key: the youngest of those that wait. */
  #latest: Map<string, Waiting> | undefined;
  #length = 0;
  #hasHigh = false;

  /** Of all frames. */
  get length(): number {
    return this.#length;
  }

  add(waiting: Waiting): void {
    const { isHigh, replaces } = waiting.message;
    if (replaces !== undefined) {
      this.replaceBy(replaces);
      (this.#latest ??= new Map<string, Waiting>()).set(replaces, waiting);
    }
    if (isHigh) this.#hasHigh = true;
    this.#waiting.add(waiting);
    this.#length += waiting.length;
  }

  /** A younger one with the key comes, or goes before what waits. */
  replaceBy(key: string): void {
    const before = this.#latest?.get(key);
    if (!before || !this.#remove(before)) return;
    before.message.resolve(before.address, 'queued', 'REPLACED');
  }

  /** Those of high priority, which go before the others; undefined for none. */
  takeHigh(): readonly Waiting[] | undefined {
    if (!this.#hasHigh) return undefined;
    this.#hasHigh = false;
    const high = [...this.#waiting].filter(({ message }) => message.isHigh);
    for (const waiting of high) this.#remove(waiting);
    return high;
  }

  #remove(waiting: Waiting): boolean {
    if (!this.#waiting.delete(waiting)) return false;
    this.#length -= waiting.length;
    return true;
  }

  [Symbol.iterator](): Iterator<Waiting> {
    return this.#waiting.values();
  }
}
