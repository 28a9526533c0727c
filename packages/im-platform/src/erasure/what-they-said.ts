import { askAll } from '../db/ask-there.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { isOpenAt } from '../db/lane-fences.ts';
import { requestNoticeOf } from '../friends/friend.ts';
import { conversationOfGroup, groupIdOf } from '../groups/group.ts';
import { say, type Language } from '../http/texts.ts';
import { isPrivate } from '../inbox/message-rows.ts';
import { changeDetail, findDetail, type MessageKey } from '../message-details/detail-rows.ts';
import type { LaneChanges } from '../message-log/lane-changes.ts';
import { groupBy } from '../messages/group/group-by.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import { systemAccountId } from '../users/system-account.ts';
import { MessageType } from '../wire/message-type.ts';
import { changeCounted } from './change-counted.ts';
import type { Counts } from './erasure.ts';
import type { ErasureJob } from './erasure-store.ts';
import { messagesAtOnce, tableOf, type MessageEraser } from './message-eraser.ts';
import { asLike, namelessWith } from './names.ts';

export interface WhatTheySaidDeps {
  readonly database: Pick<Database, 'sql' | 'sealing' | 'of' | 'laneDatabases'>;
  readonly lanes: Pick<LaneChanges, 'run'>;
  readonly eraser: MessageEraser;
  readonly language: Language;
}

interface Found {
  readonly id: number;
  readonly conversation: string;
}

interface Notice extends Found {
  readonly content: string;
}

interface Tip {
  readonly id: number;
  readonly groupId: number;
  readonly sendId: number;
  readonly number: number;
  readonly content: string | null;
}

/** Messages that are looked at for one question, where no key leads to those that are looked for. */
const numbersAtOnce = 2_000;
const languages = ['zh', 'en'] as const;

/**
 * Erases what somebody has said, what others have forwarded of it, and what the platform has said of them: each found anew, so it ends
 * where there is nothing left, and may be broken off anywhere.
 */
export class WhatTheySaid {
  readonly #deps: WhatTheySaidDeps;

  constructor(deps: WhatTheySaidDeps) {
    this.#deps = deps;
  }

  async erase(job: ErasureJob): Promise<void> {
    await this.#ownPrivate(job);
    for (const groupId of await this.#groupsOf(job.userId)) await this.#ownInGroup(job, groupId);
    await this.#forwards(job);
    await this.#noticesTo(job);
    await this.#requestNotices(job);
    await this.#reactions(job);
    for (const groupId of await this.#groupsOf(job.userId)) await this.#namesInGroup(job, groupId);
  }

  async #ownPrivate(job: ErasureJob): Promise<void> {
    await this.#eraseAll(job, 'messages', this.#deps.database.laneDatabases, ({ sql }, after) =>
      sql('im_private_message')
        .where({ sendId: job.userId })
        .where('id', '>', after)
        .modify(isSaid)
        .orderBy('id')
        .limit(messagesAtOnce)
        .select<Found[]>('id', 'conversation'),
    );
  }

