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

  /** Of all frames. */
  get length(): number {
    return this.#length;
  }

  add(waiting: Waiting): void {
    const { replaces } = waiting.message;
    if (replaces !== undefined) this.#replace(replaces, waiting);
    this.#waiting.add(waiting);
    this.#length += waiting.length;
  }

  #replace(key: string, waiting: Waiting): void {
    const latest = (this.#latest ??= new Map<string, Waiting>());
    const before = latest.get(key);
    latest.set(key, waiting);
    if (!before) return;
    this.#waiting.delete(before);
    this.#length -= before.length;
    before.message.resolve(before.address, 'queued', 'REPLACED');
  }

  [Symbol.iterator](): Iterator<Waiting> {
    return this.#waiting.values();
  }
}
