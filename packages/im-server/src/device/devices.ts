import { addressKey, type DeviceAddress } from 'im-common';
import type { Connection } from './connection.ts';
import { Tally } from './tally.ts';

/** Every connection of this process, and which of them is the device of an address. */
export class Devices {
  /** Logged-in ones, at most one per address. */
  readonly #byAddress = new Map<string, Connection>();
  /** Those whose login is under way while the address has its device still. */
  readonly #heirs = new Map<string, Connection[]>();
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

  /** Every connection that is, or is about to be, the device of an address. */
  claimants({ id, terminal }: DeviceAddress): Connection[] {
    const key = addressKey(id, terminal);
    const holder = this.#byAddress.get(key);
    return [...(this.#heirs.get(key) ?? []), ...(holder ? [holder] : [])];
  }

  /** Its token is good, its login under way: the device of its address if there is none, else after {@link register}. */
  announce(connection: Connection, { id, terminal }: DeviceAddress): void {
    const key = addressKey(id, terminal);
    this.#isKnown(connection);
    if (!this.#byAddress.has(key)) this.#byAddress.set(key, connection);
    else this.#heirs.set(key, [...(this.#heirs.get(key) ?? []), connection]);
  }

  /** Makes the connection the device of its address, and returns the one that was. */
  register(connection: Connection, { id, terminal }: DeviceAddress): Connection | undefined {
    const key = addressKey(id, terminal);
    const before = this.#byAddress.get(key);
    this.#disinherit(key, connection);
    this.#byAddress.set(key, connection);
    return before === connection ? undefined : before;
  }

  /** True when the address has no device any more, and its route must go: no login has taken over or is about to. */
  unregister(connection: Connection): boolean {
    const address = connection.login?.address;
    if (!address) return false;
    const key = addressKey(address.id, address.terminal);
    this.#disinherit(key, connection);
    if (this.#byAddress.get(key) !== connection) return false;
    const [heir] = this.#heirs.get(key) ?? [];
    if (heir) {
      this.register(heir, address);
      return false;
    }
    this.#byAddress.delete(key);
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

  #disinherit(key: string, connection: Connection): void {
    const others = this.#heirs.get(key)?.filter((heir) => heir !== connection) ?? [];
    if (others.length > 0) this.#heirs.set(key, others);
    else this.#heirs.delete(key);
  }

  #isKnown(connection: Connection): void {
    if (this.#strangers.delete(connection))
      this.#strangersPerRemoteAddress.remove(connection.link.remoteAddress);
  }
}
