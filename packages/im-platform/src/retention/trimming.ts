import type { Knex } from 'knex';
import { groupIdOf } from '../groups/group.ts';
import { holdLanes } from '../db/lane-fences.ts';
import { laneOf } from '../db/lanes.ts';
import { moveReads } from '../conversations/move-reads.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, Sql } from '../db/database.ts';
import { sealingOf } from '../db/sealing.ts';
import { inKeys } from '../db/in-keys.ts';
import type { FileRecord } from '../files/file-records.ts';
import type { MessageFiles } from '../files/message-files.ts';
import { lockLanes, rowIn, type LaneRow } from '../message-log/lane-rows.ts';
import { postingOf, wordsIn } from '../message-words/postings.ts';
import { keysOf } from '../message-words/words.ts';
import { daysOf, lockChoices, type RetentionStore } from './retention-store.ts';

export interface TrimmingDeps {
  readonly database: Pick<Database, 'sql' | 'transaction' | 'of'>;
  readonly store: Pick<RetentionStore, 'find'>;
  readonly files: Pick<MessageFiles, 'giveUp' | 'delete'>;
  /** Of conversations of which nobody has said anything. */
  readonly usualDays: number | undefined;
}

/** A message that is to go. */
export interface Old {
  readonly id: number;
  readonly number: number;
  readonly sendId: number;
  readonly sendTime: number;
  readonly type: number;
  readonly content: string | null;
}

const dayMs = 86_400_000;
/** So few that nobody who writes into the lane meanwhile notices. */
const messagesAtOnce = 200;
const membersAtOnce = 200;
const keysPerStatement = 500;

/** Tables with what belongs to one message each, by its conversation and number. */
export const besideMessages = [
  ...['im_message_detail', 'im_message_edit', 'im_reaction', 'im_message_deleted'],
  ...['im_message_change', 'im_mention', 'im_uncounted'],
] as const;

/**
 * Removes what is too old from the beginning of a conversation. What remains begins with its first number, and everybody has read up to
 * there: so what is unread is what is there, and the running sums of before need nobody who is gone (decision 096).
 */
export class Trimming {
  readonly #deps: TrimmingDeps;

  constructor(deps: TrimmingDeps) {
    this.#deps = deps;
  }

  /** A part of it; false: nothing is too old any more. */
  async trim(conversation: string): Promise<boolean> {
    const { store, usualDays } = this.#deps;
    const days = daysOf(await store.find(conversation), usualDays);
    if (days === undefined) return false;
    const old = await this.oldIn(conversation, Date.now() - days * dayMs);
    return this.remove(
      conversation,
      old,
      async (sql) => daysOf(await store.find(conversation, sql), usualDays) !== undefined,
    );
  }

  /** Those, which are the first ones, if in their lane it is still so that they are to go; false: nothing went. */
  async remove(conversation: string, old: readonly Old[], mayStill: MayStill): Promise<boolean> {
    const { database, files } = this.#deps;
    const upTo = old.at(-1)?.number;
    if (upTo === undefined) return false;
    while (await this.#readUpTo(conversation, upTo));
    await this.#forgetWords(conversation, old);
    const going = { old, upTo, mayStill };
    const gone = await (database.of(conversation).name === ''
      ? database.transaction((sql) => this.#removeHere(sql, conversation, going))
      : this.#removeElsewhere(conversation, going));
    await files.delete(gone ?? []);
    return gone !== undefined;
  }

  /** Those that come first and are all older. What was reported is looked at first, and what follows it waits. */
  async oldIn(conversation: string, before: number, after = 0): Promise<Old[]> {
    const { database } = this.#deps;
    const rows = await messagesOf(database.of(conversation).sql, conversation)
      .where('number', '>', after)
      .orderBy('number')
      .limit(messagesAtOnce)
      .select<Old[]>(...oldColumns(conversation));
    const young = rows.findIndex(({ sendTime }) => sendTime >= before);
    const old = young < 0 ? rows : rows.slice(0, young);
    if (old.length === 0) return old;
    const [reported] = await database
      .sql('im_report')
      .where({ isClosed: 0, conversation })
      .min<{ number: number | null }[]>('number as number');
    return old.filter(({ number }) => number < (reported?.number ?? Infinity));
  }

  /** Some of those who are not as far; false: there were none. Nobody comes who is not, as who joins begins after the last one. */
  async #readUpTo(conversation: string, upTo: number): Promise<boolean> {
    const at = this.#deps.database.of(conversation);
    const behind = await at
      .sql('im_conversation_member')
      .where({ conversation })
      .where('readNumber', '<', upTo)
      .whereNull('leftNumber')
      .orderBy(['readNumber', 'userId'])
      .limit(membersAtOnce)
      .select<{ userId: number }[]>('userId');
    if (behind.length === 0) return false;
    await at.changeIn([laneOf(conversation)], (sql) =>
      moveReads(
        sql,
        behind.map(({ userId }) => ({ userId, conversation, upTo })),
      ),
    );
    return true;
  }

  /** Before they are gone, as they say which words they are found by. */
  async #forgetWords(conversation: string, old: readonly Old[]): Promise<void> {
    const { sql } = this.#deps.database.of(conversation);
    // What is encrypted is found by none.
    if (sealingOf(sql)) return;
    const idOf = new Map(old.map(({ id, number }) => [number, id]));
    const edits = await sql('im_message_edit')
      .where({ conversation })
      .whereBetween('number', rangeOf(old))
      .select<{ number: number; content: string }[]>('number', 'content');
    const texts = [
      ...old.map((message) => ({ id: message.id, text: wordsIn(message) })),
      ...edits.map(({ number, content }) => ({ id: idOf.get(number) ?? 0, text: content })),
    ];
    const keys = texts.flatMap(({ id, text }) =>
      keysOf(text).map((key): [number, number] => [postingOf(conversation, key), id]),
    );
    keys.sort(([one], [other]) => one - other);
    for (const some of chunksOf(keys, keysPerStatement))
      await sql('im_search_posting').modify(inKeys, ['posting', 'id'], some).delete();
  }

  /** The files that go with them; undefined: it is not to be any more. */
  async #removeHere(sql: Sql, conversation: string, going: Going): Promise<FileRecord[] | undefined> {
    const { isOneOfSeveral, name } = this.#deps.database.of(conversation);
    if (isOneOfSeveral) await holdLanes(sql, [laneOf(conversation)], name);
    const lane = await lockLane(sql, conversation);
    // Held since: who holds it waits for the lane, and so for this, or this for them.
    if (!(await going.mayStill(sql, sql))) return undefined;
    const gone = await this.#giveUp(sql, going);
    await removeMessages(sql, conversation, lane, going);
    return gone;
  }

