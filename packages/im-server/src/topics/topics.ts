import { setTimeout as sleep } from 'node:timers/promises';
import { addressKey, type DeviceAddress, type Logger } from 'im-common';
import type { Bus, TopicsOfUser } from 'im-common/bus';
import type { Entry, EntryExtras } from 'im-common/internal/bus';
import type { Connection } from '../device/connection.ts';
import type { Devices } from '../device/devices.ts';
import { RecentMessages } from './recent-messages.ts';
import { ToldTopics } from './told-topics.ts';
import { TopicTable, type DevicesHere } from './topic-table.ts';

export interface TopicsDeps {
  readonly bus: Bus;
  readonly devices: Devices;
  readonly serverId: () => number;
  readonly logger: Logger;
}

const membersPerCall = 500;
const lookMs = 50;

/** What this server knows of topics (P-13): which of its devices get what is sent to one. */
export class Topics {
  readonly #deps: TopicsDeps;
  readonly #table = new TopicTable();
  readonly #told: ToldTopics;
  readonly #recent = new RecentMessages();
  /** One more with each message to a topic: who came when, and what was before that. */
  #round = 0;

  constructor(deps: TopicsDeps) {
    this.#deps = deps;
    this.#told = new ToldTopics(deps.bus.topics, deps.serverId);
  }

  /**
   * After the route points here, and before the login is answered: whoever changes a topic either finds the route, or is read here.
   */
  async enter(connection: Connection, { id }: DeviceAddress): Promise<void> {
    this.#table.enter(connection, id);
    const [topics = none] = await this.#deps.bus.topics.of([id]);
    const tells = Array.from(topics.keys(), async (topic) => this.#told.tell(topic));
    await Promise.all([...tells, this.#review(id, topics)]);
    this.#table.learn(connection, id, topics, this.#round);
  }

  /** It takes no more messages. With `graceMs` its device is probably on its way to a server. */
  leave(connection: Connection, address: DeviceAddress, graceMs: number): void {
    this.#table.leave(connection, address, graceMs, performance.now());
  }

  /** An order of somebody who has changed a topic; true when the entry is one. */
  obey({ topic, joins, leaves, change = 0, toldAt }: EntryExtras): boolean {
    if (topic === undefined || (!joins && !leaves)) return false;
    if (toldAt !== undefined) this.#told.wasTold(topic, toldAt);
    for (const userId of joins ?? []) this.#table.join(userId, topic, change);
    for (const userId of leaves ?? []) this.#table.part(userId, topic, change);
    return true;
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
    const { attempt, everyoneOn, extras: { topic = '' } = {}, messageId } = entry;
    const isIn = this.#table.isIn(address.id, topic);
    // A copy for a sender's device: as a member it gets one anyway.
    if (!everyoneOn && attempt === 1) return !isIn;
    const connection = this.#deps.devices.find(address);
    const since = connection && this.#table.foundSince(connection, address.id);
    if (since === undefined || since === Infinity) return true;
    const round = messageId === undefined ? undefined : this.#recent.roundOf(messageId);
    // It was here as a member when this server's own entry was taken.
    if (round !== undefined && since < round) return everyoneOn !== undefined;
    // Whoever sent it here has not heard who was taken out since the device left.
    return isIn && (messageId === undefined || this.#recent.give(messageId, address, seq, performance.now()));
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

  #members({ messageId, everyoneOn = [], extras }: Entry, topic: string): DeviceAddress[] {
    const { devices } = this.#deps;
    this.#round += 1;
    const wants = wanted(everyoneOn, extras?.except);
    const addresses = this.#table.membersOf(topic, wants, devices);
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
const none: TopicsOfUser = new Map();

function wanted(
  terminals: readonly number[],
  except: readonly string[] = [],
): (address: DeviceAddress) => boolean {
  if (except.length === 0) return ({ terminal }) => terminals.includes(terminal);
  const left = new Set(except);
  return ({ id, terminal }) => terminals.includes(terminal) && !left.has(addressKey(id, terminal));
}
