import { setTimeout as sleep } from 'node:timers/promises';
import { addressKey, type DeviceAddress } from 'im-common';
import type { Bus, TopicsOfUser } from 'im-common/bus';
import type { Entry, EntryExtras } from 'im-common/internal/bus';
import type { Connection } from '../device/connection.ts';
import type { TopicsLogin } from '../device/login-deps.ts';
import type { Devices } from '../device/devices.ts';
import type { ServerMetrics } from '../metrics/metrics.ts';
import { readPositions } from './positions.ts';
import { RecentMessages } from './recent-messages.ts';
import { Recoveries } from './recoveries.ts';
import { ToldTopics } from './told-topics.ts';
import { TopicTable, type DevicesHere } from './topic-table.ts';

export interface TopicsDeps {
  readonly bus: Bus;
  readonly devices: Devices;
  readonly serverId: () => number;
  readonly metrics: ServerMetrics;
}

const membersPerCall = 500;
const lookMs = 50;

/** What this server knows of topics (P-13): which of its devices get what is sent to one. */
export class Topics {
  readonly #deps: TopicsDeps;
  readonly #table = new TopicTable();
  readonly #told: ToldTopics;
  readonly #recent = new RecentMessages();
  readonly #recoveries: Recoveries;
  /** One more with each message to a topic: who came when, and what was before that. */
  #round = 0;

  constructor(deps: TopicsDeps) {
    this.#deps = deps;
    this.#told = new ToldTopics(deps.bus.topics, deps.serverId);
    const { bus, metrics } = deps;
    this.#recoveries = new Recoveries({ history: bus.topics.history, metrics });
    metrics.readTopics = () => this.#table.counts();
  }

  /** Before the route points here: changes of what its user is in may come as soon as it does. */
  expect(connection: Connection, { id }: DeviceAddress): void {
    this.#table.enter(connection, id);
  }

