import { addressKey, type DeviceAddress } from 'im-common';
import type { Connection } from './connection.ts';
import { Tally } from '../wire/tally.ts';

/** Every connection of this process, and which of them is the device of an address. */
export class Devices {
  /** Logged-in ones, the newest of each address: by terminal and id, as a key made of both would cost each lookup a string. */
  readonly #byTerminal = new Map<number, Map<string, Connection>>();
  /** Of addresses with several sessions here the older ones, the oldest first. */
  readonly #beside = new Map<string, Connection[]>();
  /** Those whose login is under way while the address has its device still. */
  readonly #pendingLogins = new Map<string, Connection[]>();
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
    let count = 0;
    for (const { size } of this.#byTerminal.values()) count += size;
    for (const { length } of this.#beside.values()) count += length;
    return count;
  }

  get all(): Iterable<Connection> {
    return this.#all;
  }

  *registered(): Iterable<Connection> {
    for (const connections of this.#byTerminal.values()) yield* connections.values();
    for (const connections of this.#beside.values()) yield* connections;
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
    this.#forgetStranger(connection);
  }

  find({ id, terminal }: DeviceAddress): Connection | undefined {
    return this.#byTerminal.get(terminal)?.get(id);
  }

  get hasSeveral(): boolean {
    return this.#beside.size > 0;
  }

  /** All that are logged in at an address, or about to be its first: the oldest first. */
  at(address: DeviceAddress): Connection[] {
    const newest = this.find(address);
    if (!newest) return [];
    const older = this.#beside.size === 0 ? undefined : this.#beside.get(keyOf(address));
    return older ? [...older, newest] : [newest];
  }

  /** Every connection that is, or is about to be, a device of an address. */
  claimants(address: DeviceAddress): Connection[] {
    return [...(this.#pendingLogins.get(keyOf(address)) ?? []), ...this.at(address)];
  }

  /** Its token is good, its login under way: the device of its address if there is none, else after {@link register}. */
  announce(connection: Connection, address: DeviceAddress): void {
    this.#forgetStranger(connection);
    if (!this.find(address)) {
      this.#set(address, connection);
      return;
    }
    const key = keyOf(address);
    this.#pendingLogins.set(key, [...(this.#pendingLogins.get(key) ?? []), connection]);
  }

  /** Makes the connection the device of its address, and returns the one that was. */
  register(connection: Connection, address: DeviceAddress): Connection | undefined {
    const before = this.find(address);
    this.#forgetPending(address, connection);
    if (before !== connection) this.#set(address, connection);
    return before === connection ? undefined : before;
  }

  /** The same where several may be in: those that were there stay. */
  registerBeside(connection: Connection, address: DeviceAddress): void {
    const before = this.register(connection, address);
    if (!before) return;
    const key = keyOf(address);
    // It may stand there already: announced as the first, and overtaken by the login of another one.
    const older = this.#beside.get(key)?.filter((other) => other !== connection) ?? [];
    this.#beside.set(key, [...older, before]);
  }

  /** True when the address has no device any more, and its route must go: no login has taken over or is about to. */
  unregister(connection: Connection): boolean {
    const address = connection.login?.address;
    if (!address) return false;
    this.#forgetPending(address, connection);
    const isNewest = this.find(address) === connection;
    if (this.#beside.size > 0 && this.#hasOthers(connection, address, isNewest)) return false;
    if (!isNewest) return false;
    const [next] = this.#pendingLogins.get(keyOf(address)) ?? [];
    if (next) {
      this.register(next, address);
      return false;
    }
    this.#byTerminal.get(address.terminal)?.delete(address.id);
    return true;
  }

  countByTerminal(): Map<number, number> {
    const counts = new Map(Array.from(this.#byTerminal, ([terminal, { size }]) => [terminal, size]));
    for (const connections of this.#beside.values()) {
      for (const { login } of connections) {
        const terminal = login?.address.terminal ?? 0;
        counts.set(terminal, (counts.get(terminal) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** Each once. */
  addresses(): DeviceAddress[] {
    const addresses: DeviceAddress[] = [];
    for (const connections of this.#byTerminal.values()) {
      for (const { login } of connections.values()) if (login) addresses.push(login.address);
    }
    return addresses;
  }

  #set({ id, terminal }: DeviceAddress, connection: Connection): void {
    const connections = this.#byTerminal.get(terminal);
    if (connections) connections.set(id, connection);
    else this.#byTerminal.set(terminal, new Map([[id, connection]]));
  }

  /** Takes it out from among several; true when there are others. */
  #hasOthers(connection: Connection, address: DeviceAddress, isNewest: boolean): boolean {
    const key = keyOf(address);
    const older = this.#beside.get(key)?.filter((other) => other !== connection);
    const next = isNewest ? older?.pop() : undefined;
    if (next) this.#set(address, next);
    if (older && older.length > 0) this.#beside.set(key, older);
    else this.#beside.delete(key);
    return next !== undefined;
  }

  #forgetPending(address: DeviceAddress, connection: Connection): void {
    if (this.#pendingLogins.size === 0) return;
    const key = keyOf(address);
    const others = this.#pendingLogins.get(key)?.filter((other) => other !== connection) ?? [];
    if (others.length > 0) this.#pendingLogins.set(key, others);
    else this.#pendingLogins.delete(key);
  }

  #forgetStranger(connection: Connection): void {
    if (this.#strangers.delete(connection))
      this.#strangersPerRemoteAddress.remove(connection.link.remoteAddress);
  }
}

function keyOf({ id, terminal }: DeviceAddress): string {
  return addressKey(id, terminal);
}
