import { addressKey, type DeviceAddress } from 'im-common';
import type { TopicsOfUser } from 'im-common/bus';
import type { Connection } from '../device/connection.ts';

/** Who is logged in here. */
export interface DevicesHere {
  /** Some address has several sessions. */
  readonly hasSeveral: boolean;
  find(address: DeviceAddress): Connection | undefined;
  at(address: DeviceAddress): readonly Connection[];
}

interface Departed {
  readonly address: DeviceAddress;
  /** On the monotonic clock. */
  readonly until: number;
}

/** A user with devices here, or with one that has just left. */
class UserHere {
  /** Topic → the number of the last change that is known: negative when it took the user out. */
  topics: Map<string, number> | undefined;
  readonly connections: Connection[];
  /** Devices that have left without a goodbye, and are probably on their way. */
  departed: Map<string, Departed> | undefined;

  constructor(connections: Connection[]) {
    this.connections = connections;
  }
}

/** Which of the users who are connected here are in which topics. */
export class TopicTable {
  /** Most are in no topic, and here with one device: they are that. */
  readonly #users = new Map<string, UserHere | Connection>();
  readonly #members = new Map<string, Set<UserHere>>();
  /** Users with devices that have just left. */
  readonly #departing = new Set<string>();

  /** Its login is under way: changes that come meanwhile must find it. */
  enter(connection: Connection, userId: string): void {
    if (!this.#users.has(userId)) this.#users.set(userId, connection);
    else if (!this.#isHere(connection, userId)) this.#inFull(userId)?.connections.push(connection);
  }

  /** What the bus said of the user. `round`: from now on it is found here. */
  learn(connection: Connection, userId: string, topics: TopicsOfUser, round: number): void {
    if (!this.#isHere(connection, userId)) return;
    connection.isMemberSince = round;
    for (const [topic, number] of topics) this.join(userId, topic, number);
  }

  /** With `graceMs` the device is probably on its way to another server, or back here. */
  leave(connection: Connection, address: DeviceAddress, graceMs: number, now: number): void {
    const user = this.#users.get(address.id);
    if (!user || !this.#isHere(connection, address.id)) return;
    connection.isMemberSince = undefined;
    if (!(user instanceof UserHere)) {
      this.#users.delete(address.id);
      return;
    }
    user.connections.splice(user.connections.indexOf(connection), 1);
    if (graceMs > 0 && user.topics) {
      user.departed ??= new Map();
      user.departed.set(keyOf(address), { address, until: now + graceMs });
      this.#departing.add(address.id);
    }
    this.#forgetIfGone(address.id, user);
  }

  /** False when the user is not here, or a later change is known. */
  join(userId: string, topic: string, number: number): boolean {
    const user = this.#inFull(userId);
    if (!user || Math.abs(user.topics?.get(topic) ?? 0) > number) return false;
    user.topics ??= new Map();
    user.topics.set(topic, number);
    const members = this.#members.get(topic);
    if (members) members.add(user);
    else this.#members.set(topic, new Set([user]));
    return true;
  }

  part(userId: string, topic: string, number: number): void {
    const user = this.#inFull(userId);
    if (!user || Math.abs(user.topics?.get(topic) ?? 0) > number) return;
    user.topics ??= new Map();
    user.topics.set(topic, -number);
    this.#forgetMember(topic, user);
  }

  isIn(userId: string, topic: string): boolean {
    return (this.topicsOf(userId).get(topic) ?? 0) > 0;
  }

  /** What is known of a user who is or was here: topic → number of the change, negative when it took the user out. */
  topicsOf(userId: string): TopicsOfUser {
    const user = this.#users.get(userId);
    return (user instanceof UserHere ? user.topics : undefined) ?? none;
  }

  connectionsOf(userId: string): Iterable<Connection> {
    const user = this.#users.get(userId);
    if (user instanceof UserHere) return [...user.connections];
    return user ? [user] : [];
  }

  /** Topics with members here, and how many users are in any. */
  counts(): { readonly topics: number; readonly members: number } {
    let members = 0;
    for (const [, topics] of this.users()) if (isInAny(topics)) members += 1;
    return { topics: this.#members.size, members };
  }

  has(topic: string): boolean {
    return this.#members.has(topic);
  }

  /** Topics with members here. */
  get topics(): Iterable<string> {
    return this.#members.keys();
  }

  /** Users who are here, with what they are in. */
  *users(): Iterable<readonly [string, TopicsOfUser]> {
    for (const userId of this.#users.keys()) yield [userId, this.topicsOf(userId)];
  }

  /** Devices of members, those that have just left among them. `here`: who is the device of an address now. */
  membersOf(topic: string, wants: (address: DeviceAddress) => boolean, here: DevicesHere): DeviceAddress[] {
    const addresses: DeviceAddress[] = [];
    for (const { connections, departed } of this.#members.get(topic) ?? []) {
      for (const connection of connections) {
        const address = connection.login?.address;
        if (!address || connection.isMemberSince === undefined || !wants(address)) continue;
        if (here.find(address) === connection) addresses.push(address);
        else if (here.hasSeveral && isFirstFound(here.at(address), connection)) addresses.push(address);
      }
      if (!departed) continue;
      for (const { address } of departed.values()) {
        if (wants(address) && !here.find(address)) addresses.push(address);
      }
    }
    return addresses;
  }

  get areAnyDeparting(): boolean {
    return this.#departing.size > 0;
  }

  /** Forgets devices that left too long ago to be on their way. */
  sweep(now: number): void {
    for (const userId of this.#departing) {
      const user = this.#inFull(userId);
      for (const [key, { until }] of user?.departed ?? []) if (until <= now) user?.departed?.delete(key);
      if (user?.departed?.size) continue;
      if (user) user.departed = undefined;
      this.#departing.delete(userId);
      if (user) this.#forgetIfGone(userId, user);
    }
  }

  #isHere(connection: Connection, userId: string): boolean {
    const user = this.#users.get(userId);
    return user instanceof UserHere ? user.connections.includes(connection) : user === connection;
  }

  /** With room for more than one device. */
  #inFull(userId: string): UserHere | undefined {
    const user = this.#users.get(userId);
    if (!user || user instanceof UserHere) return user;
    const full = new UserHere([user]);
    this.#users.set(userId, full);
    return full;
  }

  #forgetIfGone(userId: string, user: UserHere): void {
    if (user.connections.length > 0 || user.departed?.size) return;
    this.#users.delete(userId);
    for (const [topic, number] of user.topics ?? none) if (number > 0) this.#forgetMember(topic, user);
  }

  #forgetMember(topic: string, user: UserHere): void {
    const members = this.#members.get(topic);
    members?.delete(user);
    if (members?.size === 0) this.#members.delete(topic);
  }
}

function isInAny(topics: TopicsOfUser): boolean {
  for (const number of topics.values()) if (number > 0) return true;
  return false;
}

const none: TopicsOfUser = new Map();

/** Of several sessions: while the newest is not found yet, the first that is speaks for all. */
function isFirstFound(several: readonly Connection[], connection: Connection): boolean {
  const isFound = (one: Connection | undefined): boolean => one?.isMemberSince !== undefined;
  return !isFound(several.at(-1)) && several.find(isFound) === connection;
}

function keyOf({ id, terminal }: DeviceAddress): string {
  return addressKey(id, terminal);
}
