import { Cluster } from 'ioredis';
import { gather } from '../gather.ts';
import type { KnownMember, MembersPage, Restored, TopicChange, Topics, TopicsOfUser } from '../topics.ts';
import { call, run } from './call.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import { RedisTopicHistory } from './redis-topic-history.ts';
import * as scripts from './topic-scripts.ts';

/** Redis does nothing else meanwhile. */
const usersPerCall = 500;
const topicsPerCall = 100;
const scanCount = 1_000;

interface Tell {
  readonly topic: string;
  readonly serverIds: readonly number[];
}

export class RedisTopics implements Topics {
  readonly history: RedisTopicHistory;
  readonly #client: RedisClient;
  readonly #keys: Keys;
  /** In a Cluster each user has a slot of its own. */
  readonly #perCommand: number;
  readonly #of: (userId: string) => Promise<TopicsOfUser>;
  readonly #tell: (tell: Tell) => Promise<number>;
  readonly #servers: (topic: string) => Promise<number[]>;

  constructor(client: RedisClient, keys: Keys) {
    this.#client = client;
    this.#keys = keys;
    this.history = new RedisTopicHistory(client, keys);
    const isCluster = client instanceof Cluster;
    this.#perCommand = isCluster ? 1 : usersPerCall;
    // A crowd that logs in asks in one turn, and so does one that sends.
    this.#of = gather((users) => this.#ofAll(users), { most: isCluster ? 1 : topicsPerCall });
    this.#tell = gather((tells) => this.#tellAll(tells), { most: isCluster ? 1 : topicsPerCall });
    this.#servers = gather((topics) => this.#serversOf(topics), { most: isCluster ? 1 : topicsPerCall });
  }

  async add(topic: string, userIds: readonly string[]): Promise<TopicChange> {
    const number = await this.#change(topic, 1, userIds);
    const known = userIds.map((userId) => ({ userId, number }));
    const answers = await this.#mark(topic, 1, known);
    const refused = userIds.filter((_, index) => answers[index] === 0);
    if (refused.length > 0) await this.#change(topic, 0, refused);
    return { number, refused };
  }

  async remove(topic: string, userIds: readonly string[]): Promise<TopicChange> {
    const number = await this.#change(topic, 0, userIds);
    await this.#mark(
      topic,
      0,
      userIds.map((userId) => ({ userId, number })),
    );
    return { number, refused: [] };
  }

  of(userIds: readonly string[]): Promise<TopicsOfUser[]> {
    return Promise.all(userIds.map((userId) => this.#of(userId)));
  }

  async members(topic: string, cursor = '0'): Promise<MembersPage> {
    const answer = await call(this.#client, 'sscan', [this.#keys.topic(topic), cursor, 'COUNT', scanCount]);
    const [next, userIds] = answer as [string, string[]];
    return { userIds, next: next === '0' ? undefined : next };
  }

  tell(topic: string, serverIds: readonly number[]): Promise<number> {
    return this.#tell({ topic, serverIds });
  }

  async leave(topic: string, serverId: number, toldAt: number): Promise<void> {
    await run(this.#client, scripts.leave, [this.#keys.topicServers(topic)], [serverId, toldAt]);
  }

  servers(topic: string): Promise<number[]> {
    return this.#servers(topic);
  }

  /** A change in between would not be known to be later: then the next time will do. */
  async restore(topic: string, members: readonly KnownMember[]): Promise<Restored> {
    const keys = [this.#keys.topic(topic), this.#keys.topicNumber(topic)];
    const left: string[] = [];
    for (let first = 0; first < members.length; first += usersPerCall) {
      const some = members.slice(first, first + usersPerCall);
      const number = (await call(this.#client, 'get', [this.#keys.topicNumber(topic)])) as string | null;
      const answers = await this.#mark(topic, 1, some);
      const standing = some.filter((_, index) => answers[index] === 1).map(({ userId }) => userId);
      left.push(...some.filter((_, index) => answers[index] === -1).map(({ userId }) => userId));
      if (standing.length > 0) await run(this.#client, scripts.restore, keys, [number ?? '', ...standing]);
    }
    return { left };
  }

  async #change(topic: string, isIn: 0 | 1, userIds: readonly string[]): Promise<number> {
    const keys = [this.#keys.topic(topic), this.#keys.topicNumber(topic)];
    return Number(await run(this.#client, scripts.change, keys, [isIn, ...userIds]));
  }

  async #mark(topic: string, isIn: 0 | 1, members: readonly KnownMember[]): Promise<number[]> {
    const calls: Promise<unknown>[] = [];
    for (let first = 0; first < members.length; first += this.#perCommand) {
      const some = members.slice(first, first + this.#perCommand);
      const keys = some.flatMap(({ userId }) => [this.#keys.topicsOf(userId), this.#keys.topicsLeft(userId)]);
      calls.push(run(this.#client, scripts.mark, keys, [topic, isIn, ...some.map(({ number }) => number)]));
    }
    return ((await Promise.all(calls)) as number[][]).flat();
  }

  async #ofAll(userIds: readonly string[]): Promise<TopicsOfUser[]> {
    const keys = userIds.map((userId) => this.#keys.topicsOf(userId));
    const answers = (await run(this.#client, scripts.of, keys, [])) as string[][];
    return answers.map((flat) => {
      const topics = new Map<string, number>();
      for (let i = 0; i + 1 < flat.length; i += 2) topics.set(flat[i] ?? '', Number(flat[i + 1]));
      return topics;
    });
  }

  async #tellAll(tells: readonly Tell[]): Promise<number[]> {
    const keys = tells.flatMap(({ topic }) => [
      this.#keys.topicServers(topic),
      this.#keys.topic(topic),
      this.#keys.topicNumber(topic),
    ]);
    const args = tells.map(({ serverIds }) => serverIds.join(' '));
    const at = Number(await run(this.#client, scripts.tell, keys, args));
    return tells.map(() => at);
  }

  async #serversOf(topics: readonly string[]): Promise<number[][]> {
    const keys = topics.map((topic) => this.#keys.topicServers(topic));
    const answers = (await run(this.#client, scripts.servers, keys, [])) as string[][];
    return answers.map((ids) => ids.map((id) => Number(id)));
  }
}
