import type { DeviceAddress } from 'im-common';

/** Devices, each once. Most messages have one, and a Map for it would be a good part of what they cost in memory. */
export class Addresses {
  #only: DeviceAddress | undefined;
  /** When they are several, by terminal and id: a key made of both would cost each look a text. */
  #several: Map<number, Map<string, DeviceAddress>> | undefined;
  #size = 0;

  constructor(addresses: readonly DeviceAddress[]) {
    for (const address of addresses) this.add(address);
  }

  get size(): number {
    return this.#size;
  }

  has({ id, terminal }: DeviceAddress): boolean {
    const only = this.#only;
    if (only) return only.id === id && only.terminal === terminal;
    return this.#several?.get(terminal)?.has(id) ?? false;
  }

  add(address: DeviceAddress): void {
    if (this.has(address)) return;
    this.#size += 1;
    if (this.#size === 1 && !this.#several) {
      this.#only = address;
      return;
    }
    const only = this.#only;
    this.#only = undefined;
    this.#several ??= new Map();
    if (only) this.#place(only, this.#several);
    this.#place(address, this.#several);
  }

  /** False when it was not there. */
  delete(address: DeviceAddress): boolean {
    if (!this.has(address)) return false;
    this.#size -= 1;
    if (this.#only) this.#only = undefined;
    else this.#several?.get(address.terminal)?.delete(address.id);
    return true;
  }

  clear(): void {
    this.#only = undefined;
    this.#several = undefined;
    this.#size = 0;
  }

  *[Symbol.iterator](): Iterator<DeviceAddress> {
    if (this.#only) yield this.#only;
    for (const byId of this.#several?.values() ?? []) yield* byId.values();
  }

  #place(address: DeviceAddress, several: Map<number, Map<string, DeviceAddress>>): void {
    const byId = several.get(address.terminal);
    if (byId) byId.set(address.id, address);
    else several.set(address.terminal, new Map([[address.id, address]]));
  }
}
