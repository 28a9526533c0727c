import {
  leftKeptMs,
  mostTopicsOfUser,
  toldMs,
  type KnownMember,
  type MembersPage,
  type Restored,
  type TopicChange,
  type Topics,
  type TopicsOfUser,
} from '../topics.ts';
import type { Calls } from './calls.ts';
import { ExpiringMap } from './expiring-map.ts';
import { MemoryTopicHistory } from './memory-topic-history.ts';

export class MemoryTopics implements Topics {
  readonly history: MemoryTopicHistory;
  readonly #calls: Calls;
  readonly #now: () => number;
  readonly #members = new Map<string, Set<string>>();
  readonly #of = new Map<string, Map<string, number>>();
  /** By user and topic: the number of the change that took the user out. */
  readonly #left: ExpiringMap<number>;
  /** By topic and server: when it was told. */
  readonly #told = new Map<string, Map<number, number>>();
  #lastNumber = 0;
  #lastTold = 0;

  constructor(calls: Calls, now: () => number) {
    this.#calls = calls;
    this.#now = now;
    this.#left = new ExpiringMap(now);
    this.history = new MemoryTopicHistory({
      ...{ calls, now, nextNumber: () => this.#nextNumber() },
      servers: (topic) => this.#serversOf(topic),
    });
  }

  add(topic: string, userIds: readonly string[]): Promise<TopicChange> {
    return this.#calls.answer(() => {
      const number = this.#nextNumber();
      const refused = userIds.filter((userId) => !this.#put(topic, userId, number));
      return { number, refused };
    });
  }

  remove(topic: string, userIds: readonly string[]): Promise<TopicChange> {
    return this.#calls.answer(() => {
      const number = this.#nextNumber();
      for (const userId of userIds) this.#take(topic, userId, number);
      return { number, refused: [] };
    });
  }

  isInAny(userId: string): boolean {
    return (this.#of.get(userId)?.size ?? 0) > 0;
  }

  of(userIds: readonly string[]): Promise<TopicsOfUser[]> {
    return this.#calls.answer(() => userIds.map((userId) => new Map(this.#of.get(userId))));
  }

  members(topic: string): Promise<MembersPage> {
    return this.#calls.answer(() => ({ userIds: [...(this.#members.get(topic) ?? [])], next: undefined }));
  }

  tell(topic: string, serverIds: readonly number[]): Promise<number> {
    return this.#calls.answer(() => {
      const told = this.#told.get(topic) ?? new Map<number, number>();
      this.#told.set(topic, told);
      this.#lastTold = Math.max(this.#lastTold + 1, Math.floor(this.#now()));
      for (const serverId of serverIds) told.set(serverId, this.#lastTold);
      return this.#lastTold;
    });
  }

  leave(topic: string, serverId: number, toldAt: number): Promise<void> {
    return this.#calls.answer(() => {
      const told = this.#told.get(topic);
      if ((told?.get(serverId) ?? Infinity) > toldAt) return;
      told?.delete(serverId);
      if (told?.size === 0) this.#told.delete(topic);
    });
  }

  servers(topic: string): Promise<number[]> {
    return this.#calls.answer(() => this.#serversOf(topic));
  }

  restore(topic: string, members: readonly KnownMember[]): Promise<Restored> {
    return this.#calls.answer(() => ({
      left: members.flatMap(({ userId, number }) => {
        const now = this.#of.get(userId)?.get(topic) ?? 0;
        if (now >= number || this.#put(topic, userId, number)) return [];
        return [userId];
      }),
    }));
  }

  /** Of changes and of kept messages: microseconds of the clock, as with Redis. */
  #nextNumber(): number {
    this.#lastNumber = Math.max(this.#lastNumber + 1, Math.floor(this.#now() * 1_000));
    return this.#lastNumber;
  }

  #serversOf(topic: string): number[] {
    const oldest = this.#now() - toldMs;
    return [...(this.#told.get(topic) ?? [])].flatMap(([id, at]) => (at > oldest ? [id] : []));
  }

  #put(topic: string, userId: string, number: number): boolean {
    if ((this.#left.get(leftKey(topic, userId)) ?? 0) > number) return false;
    const topics = this.#of.get(userId) ?? new Map<string, number>();
    if (!topics.has(topic) && topics.size >= mostTopicsOfUser) return false;
    topics.set(topic, number);
    this.#of.set(userId, topics);
    this.#left.delete(leftKey(topic, userId));
    const members = this.#members.get(topic);
    if (members) members.add(userId);
    else this.#members.set(topic, new Set([userId]));
    return true;
  }

  #take(topic: string, userId: string, number: number): void {
    const topics = this.#of.get(userId);
    topics?.delete(topic);
    if (topics?.size === 0) this.#of.delete(userId);
    this.#left.set(leftKey(topic, userId), number, leftKeptMs);
    const members = this.#members.get(topic);
    members?.delete(userId);
    if (members?.size === 0) this.#members.delete(topic);
  }
}

function leftKey(topic: string, userId: string): string {
  return `${userId} ${topic}`;
}
