import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import type { Knex } from 'knex';
import type { LaneDatabase, Sql } from '../db/database.ts';
import type { Ending } from '../feature.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { byGroup, isPrivate } from '../inbox/message-rows.ts';
import { inRanges, nameOf, type MessageKey, type NumberRange } from '../message-details/detail-rows.ts';
import { putWords, wordsIn } from '../message-words/postings.ts';
import { regularly } from '../regularly.ts';
import { MessageStatus } from '../wire/message-type.ts';

// Words are noted after the commit, so that a send pays nothing for it. What is new follows from the stamps of lanes: they are in the order
// of commits, so whatever has a stamp up to that of the lane is there. How far it is stands in the database and moves in one transaction
// with the words: it goes on wherever it ended, and of several instances at one lane the second one finds nothing left to do.

export interface WordIndexerDeps {
  readonly database: LaneDatabase;
  readonly logger: Logger;
  readonly everyMs: number;
}

interface Progress {
  readonly lane: number;
  readonly stamp: number;
  readonly conversation: string;
}

interface Behind {
  readonly conversation: string;
  readonly stamp: number;
  readonly lastNumber: number;
  /** Up to where it is done. */
  readonly number: number | null;
}

/** What a message is found by. */
type Words = Parameters<typeof putWords>[1][number];

interface Row {
  readonly id: number;
  readonly number: number;
  readonly type: number;
  readonly content: string | null;
}

/** Messages of a transaction: few, as SQLite has one connection for all. */
const mostMessages = 200;
const mostConversations = 200;
/** After all names of conversations. */
const afterAll = '~';
/** Whoever is far behind lets others go first, for so long after each step at most. */
const longestPauseMs = 1_000;
const lookEveryMs = 20;
/** Of the time of this thread: with less, what people ask for does not wait for it. */
const calm = 0.5;

/** Notes the words of what is said, of all that was ever said as well. Runs in every instance. */
export class WordIndexer {
  readonly #deps: WordIndexerDeps;

  constructor(deps: WordIndexerDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'words of messages are not noted yet; it is tried again';
    return regularly({ everyMs, logger, failure }, (closing) => this.#catchUp(closing));
  }

  /** A step in each lane, again and again: one that is far behind does not hold up the others, nor what people ask for. */
  async #catchUp(closing: AbortSignal): Promise<void> {
    let lanes = await this.#lanesBehind();
    while (lanes.length > 0) {
      const again: number[] = [];
      for (const lane of lanes) {
        if (closing.aborted) return;
        if (await this.#deps.database.changeIn([lane], (sql) => step(sql, lane))) again.push(lane);
      }
      lanes = again;
      if (lanes.length > 0) await othersFirst(closing);
    }
  }

  async #lanesBehind(): Promise<number[]> {
    const { sql, isOneOfSeveral } = this.#deps.database;
    const rows = await sql('im_lane as l')
      .join('im_search_lane as s', 's.lane', 'l.lane')
      .modify((query) => {
        if (isOneOfSeveral)
          void query.whereIn('l.lane', sql('im_lane_fence').where({ isOpen: 1 }).select('lane'));
      })
      .where(
        (behind) =>
          void behind
            .whereRaw('?? > ??', ['l.stamp', 's.stamp'])
            // Ended in the middle.
            .orWhereNot('s.conversation', afterAll),
      )
      .orderBy('l.lane')
      .select<{ lane: number }[]>('l.lane');
    return rows.map(({ lane }) => lane);
  }
}

/** Noted now or a second later, words are found as well; a send, or the history of another back end, has somebody who waits. */
async function othersFirst(closing: AbortSignal): Promise<void> {
  const until = performance.now() + longestPauseMs;
  let before = performance.eventLoopUtilization();
  do {
    await sleep(lookEveryMs, undefined, { signal: closing }).catch(() => undefined);
    const now = performance.eventLoopUtilization();
    if (performance.eventLoopUtilization(now, before).utilization < calm) return;
    before = now;
  } while (!closing.aborted && performance.now() < until);
}

/** Resolves with whether there is more. */
async function step(sql: Sql, lane: number): Promise<boolean> {
  const progress = await sql('im_search_lane')
    .where({ lane })
    .forUpdate()
    .first<Progress | undefined>('lane', 'stamp', 'conversation');
  // Before the conversations: whatever has a stamp up to this one is among them.
  const upTo = await sql('im_lane').where({ lane }).first<{ stamp: number } | undefined>('stamp');
  if (!progress || !upTo) return false;
  if (upTo.stamp <= progress.stamp && progress.conversation === afterAll) return false;
  const behind = await findBehind(sql, progress, upTo.stamp);
  const { parts, done } = partsOf(behind);
  await noteWords(sql, parts);
  if (parts.length > 0)
    await sql('im_search_conversation')
      .insert(parts.map(({ conversation, to: number }) => ({ conversation, number })))
      .onConflict('conversation')
      .merge(['number']);
  const isAll = done === behind.length && behind.length < mostConversations;
  const last = behind[done - 1];
  const next = isAll ? { stamp: upTo.stamp, conversation: afterAll } : last;
  if (next)
    await sql('im_search_lane')
      .where({ lane })
      .update({ stamp: next.stamp, conversation: next.conversation });
  return !isAll;
}

