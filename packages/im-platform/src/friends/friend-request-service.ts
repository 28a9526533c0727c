import { Terminal } from 'im-client';
import type { Database, Sql } from '../db/database.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { say, type Language } from '../http/texts.ts';
import type { Limiter } from '../limits/limiter.ts';
import type { PrivateMessageLog } from '../messages/private/private-log.ts';
import { refuseBlocked } from '../privacy/who-may.ts';
import { lockPair } from '../privacy/pair.ts';
import type { PrivateEvents } from '../push/private-events.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import { systemAccountId } from '../users/system-account.ts';
import { MessageType } from '../wire/message-type.ts';
import type { FriendService } from './friend-service.ts';
import type { FriendStore } from './friend-store.ts';
import type { Asked, FriendRequest, ShownRequest } from './friend-request.ts';
import type { FriendRequestStore } from './friend-request-store.ts';
import { requestNoticeOf, systemFriend, toFriendText } from './friend.ts';

export interface FriendRequestDeps {
  readonly database: Pick<Database, 'transaction'>;
  readonly requests: FriendRequestStore;
  readonly friends: FriendStore;
  /** Makes friends of those who both want it. */
  readonly service: Pick<FriendService, 'add' | 'asksFirst'>;
  readonly log: PrivateMessageLog;
  readonly events: Pick<PrivateEvents, 'push'>;
  readonly words: Pick<SensitiveWords, 'mask'>;
  /** Of one user, in a day. */
  readonly limit: Pick<Limiter, 'take'>;
  /** Of what the platform says. */
  readonly language: Language;
}

type NewRequest = Pick<FriendRequest, 'fromId' | 'toId' | 'text'>;

/** There is nothing to ask; thrown within the transaction that would. */
class NoNeedToAsk extends Error {
  readonly because: 'friends' | 'asked' | 'theyAsk';

  constructor(because: NoNeedToAsk['because']) {
    super(because);
    this.because = because;
  }
}

/**
 * Asking to be friends. Who is asked hears of it from the system account, as a message that box-im's pages show as any other; adding the one
 * who asks, there or at `/v1`, is the answer yes.
 */
export class FriendRequestService {
  readonly #deps: FriendRequestDeps;

  constructor(deps: FriendRequestDeps) {
    this.#deps = deps;
  }

  sentBy(userId: number, afterId: number, limit: number): Promise<ShownRequest[]> {
    return this.#deps.requests.sentBy(userId, afterId, limit);
  }

  receivedBy(userId: number, afterId: number, limit: number): Promise<ShownRequest[]> {
    return this.#deps.requests.receivedBy(userId, afterId, limit);
  }

  /** Both are friends if the other one asks as well, or if nobody need ask. Asked again it changes nothing. */
  async ask(caller: Caller, otherId: number, text = ''): Promise<Asked> {
    const { requests, service, words } = this.#deps;
    const { userId } = caller;
    if (otherId === userId) throw new Refusal('befriendSelf');
    if (!(await service.asksFirst(otherId)) || (await requests.isOpen(otherId, userId)))
      return this.#befriend(caller, otherId);
    const request = { fromId: userId, toId: otherId, text: words.mask(text) };
    try {
      if (await requests.hasAsked(userId, otherId)) await this.#askAgain(request);
      else await this.#askFirst(request);
    } catch (error) {
      if (!(error instanceof NoNeedToAsk)) throw error;
      if (error.because !== 'asked') return this.#befriend(caller, otherId);
    }
    return 'asked';
  }

  decline({ userId }: Caller, fromId: number): Promise<void> {
    return this.#deps.requests.decline(fromId, userId);
  }

  withdraw({ userId }: Caller, toId: number): Promise<void> {
    return this.#deps.requests.withdraw(userId, toId);
  }

  async #befriend(caller: Caller, otherId: number): Promise<Asked> {
    await this.#deps.service.add(caller, otherId);
    return 'friends';
  }

  async #askAgain(request: NewRequest): Promise<void> {
    await this.#deps.database.transaction(async (sql) => {
      await this.#judge(sql, request);
      await this.#deps.requests.putBack(sql, request);
    });
  }

  /** The request is stored with the message that tells of it. */
  async #askFirst(request: NewRequest): Promise<void> {
    const { log, events, limit, requests, language } = this.#deps;
    const { fromId, toId } = request;
    const { isWithin, waitS } = await limit.take(String(fromId));
    if (!isWithin) throw new Refusal('tooManyFriendRequests', { code: 429, retryAfterS: waitS });
    await log.announce({
      draft: {
        ...{ sendId: systemAccountId, terminal: Terminal.UNKNOWN, recvId: toId, pushTo: [toId] },
        ...{ type: MessageType.TEXT, content: '', needsFriendship: false },
        dedupeKey: `${requestNoticeOf(fromId)}${Date.now()}`,
      },
      cause: async (sql) => {
        await this.#judge(sql, request);
        if (!(await requests.put(sql, request))) throw new NoNeedToAsk('asked');
        return { draft: { content: await this.#told(sql, request) } };
      },
      // The page keeps a chat of somebody unknown nameless and hidden (contract 0.1.10).
      ahead: () =>
        events.push({
          ...{ type: MessageType.FRIEND_NEW, sendId: systemAccountId, recvId: toId },
          content: toFriendText(systemFriend(toId, language)),
        }),
    });
  }

  /** Refuses what is not wanted, and what need not be asked. */
  async #judge(sql: Sql, { fromId, toId }: NewRequest): Promise<void> {
    const { friends, requests } = this.#deps;
    await lockPair(sql, fromId, toId);
    await refuseBlocked(sql, fromId, toId);
    const friendship = await friends.friendship(fromId, toId, sql);
    if (friendship.every((friend) => friend?.deleted === 0)) throw new NoNeedToAsk('friends');
    if (await requests.isOpen(toId, fromId, sql)) throw new NoNeedToAsk('theyAsk');
  }

  /** What the other one is to read. */
  async #told(sql: Sql, { fromId, text }: NewRequest): Promise<string> {
    const { friends, language } = this.#deps;
    const nick = await friends.nickNameOf(sql, fromId);
    return text === ''
      ? say('tipAsksToBeFriends', language, { nick })
      : say('tipAsksWithWords', language, { nick, text });
  }
}
