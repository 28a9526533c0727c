import { z } from 'zod';
import { readCursor, toPage, type Page } from '../api/cursor.ts';
import type { Database } from '../db/database.ts';
import { makeOnce } from '../db/make-once.ts';
import type { GroupStore } from '../groups/group-store.ts';
import type { Caller } from '../http/caller.ts';
import { Refusal } from '../http/refusal.ts';
import { readConversationId } from '../inbox/conversation-id.ts';
import type { InboxService } from '../inbox/inbox-service.ts';
import type { ShownMessage } from '../inbox/message-view.ts';
import { assertMay } from '../message-changes/who-may-change.ts';
import type { UserStore } from '../users/user-store.ts';
import type { Said, ScheduledMessage } from './scheduled-message.ts';
import type { ScheduledSender } from './scheduled-sender.ts';
import type { ScheduledStore } from './scheduled-store.ts';

export interface ScheduledDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly store: ScheduledStore;
  readonly sender: Pick<ScheduledSender, 'send'>;
  readonly users: Pick<UserStore, 'findForUpdate'>;
  readonly groups: Pick<GroupStore, 'findMine'>;
  readonly inbox: Pick<InboxService, 'assertSayable'>;
}

export interface Schedule {
  readonly said: Said;
  /** Epoch milliseconds. */
  readonly sendTime: number;
  readonly onceKey: string | undefined;
}

/** Absent: as it was. */
export type Change = { readonly [Name in keyof Said]?: Said[Name] | undefined } & {
  readonly sendTime?: number | undefined;
};

/** Of one user, those that failed among them. */
export const mostScheduled = 100;
export const furthestDays = 90;
const furthestMs = furthestDays * 86_400_000;

const listPlace = z.tuple([z.int(), z.int()]);

/** What people say later. Whether they may is looked at twice: now, so that they learn it, and when it is sent. */
export class ScheduledMessages {
  readonly #deps: ScheduledDeps;

  constructor(deps: ScheduledDeps) {
    this.#deps = deps;
  }

  async schedule(
    { userId }: Caller,
    id: string,
    { said, sendTime, onceKey }: Schedule,
  ): Promise<ScheduledMessage> {
    const { database, store, users, groups, inbox } = this.#deps;
    const conversation = readConversationId(id, userId);
    if (!conversation) throw new Refusal('conversationUnknown');
    inbox.assertSayable(said);
    assertAhead(sendTime);
    await assertMay(database.sql, groups, { userId, conversation, act: 'write' });
    const make = async (sql: Parameters<ScheduledStore['add']>[0]): Promise<number> => {
      // So that all of one moment are counted.
      await users.findForUpdate(sql, userId);
      if ((await store.count(sql, userId)) >= mostScheduled)
        throw new Refusal('tooManyScheduled', { values: { most: String(mostScheduled) } });
      return store.add(sql, { userId, conversation: conversation.id, said, sendTime });
    };
    const once = { userId, what: 'scheduled', asked: { id, said, sendTime } };
    const made =
      onceKey === undefined
        ? await database.transaction(make)
        : (
            await makeOnce(database, { ...once, key: onceKey }, make, () => {
              throw new Refusal('idempotencyKeyReused');
            })
          ).id;
    return this.#find(userId, made);
  }

  async list(
    { userId }: Caller,
    {
      conversation,
      cursor,
      limit,
    }: { conversation: string | undefined; cursor: string | undefined; limit: number },
  ): Promise<Page<ScheduledMessage>> {
    const after = readCursor(cursor, listPlace);
    const rows = await this.#deps.store.list(userId, { conversation, after, limit: limit + 1 });
    return toPage(rows, limit, { placeOf: ({ sendTime, id }) => [sendTime, id], toItem: (row) => row });
  }

  async change({ userId }: Caller, id: number, change: Change): Promise<ScheduledMessage> {
    const { store, inbox } = this.#deps;
    const before = await this.#find(userId, id);
    const { said, sendTime } = before;
    if (said.isUnreadable && !change.content) throw new Refusal('messageUnreadable');
    const { content = said.content, mentions = said.mentions, replyTo = said.replyTo } = change;
    const changed = { said: { content, mentions, replyTo }, sendTime: change.sendTime ?? sendTime };
    inbox.assertSayable(changed.said);
    assertAhead(changed.sendTime);
    if (!(await store.change(before, changed))) await this.#refuse(userId, id);
    return this.#find(userId, id);
  }

  async cancel({ userId }: Caller, id: number): Promise<void> {
    if (!(await this.#deps.store.remove(id, userId))) await this.#refuse(userId, id);
  }

  /** Refuses as sending does; then it stays among those that failed. */
  async sendNow({ userId }: Caller, id: number): Promise<ShownMessage> {
    const { store, sender } = this.#deps;
    const found = await this.#find(userId, id);
    const mine = found.state === 'sending' ? undefined : await store.claim(found);
    const message = mine && (await sender.send(mine));
    return message ?? this.#refuse(userId, id);
  }

  async #find(userId: number, id: number): Promise<ScheduledMessage> {
    const found = await this.#deps.store.find(id, userId);
    if (!found) throw new Refusal('scheduledUnknown');
    return found;
  }

  /** It is sent, or about to be. */
  async #refuse(userId: number, id: number): Promise<never> {
    await this.#find(userId, id);
    throw new Refusal('scheduledUnderWay');
  }
}

function assertAhead(sendTime: number): void {
  const aheadMs = sendTime - Date.now();
  if (aheadMs <= 0 || aheadMs > furthestMs)
    throw new Refusal('scheduleTime', { values: { days: String(furthestDays) } });
}