/** In the order of their last changes. First those of the same stamp: before there were stamps, all had one. */
async function findBehind(
  sql: Sql,
  { lane, stamp, conversation }: Progress,
  upTo: number,
): Promise<Behind[]> {
  const conversations = (limit: number): Knex.QueryBuilder<object, Behind[]> =>
    sql('im_conversation as c')
      .leftJoin('im_search_conversation as s', 's.conversation', 'c.conversation')
      .where('c.lane', lane)
      .orderBy(['c.stamp', 'c.conversation'])
      .limit(limit)
      .select('c.conversation', 'c.stamp', 'c.lastNumber', 's.number') as Knex.QueryBuilder<object, Behind[]>;
  const same = await conversations(mostConversations)
    .where('c.stamp', stamp)
    .where('c.conversation', '>', conversation);
  const left = mostConversations - same.length;
  if (left === 0) return same;
  const later = await conversations(left).where('c.stamp', '>', stamp).where('c.stamp', '<=', upTo);
  return [...same, ...later];
}

/** What of it is done now, and how many of them are done with that. */
function partsOf(behind: readonly Behind[]): { readonly parts: NumberRange[]; readonly done: number } {
  const parts: NumberRange[] = [];
  let left = mostMessages;
  for (const [index, { conversation, lastNumber, number }] of behind.entries()) {
    const from = (number ?? 0) + 1;
    if (lastNumber < from) continue;
    if (left === 0) return { parts, done: index };
    const to = Math.min(lastNumber, from + left - 1);
    left -= to - from + 1;
    parts.push({ conversation, from, to });
    if (to < lastNumber) return { parts, done: index };
  }
  return { parts, done: behind.length };
}

async function noteWords(sql: Sql, parts: readonly NumberRange[]): Promise<void> {
  const found = await findMessages(sql, parts);
  const versions = await findVersions(sql, parts, found);
  await putWords(sql, [...found, ...versions]);
}

async function findMessages(sql: Sql, parts: readonly NumberRange[]): Promise<Words[]> {
  const ofTwo = parts.filter(({ conversation }) => isPrivate(conversation));
  const ofGroups = parts.filter(({ conversation }) => !isPrivate(conversation));
  const words: Words[] = [];
  if (ofTwo.length > 0) {
    const within = inRanges(ofTwo);
    type PrivateRow = Row & { readonly conversation: string };
    for (const row of await lockThem<PrivateRow>(sql, 'im_private_message', within, 'conversation'))
      words.push(toWords(row.conversation, row));
  }
  if (ofGroups.length > 0) {
    const within = inRanges(ofGroups, byGroup);
    type GroupRow = Row & { readonly groupId: number };
    for (const row of await lockThem<GroupRow>(sql, 'im_group_message', within, 'groupId'))
      words.push(toWords(conversationOfGroup(row.groupId), row));
  }
  return words;
}

/** One by one, so that what is taken back meanwhile waits, and then takes its words along. A lock of a range would hold up what is said next. */
async function lockThem<Found extends Row>(
  sql: Sql,
  table: string,
  within: (query: Knex.QueryBuilder) => void,
  of: keyof Found & string,
): Promise<Found[]> {
  const rows = await sql(table).where(within).select<{ id: number }[]>('id');
  // In one order for everybody.
  const ids = rows.map(({ id }) => id).sort((one, other) => one - other);
  const found: unknown = await sql(table)
    .whereIn('id', ids)
    .whereNot({ status: MessageStatus.RECALL })
    .forShare()
    .select('id', 'number', 'type', 'content', of);
  return found as Found[];
}

function toWords(conversation: string, { id, number, type, content }: Row): Words {
  return { conversation, id, number, text: wordsIn({ type, content }) };
}

/** What they said before they were edited: who has left a group before that still reads it so. */
async function findVersions(
  sql: Sql,
  parts: readonly NumberRange[],
  messages: readonly Words[],
): Promise<Words[]> {
  if (messages.length === 0) return [];
  const byName = new Map(messages.map((one) => [nameOf(one), one]));
  const rows = await sql('im_message_edit')
    .where(inRanges(parts))
    .select<(MessageKey & { readonly content: string })[]>('conversation', 'number', 'content');
  return rows.flatMap(({ content: text, ...key }) => {
    const message = byName.get(nameOf(key));
    return message ? [{ ...message, text }] : [];
  });
}
