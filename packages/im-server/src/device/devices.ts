import { addressKey, type DeviceAddress } from 'im-common';
import type { Connection } from './connection.ts';
import { Tally } from './tally.ts';

/** Every connection of this process, and which of them is the device of an address. */
export class Devices {
  /** Logged-in ones, at most one per address. */
  readonly #byAddress = new Map<string, Connection>();
  /** All that have a wire, logged in or not. */
  readonly #all = new Set<Connection>();
  readonly #perRemoteAddress = new Tally();
  /** Those whose token was not checked yet. */
  readonly #strangers = new Set<Connection>();
  readonly #strangersPerRemoteAddress = new Tally();

  get count(): number {
    return this.#all.size;
  }

  get registeredCount(): number {
    return this.#byAddress.size;
  }

  get all(): Iterable<Connection> {
    return this.#all;
  }

  get registered(): Iterable<Connection> {
    return this.#byAddress.values();
  }

  countFrom(remoteAddress: string): number {
    return this.#perRemoteAddress.of(remoteAddress);
  }

  strangersFrom(remoteAddress: string): number {
    return this.#strangersPerRemoteAddress.of(remoteAddress);
  }

  add(connection: Connection): void {
    this.#all.add(connection);
    const { remoteAddress } = connection.link;
    this.#perRemoteAddress.add(remoteAddress);
    this.#strangers.add(connection);
    this.#strangersPerRemoteAddress.add(remoteAddress);
  }

  remove(connection: Connection): void {
    if (!this.#all.delete(connection)) return;
    const { remoteAddress } = connection.link;
    this.#perRemoteAddress.remove(remoteAddress);
    this.#isKnown(connection);
  }

  find({ id, terminal }: DeviceAddress): Connection | undefined {
    return this.#byAddress.get(addressKey(id, terminal));
  }

  /** Makes the connection the device of its address, and returns the one that was. */
  register(connection: Connection, { id, terminal }: DeviceAddress): Connection | undefined {
    const key = addressKey(id, terminal);
    const before = this.#byAddress.get(key);
    this.#isKnown(connection);
    this.#byAddress.set(key, connection);
    return before === connection ? undefined : before;
  }

  /** True when the connection was the device of its address; a later login's is left alone. */
  unregister(connection: Connection): boolean {
    const address = connection.login?.address;
    if (!address || this.find(address) !== connection) return false;
    this.#byAddress.delete(addressKey(address.id, address.terminal));
    return true;
  }

  countByTerminal(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { login } of this.#byAddress.values()) {
      if (login) counts.set(login.address.terminal, (counts.get(login.address.terminal) ?? 0) + 1);
    }
    return counts;
  }

  addresses(): DeviceAddress[] {
    const addresses: DeviceAddress[] = [];
    for (const { login } of this.#byAddress.values()) if (login) addresses.push(login.address);
    return addresses;
  }

  #isKnown(connection: Connection): void {
    if (this.#strangers.delete(connection))
      this.#strangersPerRemoteAddress.remove(connection.link.remoteAddress);
  }
}