  /** Those as well in which they are not any more. */
  async #groupsOf(userId: number): Promise<number[]> {
    const { sql } = this.#deps.database;
    const asMembers = await sql('im_group_member').where({ userId }).select<{ groupId: number }[]>('groupId');
    const places = await askAll(this.#deps.database, (at) =>
      at
        .sql('im_conversation_member')
        .where({ userId })
        .where('conversation', 'like', 'group:%')
        .select<{ conversation: string }[]>('conversation'),
    );
    return [
      ...new Set([
        ...asMembers.map(({ groupId }) => groupId),
        ...places.flat().map(({ conversation }) => groupIdOf(conversation)),
      ]),
    ];
  }

  async #ownInGroup(job: ErasureJob, groupId: number): Promise<void> {
    const conversation = conversationOfGroup(groupId);
    const there = [this.#deps.database.of(conversation)];
    await this.#eraseAll(job, 'messages', there, async ({ sql }, after) => {
      const rows = await sql('im_group_message')
        .where({ sendId: job.userId, groupId })
        .where('id', '>', after)
        .modify(isSaid)
        .orderBy('id')
        .limit(messagesAtOnce)
        .select<{ id: number }[]>('id');
      return rows.map(({ id }) => ({ id, conversation }));
    });
  }

  /** Of others: the words are theirs. */
  async #forwards(job: ErasureJob): Promise<void> {
    for (const at of this.#deps.database.laneDatabases) await this.#forwardsAt(job, at);
  }

  async #forwardsAt(job: ErasureJob, at: LaneDatabase): Promise<void> {
    const { sql } = at;
    for (;;) {
      // What is erased has no author any more.
      const keys = await sql('im_message_detail')
        .where({ authorId: job.userId })
        .modify(isOpenAt(at, 'conversation'))
        .limit(messagesAtOnce)
        .select<MessageKey[]>('conversation', 'number');
      if (keys.length === 0) return;
      for (const [conversation, some] of groupBy(keys, (key) => key.conversation)) {
        const numbers = some.map(({ number }) => number);
        await this.#eraseSome(job, conversation, {
          ids: await idsOf(sql, conversation, numbers),
          as: 'forwards',
        });
      }
    }
  }

  /** What the platform has said to them, and nobody else reads. */
  async #noticesTo(job: ErasureJob): Promise<void> {
    const conversation = conversationOf(systemAccountId, job.userId);
    const there = [this.#deps.database.of(conversation)];
    await this.#eraseAll(job, 'notices', there, ({ sql }, after) =>
      sql('im_private_message')
        .where({ conversation })
        .where('id', '>', after)
        .modify(isSaid)
        .orderBy('id')
        .limit(messagesAtOnce)
        .select<Found[]>('id', 'conversation'),
    );
  }

  /** That they wanted to be friends, with what they wrote. */
  async #requestNotices(job: ErasureJob): Promise<void> {
    const { sealing, laneDatabases } = this.#deps.database;
    // Those of before there were keys.
    const beginnings = job.names.flatMap(requestTextsOf);
    if (sealing) for (const { sql } of laneDatabases) await this.#sealedNotices(job, sql, beginnings);
    await this.#eraseAll(job, 'notices', laneDatabases, ({ sql }, after) =>
      sql('im_private_message')
        .where({ sendId: systemAccountId })
        .where('id', '>', after)
        .where((either) => {
          void either.where('dedupeKey', 'like', `${requestNoticeOf(job.userId)}%`);
          for (const beginning of beginnings)
            void either.orWhereRaw("?? like ? escape '!'", ['content', `${asLike(beginning)}%`]);
        })
        .modify(isSaid)
        .orderBy('id')
        .limit(messagesAtOnce)
        .select<Found[]>('id', 'conversation'),
    );
  }

  /** What is encrypted is asked for by no beginning: all that have no key are looked at. */
  async #sealedNotices(job: ErasureJob, sql: Sql, beginnings: readonly string[]): Promise<void> {
    for (let after = 0; ;) {
      const rows = await sql('im_private_message')
        .where({ sendId: systemAccountId, dedupeKey: null })
        .where('id', '>', after)
        .modify(isSaid)
        .orderBy('id')
        .limit(numbersAtOnce)
        .select<Notice[]>('id', 'conversation', 'sendId', 'recvId', 'number', 'content');
      const theirs = rows.filter(({ content }) => beginnings.some((one) => content.startsWith(one)));
      for (const [conversation, some] of groupBy(theirs, (one) => one.conversation))
        for (const part of chunksOf(some, messagesAtOnce))
          await this.#eraseSome(job, conversation, { ids: part.map(({ id }) => id), as: 'notices' });
      const last = rows.at(-1);
      if (!last) return;
      after = last.id;
    }
  }

  async #reactions(job: ErasureJob): Promise<void> {
    for (const at of this.#deps.database.laneDatabases) await this.#reactionsAt(job, at);
  }

  async #reactionsAt(job: ErasureJob, at: LaneDatabase): Promise<void> {
    const { userId } = job;
    for (;;) {
      const row = await at
        .sql('im_reaction')
        .where({ userId })
        .modify(isOpenAt(at, 'conversation'))
        .first<MessageKey | undefined>('conversation', 'number');
      if (!row) return;
      const key = { conversation: row.conversation, number: row.number };
      await changeCounted(this.#deps, job, key.conversation, async (sql, { stamp }) => {
        const mine = await sql('im_reaction')
          .where({ userId, ...key })
          .select<{ emoji: string }[]>('emoji');
        const before = await findDetail(sql, key);
        const theirs = new Set(mine.map(({ emoji }) => emoji));
        const left = Object.entries(before?.reactions ?? {})
          .map(([emoji, count]) => [emoji, theirs.has(emoji) ? count - 1 : count] as const)
          .filter(([, count]) => count > 0);
        await sql('im_reaction')
          .where({ userId, ...key })
          .delete();
        const reactions = left.length > 0 ? JSON.stringify(Object.fromEntries(left)) : null;
        await changeDetail(sql, key, { before, stamp }, { reactions });
        return { counts: { reactions: mine.length }, numbers: [key.number] };
      });
    }
  }

  /** `'Ann' invited 'Bob' to the group.` */
  async #namesInGroup(job: ErasureJob, groupId: number): Promise<void> {
    if (job.names.length === 0) return;
    const { database, language } = this.#deps;
    const nameless = namelessWith(job.names, say('deletedAccount', language));
    const conversation = conversationOfGroup(groupId);
    const { sql } = database.of(conversation);
    const [end] = await sql('im_group_message')
      .where({ groupId })
      .max<{ number: number | null }[]>('number as number');
    for (let from = 1; from <= (end?.number ?? 0); from += numbersAtOnce) {
      const tips = await sql('im_group_message')
        .where({ groupId, type: MessageType.TIP_TEXT })
        .whereBetween('number', [from, from + numbersAtOnce - 1])
        .select<Tip[]>('id', 'groupId', 'sendId', 'number', 'content');
      const named = tips.filter(({ content }) => content !== null && nameless(content) !== content);
      for (const tip of named) await this.#nameless(job, conversation, { ...tip, nameless });
    }
  }

  async #nameless(
    job: ErasureJob,
    conversation: string,
    tip: Tip & { readonly nameless: (text: string) => string },
  ): Promise<void> {
    const key = { conversation, number: tip.number };
    await changeCounted(this.#deps, job, conversation, async (sql, { stamp }) => {
      await sql('im_group_message')
        .where({ id: tip.id, groupId: tip.groupId, sendId: tip.sendId, number: tip.number })
        .update({ content: tip.nameless(tip.content ?? '') });
      await changeDetail(sql, key, { before: await findDetail(sql, key), stamp }, {});
      return { counts: { names: 1 }, numbers: [tip.number] };
    });
  }

  async #eraseAll(
    job: ErasureJob,
    as: keyof Counts,
    there: readonly LaneDatabase[],
    find: (at: LaneDatabase, after: number) => Promise<readonly Found[]>,
  ): Promise<void> {
    for (const at of there)
      for (let after = 0; ;) {
        const found = await find(at, after);
        for (const [conversation, some] of groupBy(found, (one) => one.conversation))
          await this.#eraseSome(job, conversation, { ids: some.map(({ id }) => id), as });
        const last = found.at(-1);
        if (!last) break;
        after = last.id;
      }
  }

  async #eraseSome(
    job: ErasureJob,
    conversation: string,
    some: { readonly ids: readonly number[]; readonly as: keyof Counts },
  ): Promise<void> {
    // What they said themselves is found by that (what-they-left.ts).
    if (some.as !== 'messages') await this.#forgetEvents(conversation, some.ids);
    await this.#deps.eraser.erase(job, conversation, some);
  }

  /** That other back ends are told of these: none of them says by itself whose words it has. They are carried to the first database. */
  async #forgetEvents(conversation: string, ids: readonly number[]): Promise<void> {
    const { database } = this.#deps;
    const at = database.of(conversation);
    if (at.name !== '') await forgetEventsAt(at.sql, conversation, ids);
    await forgetEventsAt(database.sql, conversation, ids);
  }
}