  /** After the route points here, and before the login is answered: a change of a topic either finds the route, or is read here. */
  enter(login: TopicsLogin): Promise<void> | undefined {
    const { address, asked, connection, mayHaveTopics } = login;
    if (mayHaveTopics || asked !== undefined || this.#table.topicsOf(address.id).size > 0)
      return this.#enter(login);
    // Most are in none, and nothing need be waited for.
    this.#table.learn(connection, address.id, none, this.#round);
    return undefined;
  }

  async #enter({ address, asked, connection, mayHaveTopics }: TopicsLogin): Promise<void> {
    const { id } = address;
    const [topics = none] = mayHaveTopics ? await this.#deps.bus.topics.of([id]) : [];
    const tells = Array.from(topics.keys(), async (topic) => this.#told.tell(topic));
    await Promise.all([...tells, this.#review(id, topics)]);
    this.#table.learn(connection, id, topics, this.#round);
    const positions = readPositions(asked);
    if (!positions || connection.isMemberSince === undefined) return;
    await this.#recoveries.read(connection, address, positions, this.#table.topicsOf(id));
  }

  /** Its login is answered: it is given what it missed, before all that has come for it since. */
  giveMissed(connection: Connection, address: DeviceAddress): void {
    if (!this.#recoveries.isNeeded) return;
    this.#recoveries.give(connection, address, topicsIn(this.#table.topicsOf(address.id)));
  }

  /** A device has proved a message. */
  onProof({ extras }: Entry, address: DeviceAddress): void {
    if (!this.#recoveries.isNeeded) return;
    const { epoch, number, topic } = extras ?? {};
    // Which of several it was is not known: they are given more again than they need.
    const [connection, another] = this.#deps.devices.at(address);
    if (!connection || another) return;
    if (topic === undefined || number === undefined || epoch === undefined) return;
    this.#recoveries.onProof(connection, topic, { epoch, number });
  }

  /** It takes no more messages. With `graceMs` its device is probably on its way to a server. */
  leave(connection: Connection, address: DeviceAddress, graceMs: number): void {
    this.#recoveries.leave(connection);
    this.#table.leave(connection, address, graceMs, performance.now());
  }

  /** Carries out an order that changes a topic; true when the entry is one. */
  apply({ topic, joins, leaves, change = 0, toldAt }: EntryExtras): boolean {
    if (topic === undefined || (!joins && !leaves)) return false;
    if (toldAt !== undefined) this.#told.wasTold(topic, toldAt);
    for (const userId of joins ?? []) this.#change(userId, topic, change, true);
    for (const userId of leaves ?? []) this.#change(userId, topic, change, false);
    return true;
  }

  #change(userId: string, topic: string, change: number, isIn: boolean): void {
    const wasIn = this.#table.isIn(userId, topic);
    if (isIn) this.#table.join(userId, topic, change);
    else this.#table.part(userId, topic, change);
    if (!this.#recoveries.isNeeded || this.#table.isIn(userId, topic) === wasIn) return;
    for (const connection of this.#table.connectionsOf(userId))
      this.#recoveries.tellChange(connection, topic, isIn);
  }

  /** Who is to get an entry that names a topic. */
  receiversOf(message: TopicMessage): readonly DeviceAddress[] {
    const { entry } = message;
    if (entry.everyoneOn) return this.#members(entry, entry.extras?.topic ?? '');
    return entry.receivers.filter((address) => this.isFor(message, address));
  }

  /**
   * Whether a device gets a message that was sent after it, or that waited for it. Of one that is not here, or logging in, it is
   * not known yet: what it is given waits, and this is asked again.
   */
  isFor({ entry, seq }: TopicMessage, address: DeviceAddress): boolean {
    const { attempt, everyoneOn, extras: { number, topic = '' } = {}, messageId } = entry;
    const isIn = this.#table.isIn(address.id, topic);
    // A copy for a sender's device: as a member it gets one anyway.
    if (!everyoneOn && attempt === 1) return !isIn;
    const connection = this.#deps.devices.find(address);
    const since = connection?.isMemberSince;
    if (!connection || since === undefined) return true;
    if (number !== undefined && this.#hasHad(address, topic, number)) return false;
    const round = messageId === undefined ? undefined : this.#recent.roundOf(messageId);
    // It was here as a member when this server's own entry was taken.
    if (round !== undefined && since < round) return everyoneOn !== undefined;
    // The server that sent it here has not heard who was taken out since the device left.
    return isIn && (messageId === undefined || this.#recent.give(messageId, address, seq, performance.now()));
  }

  /** The device was here as a member when this server's own entry was taken, and is one of several that an entry of another server is for. */
  hasHad({ entry }: TopicMessage, connection: Connection): boolean {
    const { everyoneOn, extras, messageId } = entry;
    if (extras?.topic === undefined || everyoneOn || messageId === undefined) return false;
    const since = connection.isMemberSince ?? Infinity;
    return since < (this.#recent.roundOf(messageId) ?? -Infinity);
  }

  /** The same for what this server leaves to others: those of its members that are on their way. */
  leftMembers({ extras, everyoneOn = [] }: Entry): DeviceAddress[] {
    const topic = extras?.topic;
    if (topic === undefined) return [];
    return this.#table.membersOf(topic, wanted(everyoneOn, extras?.except), nobody);
  }

  /**
   * Resolves when no device of a member is on its way from here any more: until then senders may know nobody but this server for it, and
   * what they send is sent after it.
   */
  async whenNoneDeparts(atOnce: AbortSignal): Promise<void> {
    while (this.#table.areAnyDeparting && !atOnce.aborted) await sleep(lookMs);
  }

  tidy(now: number): void {
    this.#table.sweep(now);
    this.#recent.sweep(now);
    this.#recoveries.tellPositions();
    this.#told.leaveWhere((topic) => !this.#table.has(topic), now);
  }

  /**
   * Says everything again: the bus may have lost it. Whom a later change has taken out, without an order that came here, is let go; what
   * users have come into meanwhile is learned.
   */
  async refresh(): Promise<void> {
    const { bus } = this.#deps;
    const byTopic = new Map<string, { userId: string; number: number }[]>();
    const userIds: string[] = [];
    for (const [userId, topics] of this.#table.users()) {
      userIds.push(userId);
      for (const [topic, number] of topics) {
        if (number <= 0) continue;
        const members = byTopic.get(topic);
        if (members) members.push({ userId, number });
        else byTopic.set(topic, [{ userId, number }]);
      }
    }
    await Promise.all(Array.from(byTopic.keys(), (topic) => this.#told.tellAgain(topic)));
    for (const [topic, members] of byTopic) {
      const { left } = await bus.topics.restore(topic, members);
      const gone = new Map(members.map(({ userId, number }) => [userId, number]));
      for (const userId of left) this.#table.part(userId, topic, gone.get(userId) ?? 0);
    }
    for (let first = 0; first < userIds.length; first += membersPerCall) {
      const some = userIds.slice(first, first + membersPerCall);
      const found = await bus.topics.of(some);
      for (const [index, userId] of some.entries()) {
        for (const [topic, number] of found[index] ?? none) {
          if (this.#table.join(userId, topic, number)) await this.#told.tell(topic);
        }
      }
    }
  }

  /** The server has another id, or none: nobody was told of that one. */
  forget(): void {
    this.#told.forget();
  }

  /** Of several devices at an address one that has had it knows it by its id. */
  #hasHad(address: DeviceAddress, topic: string, number: number): boolean {
    const here = this.#deps.devices.at(address);
    return here.length > 0 && here.every((each) => this.#recoveries.hasHad(each, topic, number));
  }

  #members({ messageId, everyoneOn = [], extras }: Entry, topic: string): DeviceAddress[] {
    const { devices, metrics } = this.#deps;
    this.#round += 1;
    const wants = wanted(everyoneOn, extras?.except);
    let addresses = this.#table.membersOf(topic, wants, devices);
    const number = extras?.number;
    if (number !== undefined && this.#recoveries.isNeeded)
      addresses = addresses.filter((address) => !this.#hasHad(address, topic, number));
    metrics.topicEntry();
    if (messageId === undefined) return addresses;
    const given = this.#recent.onMembers(messageId, this.#round, performance.now());
    return given ? addresses.filter(({ id, terminal }) => !given.has(addressKey(id, terminal))) : addresses;
  }

  /** A user who was here before, or is with another device, may have been taken out while no order could find this server. */
  async #review(userId: string, topics: TopicsOfUser): Promise<void> {
    for (const [topic, number] of this.#table.topicsOf(userId)) {
      if (number <= 0 || topics.has(topic)) continue;
      const { left } = await this.#deps.bus.topics.restore(topic, [{ userId, number }]);
      if (left.includes(userId)) this.#table.part(userId, topic, number);
    }
  }
}

/** An entry, and its place on this server's list. */
export interface TopicMessage {
  readonly entry: Entry;
  readonly seq: number;
}

const nobody: DevicesHere = { hasSeveral: false, find: () => undefined, at: () => [] };
function topicsIn(topics: TopicsOfUser): string[] {
  return Array.from(topics).flatMap(([topic, number]) => (number > 0 ? [topic] : []));
}

const none: TopicsOfUser = new Map();

function wanted(
  terminals: readonly number[],
  except: readonly string[] = [],
): (address: DeviceAddress) => boolean {
  if (except.length === 0) return ({ terminal }) => terminals.includes(terminal);
  const left = new Set(except);
  return ({ id, terminal }) => terminals.includes(terminal) && !left.has(addressKey(id, terminal));
}