  /**
   * The same in two databases: first the files go, and then what shows them, so that what is left of it when one dies in between is found again by
   * its message. Whoever holds the conversation waits meanwhile for the lane in the first one.
   */
  async #removeElsewhere(conversation: string, going: Going): Promise<FileRecord[] | undefined> {
    const { database } = this.#deps;
    const place = database.of(conversation);
    return database.transaction(async (held) => {
      await lockChoices(held, conversation);
      if (!(await going.mayStill(held, place.sql))) return undefined;
      const gone = await database.transaction((sql) => this.#giveUp(sql, going));
      const isGone = await place.changeIn([laneOf(conversation)], async (sql) => {
        const lane = await lockLane(sql, conversation);
        if (!(await going.mayStill(held, sql))) return false;
        await removeMessages(sql, conversation, lane, going);
        return true;
      });
      return isGone ? gone : undefined;
    });
  }

  async #giveUp(sql: Sql, { old }: Going): Promise<FileRecord[]> {
    const gone: FileRecord[] = [];
    for (const message of old) gone.push(...(await this.#deps.files.giveUp(sql, message.sendId, message)));
    return gone;
  }
}

/** Asked in the first database, and where the lane is; which may be one. */
type MayStill = (first: Sql, there: Sql) => Promise<boolean>;

/** What goes now. */
interface Going {
  readonly old: readonly Old[];
  readonly upTo: number;
  readonly mayStill: MayStill;
}

async function lockLane(sql: Sql, conversation: string): Promise<LaneRow> {
  const lane = laneOf(conversation);
  return rowIn(await lockLanes(sql, [lane]), lane);
}

async function removeMessages(
  sql: Sql,
  conversation: string,
  lane: LaneRow,
  { old, upTo }: Going,
): Promise<void> {
  const ids = old.map(({ id }) => id);
  await sql(isOfTwo(conversation) ? 'im_private_message' : 'im_group_message')
    .whereIn('id', ids)
    .delete();
  await sql('im_pending_push')
    .where({ kind: isOfTwo(conversation) ? 'private' : 'group' })
    .whereIn('messageId', ids)
    .delete();
  for (const table of besideMessages)
    await sql(table).where({ conversation }).where('number', '<=', upTo).delete();
  const stamp = lane.stamp + 1;
  await sql('im_lane').where({ lane: lane.lane }).update({ stamp });
  await sql('im_conversation').where({ conversation }).update({ stamp });
  // Of two at once the one that is further.
  await sql('im_conversation')
    .where({ conversation })
    .where('firstNumber', '<=', upTo)
    .update({ firstNumber: upTo + 1 });
}

function isOfTwo(conversation: string): boolean {
  return conversation.startsWith('private:');
}

export function messagesOf(sql: Sql, conversation: string): Knex.QueryBuilder {
  return isOfTwo(conversation)
    ? sql('im_private_message').where({ conversation })
    : sql('im_group_message').where({ groupId: groupIdOf(conversation) });
}

/** With those that say where it was, so that what is encrypted can be read. */
export function oldColumns(conversation: string): readonly string[] {
  const to = isOfTwo(conversation) ? 'recvId' : 'groupId';
  return ['id', 'number', 'sendId', to, 'sendTime', 'type', 'content'];
}

function rangeOf(old: readonly Old[]): [number, number] {
  return [old[0]?.number ?? 0, old.at(-1)?.number ?? 0];
}
