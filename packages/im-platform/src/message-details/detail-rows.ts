import type { Knex } from 'knex';
import { byIndex } from '../db/by-index.ts';
import { chunksOf } from '../db/chunks.ts';
import { byLaneDatabase } from '../db/by-lane-database.ts';
import type { Sql } from '../db/database.ts';
import type { Readable } from '../db/replica.ts';
import { Refusal } from '../http/refusal.ts';
import type { Moment } from '../message-log/entries.ts';
import {
  detailColumns,
  encryptedName,
  fromDetailRow,
  isEmpty,
  isPlatforms,
  toNewRow,
  type DetailRow,
  type MessageDetail,
  type NewDetail,
  type Quote,
} from './detail.ts';

/** Messages by their numbers. */
export interface NumberRange {
  readonly conversation: string;
  readonly from: number;
  readonly to: number;
}

export interface MessageKey {
  readonly conversation: string;
  readonly number: number;
}

const rangesPerQuery = 200;

/** By `{conversation}/{number}`; most messages have none. */
export async function findDetailsOf(
  database: Pick<Readable, 'of'>,
  ranges: readonly NumberRange[],
): Promise<Map<string, MessageDetail>> {
  const found = await Promise.all(
    Array.from(byLaneDatabase(database, ranges), ([{ sql }, some]) => findDetails(sql, some)),
  );
  return new Map(found.flatMap((some) => [...some]));
}

/** The same, in this database. */
export async function findDetails(
  sql: Sql,
  ranges: readonly NumberRange[],
): Promise<Map<string, MessageDetail>> {
  const found = new Map<string, MessageDetail>();
  for (const some of chunksOf(ranges, rangesPerQuery)) {
    const rows = await sql(byIndex(sql, 'im_message_detail', 'primary'))
      .where(inRanges(some))
      .select<DetailRow[]>(...detailColumns);
    for (const row of rows) found.set(nameOf(row), fromDetailRow(row));
  }
  return found;
}

export async function findDetail(sql: Sql, key: MessageKey): Promise<MessageDetail | undefined> {
  const row = await sql('im_message_detail')
    .where({ conversation: key.conversation, number: key.number })
    .first<DetailRow | undefined>(...detailColumns);
  return row && fromDetailRow(row);
}

/** In the transaction that stores the messages; of most there is nothing. */
export function putDetails<Message extends { readonly number: number }>(
  sql: Sql,
  stored: readonly {
    readonly message: Message;
    readonly draft: { readonly detail?: NewDetail | undefined };
  }[],
  conversationOf: (message: Message) => string,
): Knex.QueryBuilder[] {
  const rows: object[] = [];
  for (const { message, draft } of stored) {
    if (!draft.detail || isEmpty(draft.detail)) continue;
    rows.push(toNewRow({ conversation: conversationOf(message), number: message.number }, draft.detail));
  }
  return rows.length > 0 ? [sql('im_message_detail').insert(rows)] : [];
}

/** What a change makes of a message: these columns, and its stamp. `before`: as it was, within the same transaction. */
export async function changeDetail(
  sql: Sql,
  { conversation, number }: MessageKey,
  { before, stamp }: { readonly before: MessageDetail | undefined } & Pick<Moment, 'stamp'>,
  columns: Partial<Omit<DetailRow, 'conversation' | 'number' | 'stamp'>> & {
    readonly pinnedBy?: number | null;
  },
): Promise<void> {
  await sql('im_message_detail')
    .insert({ conversation, number, stamp, ...columns })
    .onConflict(['conversation', 'number'])
    .merge(['stamp', ...Object.keys(columns)]);
  // Of its changes the last one is told.
  if (before && before.stamp > 0 && before.stamp < stamp)
    await sql('im_message_change').where({ conversation, number, stamp: before.stamp }).delete();
}

/** Refuses to take back what stands for something that is there all the same. */
export async function assertRecallable(sql: Sql, key: MessageKey): Promise<void> {
  const detail = await findDetail(sql, key);
  if (detail?.custom && isPlatforms(detail.custom.name) && detail.custom.name !== encryptedName)
    throw new Refusal('redPacketStays');
}

/** What was taken back has nothing any more, and nobody is told what it had. */
export async function clearDetail(
  sql: Sql,
  { conversation, number }: MessageKey,
  stamp: number,
): Promise<void> {
  const nothing = {
    ...{ replyTo: null, isForwarded: 0, originId: null, originName: null, authorId: null },
    ...{ editedTime: null, pinnedTime: null, pinnedBy: null, entities: null, custom: null, reactions: null },
  };
  const key = { conversation, number };
  await changeDetail(sql, key, { before: await findDetail(sql, key), stamp }, nothing);
  await sql('im_message_edit').where(key).delete();
  await sql('im_reaction').where(key).delete();
}

/** For pushes of messages that have more than box-im's pages know: what that is, and how it is shown. */
export interface BesideBoxIm<Message> {
  detailOf(key: MessageKey): Promise<MessageDetail | undefined>;
  /** As `/v1` shows it, to whomever it may be. */
  show(message: Message, detail: MessageDetail, quote?: Quote): object;
}

export function nameOf({ conversation, number }: MessageKey): string {
  return `${conversation}/${number}`;
}

/** Numbers of a conversation are found by its name in this column, or by what `keyOf` makes of it. */
export interface RangeKey {
  /** As SQL has it. */
  readonly column: string;
  readonly keyOf: (conversation: string) => string | number;
}

const byName: RangeKey = { column: 'conversation', keyOf: (conversation) => conversation };

/** One range after the other, each by the key. As one text: builders of so many conditions take longer than the answer. */
export function inRanges(
  ranges: readonly NumberRange[],
  { column, keyOf }: RangeKey = byName,
): (query: Knex.QueryBuilder) => void {
  const either = ranges.map(() => `(${column} = ? and number between ? and ?)`).join(' or ');
  const values = ranges.flatMap(({ conversation, from, to }) => [keyOf(conversation), from, to]);
  return (query) => void query.whereRaw(either, values);
}
