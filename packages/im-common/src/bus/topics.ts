import type { TopicHistory } from './topic-history.ts';

/**
 * Named sets of users (PROTOCOL.md, P-13.1). Who is in a topic stands with the topic and with the user, which a bus need not be able to change in
 * one step: each change has a number, higher than those before it, and counts where no higher one is known.
 */
export interface Topics {
  readonly history: TopicHistory;

  /** Puts users into the topic. A user who is in {@link mostTopicsOfUser} of them is refused. */
  add(topic: string, userIds: readonly string[]): Promise<TopicChange>;

  remove(topic: string, userIds: readonly string[]): Promise<TopicChange>;

  /** What each user is in, in the order of the users, with the number of the change that put them there. */
  of(userIds: readonly string[]): Promise<TopicsOfUser[]>;

  /** Members, a page at a time, until `next` is undefined; one may come twice. */
  members(topic: string, cursor?: string): Promise<MembersPage>;

  /**
   * Says that servers have members of the topic. Holds for {@link toldMs}. Returns when that was, for {@link leave}.
   */
  tell(topic: string, serverIds: readonly number[]): Promise<number>;

  /** The server has no members any more. Without effect when it was told of again after `toldAt`. */
  leave(topic: string, serverId: number, toldAt: number): Promise<void>;

  /** Which servers have members. */
  servers(topic: string): Promise<number[]>;

  /**
   * Says again what a server knows of users: it may have been forgotten. Returns those whom a later change has taken out, or
   * of whom it is not certain now.
   */
  restore(topic: string, members: readonly KnownMember[]): Promise<Restored>;
}

export interface TopicChange {
  readonly number: number;
  /** Users who are in too many topics. */
  readonly refused: readonly string[];
}

export type TopicsOfUser = ReadonlyMap<string, number>;

export interface MembersPage {
  readonly userIds: readonly string[];
  readonly next: string | undefined;
}

export interface KnownMember {
  readonly userId: string;
  readonly number: number;
}

export interface Restored {
  /** A later change has taken them out. */
  readonly left: readonly string[];
}

/** What a login reads is bounded by it. */
export const mostTopicsOfUser = 1_000;
/** Servers say it again far more often. */
export const toldMs = 600_000;
/** So long after the last change, and after the last time that a member was online, a topic is forgotten. */
export const topicKeptMs: number = 90 * 86_400_000;
/** How long a change that comes late finds out that a later one has taken the user out. */
export const leftKeptMs = 3_600_000;

const topicForm = /^[\w:.@-]{1,128}$/;

export const topicNameForm = '1 to 128 characters out of A-Z a-z 0-9 _ : . @ -';

export function isTopicName(name: unknown): name is string {
  return typeof name === 'string' && topicForm.test(name);
}
