import { Command, encodeFrame, type DeviceAddress } from 'im-common';
import type { ByteText, TopicHistory, TopicPosition, TopicsOfUser } from 'im-common/bus';
import type { Connection } from '../device/connection.ts';
import type { ServerMetrics } from '../metrics/metrics.ts';
import { writePositions, type DevicePosition, type Positions } from './positions.ts';
import { latestOf, ReplayedMessage } from './replayed-message.ts';

export interface RecoveriesDeps {
  readonly history: TopicHistory;
  readonly metrics: Pick<ServerMetrics, 'recovered' | 'toldToReload'>;
}

/** A topic, for a device that wants to miss nothing of it. */
interface Followed {
  readonly epoch: string;
  /** All that came after this … */
  readonly from: number;
  /** … and up to this it was given when it came. */
  readonly through: number;
  /** What it has. */
  at: number;
  /** As of its positions. */
  readonly floor: number;
}

interface Follower {
  readonly topics: Map<string, Followed>;
  /** Given, before anything else, when its login is answered. */
  missed: readonly ReplayedMessage[];
  reload: Map<string, DevicePosition>;
  /** Positions that it was not told of yet. */
  news: Map<string, DevicePosition>;
}

/** For one login, of all topics together; a device that missed more reloads what it sees. */
const mostBytes = 262_144;

/** Devices that tell at their login how far they have the messages of topics, and are given what they missed since. */
export class Recoveries {
  readonly #deps: RecoveriesDeps;
  readonly #followers = new Map<Connection, Follower>();

  constructor(deps: RecoveriesDeps) {
    this.#deps = deps;
  }

  /** After senders know that this server has members of these topics: what comes later comes over its list. */
  async read(
    connection: Connection,
    address: DeviceAddress,
    asked: Positions,
    topics: TopicsOfUser,
  ): Promise<void> {
    const follower: Follower = { topics: new Map(), missed: [], reload: new Map(), news: new Map() };
    this.#followers.set(connection, follower);
    const { history } = this.#deps;
    const all = Array.from(topics).map(async ([topic, joined]) => {
      if (joined <= 0) return { topic, from: 0, floor: 0, found: undefined };
      const position = asked.get(topic);
      // What was sent while the user was not in it is not for them; both numbers are of one clock.
      const from = position && position.number > joined ? position : undefined;
      const floor = Math.max(from?.floor ?? 0, joined);
      return { topic, from: from?.number ?? 0, floor, found: await history.since(topic, from) };
    });
    const missed: ReplayedMessage[] = [];
    let bytes = 0;
    for (const { topic, from, floor, found } of await Promise.all(all)) {
      if (!found) continue;
      const { position } = found;
      const messages = found.messages?.filter(({ number }) => number > floor);
      for (const { text } of messages ?? []) bytes += text.length;
      if (!messages || bytes > mostBytes) {
        follower.reload.set(topic, { ...position, floor: position.number });
        continue;
      }
      const { epoch, number: through } = position;
      follower.topics.set(topic, { epoch, from, through, at: from, floor });
      const onProof = (number: number): void => this.#reached(connection, topic, { epoch, number });
      for (const message of latestOf(messages.map((one) => new ReplayedMessage(one, onProof)))) {
        if (message.isFor(address)) missed.push(message);
      }
    }
    follower.missed = missed.toSorted((a, b) => a.number - b.number);
  }

  /** In the moment after the answer to its login. `topics`: those that its user is in. */
  give(connection: Connection, address: DeviceAddress, topics: readonly string[]): void {
    const follower = this.#followers.get(connection);
    if (!follower) return;
    const { missed, reload } = follower;
    follower.missed = [];
    follower.reload = new Map();
    const { metrics } = this.#deps;
    metrics.recovered(missed.length);
    metrics.toldToReload(reload.size);
    const data = { in: topics, ...(reload.size > 0 && { reload: writePositions(reload) }) };
    const frame = frameOf(data);
    connection.answer((framing) => framing.text(frame));
    for (const message of missed) connection.deliverNow(message, address);
  }

  /** The user came into a topic, or is out of one. */
  tellChange(connection: Connection, topic: string, isIn: boolean): void {
    const follower = this.#followers.get(connection);
    if (!follower) return;
    if (!isIn) {
      follower.topics.delete(topic);
      follower.news.delete(topic);
    }
    const frame = frameOf(isIn ? { joined: [topic] } : { left: [topic] });
    connection.tell((framing) => framing.text(frame));
  }

  /** It was given the message when it came. */
  hasHad(connection: Connection, topic: string, number: number): boolean {
    const followed = this.#followers.get(connection)?.topics.get(topic);
    return followed !== undefined && number > followed.from && number <= followed.through;
  }

  /** The device has a message. */
  onProof(connection: Connection, topic: string, position: TopicPosition): void {
    if (this.#followers.has(connection)) this.#reached(connection, topic, position);
  }

  leave(connection: Connection): void {
    this.#followers.delete(connection);
  }

  /** Now and then, as a device that does not know of its last messages yet is given them again, and knows them by their ids. */
  tellPositions(): void {
    for (const [connection, follower] of this.#followers) {
      if (follower.news.size === 0) continue;
      const frame = frameOf({ at: writePositions(follower.news) });
      if (connection.tell((framing) => framing.text(frame))) follower.news = new Map();
    }
  }

  get isNeeded(): boolean {
    return this.#followers.size > 0;
  }

  #reached(connection: Connection, topic: string, position: TopicPosition): void {
    const follower = this.#followers.get(connection);
    if (!follower) return;
    const { epoch, number } = position;
    const followed = follower.topics.get(topic);
    if (followed?.epoch === epoch && followed.at >= number) return;
    const floor = followed?.epoch === epoch ? followed.floor : number;
    if (followed?.epoch === epoch) followed.at = number;
    else follower.topics.set(topic, { epoch, from: 0, through: 0, at: number, floor });
    follower.news.set(topic, { epoch, number, floor });
  }
}

function frameOf(data: object): ByteText {
  return encodeFrame(Command.TOPICS, JSON.stringify(data)) as ByteText;
}