async function forgetEventsAt(sql: Sql, conversation: string, ids: readonly number[]): Promise<void> {
  const rows = await sql('im_outbox')
    .where({ subject: conversation })
    .whereIn('type', ['message.created', 'message.edited'])
    .select<{ position: number; body: string }[]>('position', 'sink', 'id', 'body');
  const positions = rows
    .filter(({ body }) => ids.some((id) => body.includes(`"${id}"`)))
    .map(({ position }) => position);
  await sql('im_outbox').whereIn('position', positions).delete();
}

/** What people say, and of which something is left. */
function isSaid(query: {
  whereBetween(column: string, range: [number, number]): unknown;
  whereNotIn(column: string, values: readonly string[]): unknown;
}): void {
  void query.whereBetween('type', [MessageType.TEXT, MessageType.VIDEO]);
  void query.whereNotIn('content', ['', '{}']);
}

async function idsOf(sql: Sql, conversation: string, numbers: readonly number[]): Promise<number[]> {
  const of = isPrivate(conversation) ? { conversation } : { groupId: groupIdOf(conversation) };
  const rows = await sql(tableOf(conversation))
    .where(of)
    .whereIn('number', [...numbers])
    .select<{ id: number }[]>('id');
  return rows.map(({ id }) => id);
}

/** How it begins that somebody of that name wants to be friends, up to what they have written themselves. */
function requestTextsOf(nick: string): string[] {
  const values = { nick, text: '\n' };
  return languages.flatMap((language) =>
    (['tipAsksToBeFriends', 'tipAsksWithWords'] as const).map(
      (key) => say(key, language, values).split('\n', 1)[0] ?? '',
    ),
  );
}
