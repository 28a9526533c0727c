import { Terminal } from 'im-client';
import type { ConversationStore } from '../conversations/conversation-store.ts';
import type { Sql } from '../db/database.ts';
import { databaseOf } from '../db/errors-of.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import { NothingChanges, type Announcement } from '../message-log/entries.ts';
import { isOutage } from '../outage.ts';
import { refuseBlocked } from '../privacy/who-may.ts';
import { lockPair } from '../privacy/pair.ts';
import { systemAccountId } from '../users/system-account.ts';
import { MessageType } from '../wire/message-type.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import type { PrivateDraft, PrivateMessageLog } from '../messages/private/private-log.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import type { Caller } from '../http/caller.ts';
import type { FriendRequestStore } from './friend-request-store.ts';
import { muteFriend } from './mute-friend.ts';
import type { FriendStore, Friendship } from './friend-store.ts';
import { systemFriend, toFriendText, type Friend } from './friend.ts';

export interface FriendDeps {
  readonly friends: FriendStore;
  readonly requests: FriendRequestStore;
  /** Whether anybody is anybody's friend at once, or those only who both want it. */
  readonly friendship: 'request' | 'open';
  readonly conversations: Pick<ConversationStore, 'last'>;
  /** Friendships change within it alone, so they change one after the other over all instances. */
  readonly log: PrivateMessageLog;
  readonly events: Pick<PrivateEvents, 'push'>;
  /** Of the tips. */
  readonly language: Language;
}

/** Who may write to whom. */
export class FriendService {
  readonly #deps: FriendDeps;

  constructor(deps: FriendDeps) {
    this.#deps = deps;
  }

  /** Whether there are requests, which the system account tells of. */
  get #asksFirst(): boolean {
    return this.#deps.friendship === 'request';
  }

  /** Whether this one has to be asked, and to accept. A bot has nobody who would. */
  async asksFirst(friendId: number): Promise<boolean> {
    return this.#asksFirst && !(await this.#deps.friends.isBot(friendId));
  }

  /** Deleted ones too: the page leaves them out itself. And the system account, once it has said something. */
  async list(userId: number): Promise<Friend[]> {
    const { friends, conversations, language } = this.#deps;
    const own = await friends.listOf(userId);
    const told = conversationOf(systemAccountId, userId);
    // Friends are in the first database, and are listed also while the one of this conversation is away.
    const isTold = this.#asksFirst && (await conversations.last(told).catch(noneIfAway)) > 0;
    return isTold ? [...own, systemFriend(userId, language)] : own;
  }

  /** Those who are friends now, in the order of their ids, from the first after that one on. */
  page(userId: number, afterId: number, limit: number): Promise<Friend[]> {
    return this.#deps.friends.pageOf(userId, afterId, limit);
  }

  async find(userId: number, friendId: number): Promise<Friend> {
    const { friends, language } = this.#deps;
    if (friendId === systemAccountId && this.#asksFirst) return systemFriend(userId, language);
    const friend = await friends.find(userId, friendId);
    if (!friend) throw new Refusal('notYourFriend');
    return friend;
  }

  /** Both are friends from now on, and are told so; if need be, because the other one asks. The chat begins with a tip, once for each beginning. */
  async add({ userId }: Pick<Caller, 'userId'>, friendId: number): Promise<void> {
    return this.#add(userId, friendId, await this.asksFirst(friendId));
  }

  /** The same, where somebody else says for both that they want it. A block of one of them stands against it. */
  bringTogether(userId: number, friendId: number): Promise<void> {
    return this.#add(userId, friendId, false);
  }

  async #add(userId: number, friendId: number, needsRequest: boolean): Promise<void> {
    if (friendId === userId) throw new Refusal('befriendSelf');
    const { friends, language } = this.#deps;
    let friendship: Friendship = [undefined, undefined];
    await this.#change({
      draft: tip(userId, friendId, { content: say('nowFriends', language), pushTo: [friendId, userId] }),
      cause: async (sql) => {
        friendship = await friends.friendship(userId, friendId, sql);
        if (friendship.every((friend) => friend?.deleted === 0)) throw new NothingChanges();
        await this.#mustBeWanted(sql, userId, friendId, needsRequest);
        await friends.bind(sql, userId, friendId);
        friendship = await friends.friendship(userId, friendId, sql);
      },
      // The page keeps a chat that begins without it nameless and hidden (contract 0.1.10).
      ahead: () => this.#notifyNew(friendship),
    });
  }

  /** Ends it for both. The caller's own page has seen it, so only the other one gets the tip at once. */
  async delete({ userId }: Caller, friendId: number): Promise<void> {
    const { friends, language } = this.#deps;
    await this.#change({
      draft: tip(userId, friendId, { content: say('noLongerFriends', language), pushTo: [friendId] }),
      cause: async (sql) => {
        const [mine, theirs] = await friends.friendship(userId, friendId, sql);
        if (!mine) throw new Refusal('notYourFriend');
        if (mine.deleted === 1 && theirs?.deleted !== 0) throw new NothingChanges();
        await friends.unbind(sql, userId, friendId);
      },
      ahead: () => this.#notifyDeleted(userId, friendId),
    });
  }

  /** Refuses to befriend whom one has blocked, who has blocked one, and who does not ask. Whoever asked need not any more. */
  async #mustBeWanted(sql: Sql, userId: number, friendId: number, needsRequest: boolean): Promise<void> {
    const { requests } = this.#deps;
    await lockPair(sql, userId, friendId);
    await refuseBlocked(sql, userId, friendId);
    const isAsked = await requests.take(sql, friendId, userId);
    if (needsRequest && !isAsked) throw new Refusal('requestNeeded');
    await requests.forget(sql, userId, friendId);
  }

  setDnd(caller: Caller, friendId: number, isDnd: boolean): Promise<void> {
    return muteFriend(this.#deps, caller, friendId, isDnd);
  }

  /** A caller who changed nothing is told the state all the same: their page may have missed it. */
  async #change(entry: Announcement<PrivateDraft>): Promise<void> {
    try {
      await this.#deps.log.announce(entry);
    } catch (error) {
      if (!(error instanceof NothingChanges)) throw error;
      await entry.ahead?.();
    }
  }

  async #notifyNew(friendship: Friendship): Promise<void> {
    for (const friend of friendship) {
      if (!friend) continue;
      await this.#deps.events.push({
        type: MessageType.FRIEND_NEW,
        sendId: friend.friendId,
        recvId: friend.userId,
        content: toFriendText(friend),
      });
    }
  }

  async #notifyDeleted(one: number, other: number): Promise<void> {
    const type = MessageType.FRIEND_DEL;
    await this.#deps.events.push({ type, sendId: other, recvId: one });
    await this.#deps.events.push({ type, sendId: one, recvId: other });
  }
}

function noneIfAway(error: unknown): number {
  if (databaseOf(error) === undefined || !isOutage(error)) throw error;
  return 0;
}

/** A line in the chat of the two that nobody wrote. */
function tip(
  sendId: number,
  recvId: number,
  { content, pushTo }: { readonly content: string; readonly pushTo: readonly number[] },
): PrivateDraft {
  return {
    sendId,
    terminal: Terminal.UNKNOWN,
    recvId,
    type: MessageType.TIP_TEXT,
    content,
    needsFriendship: false,
    pushTo,
  };
}
