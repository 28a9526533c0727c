import { counts } from '../conversations/conversation.ts';
import { liftThoseWhoLeft } from '../conversations/places.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, Sql } from '../db/database.ts';
import { inKeys } from '../db/in-keys.ts';
import { sealingOf } from '../db/sealing.ts';
import { isPrivate } from '../inbox/message-rows.ts';
import { LinkPreviewStore } from '../link-previews/link-preview-store.ts';
import { linksIn } from '../link-previews/links-in.ts';
import type { LaneChanges } from '../message-log/lane-changes.ts';
import { keysOf } from '../message-words/words.ts';
import { postingOf, wordsIn } from '../message-words/postings.ts';
import { oldColumns } from '../retention/trimming.ts';
import { lockChoices, type RetentionStore } from '../retention/retention-store.ts';
import { MessageStatus, MessageType } from '../wire/message-type.ts';
import { changeCounted, type Counting } from './change-counted.ts';
import { HeldUp, type Counts } from './erasure.ts';

export interface MessageEraserDeps {
  readonly database: Pick<Database, 'sql' | 'transaction' | 'of'>;
  readonly lanes: Pick<LaneChanges, 'run'>;
  readonly store: Pick<RetentionStore, 'find'>;
}

interface Row {
  readonly id: number;
  readonly number: number;
  readonly sendId: number;
  readonly type: number;
  readonly status: number;
  readonly content: string | null;
}

/** Of one conversation in one transaction: so few that nobody who writes into the lane meanwhile notices. */
export const messagesAtOnce = 100;
const keysPerStatement = 500;
/** What a message has beside it that says nothing any more. */
const nothing = {
  ...{ replyTo: null, isForwarded: 0, originId: null, originName: null, authorId: null },
  ...{ editedTime: null, pinnedTime: null, pinnedBy: null, entities: null, custom: null, reactions: null },
};

/**
 * Takes what they say out of messages: they are recalled then, so that pages and syncs know what to do, and nothing of them is kept, as it is of
 * others that are recalled. Numbers stay without holes. Those that were recalled before lose what is kept of them, and nobody hears of it.
 */
export class MessageEraser {
  readonly #deps: MessageEraserDeps;

  constructor(deps: MessageEraserDeps) {
    this.#deps = deps;
  }

  /** Messages of one conversation, {@link messagesAtOnce} at most. */
  async erase(
    job: Counting,
    conversation: string,
    some: { readonly ids: readonly number[]; readonly as: keyof Counts },
  ): Promise<void> {
    const { database } = this.#deps;
    if (database.of(conversation).name === '') return this.#eraseUnlessHeld(job, conversation, some);
    return database.transaction(async (first) => {
      await lockChoices(first, conversation);
      await this.#eraseUnlessHeld(job, conversation, some, first);
    });
  }

  /** Who holds it waits for the lane, and so for this, or this for them; of one that is elsewhere for that in `first`. */
  async #eraseUnlessHeld(
    job: Counting,
    conversation: string,
    { ids, as }: { readonly ids: readonly number[]; readonly as: keyof Counts },
    first?: Sql,
  ): Promise<void> {
    await changeCounted(this.#deps, job, conversation, async (sql, { stamp }) => {
      if ((await this.#deps.store.find(conversation, first ?? sql)).isHeld) throw new HeldUp();
      const rows = await lockRows(sql, conversation, ids);
      const shown = rows.filter(({ status }) => status !== MessageStatus.RECALL);
      const links = await linksOf(sql, conversation, rows);
      // What pages say that they had links to: it may be of themselves. Whoever else has the link, of theirs it is looked at again.
      if (links.length > 0)
        await new LinkPreviewStore({ sql: first ? this.#deps.database.sql : sql }).forget(links);
      await forgetWords(sql, conversation, rows);
      await noteRecalls(sql, conversation, shown, stamp);
      await forgetBeside(sql, conversation, rows);
      await emptyRows(sql, conversation, rows);
      return { counts: { [as]: rows.length }, numbers: shown.map(({ number }) => number) };
    });
  }
}

/** One by one, so that whoever notes their words meanwhile has ended, or finds that they are recalled. */
function lockRows(sql: Sql, conversation: string, ids: readonly number[]): Promise<Row[]> {
  return sql(tableOf(conversation))
    .whereIn('id', [...ids])
    .orderBy('id')
    .forUpdate()
    .select<Row[]>(...oldColumns(conversation), 'status');
}

async function linksOf(sql: Sql, conversation: string, rows: readonly Row[]): Promise<string[]> {
  const edits = await sql('im_message_edit')
    .where({ conversation })
    .whereIn(
      'number',
      rows.map(({ number }) => number),
    )
    .select<{ content: string }[]>('conversation', 'number', 'version', 'content');
  const links = [...rows, ...edits].flatMap(({ content }) => linksIn(content ?? ''));
  return [...new Set(links)];
}

async function forgetWords(sql: Sql, conversation: string, rows: readonly Row[]): Promise<void> {
  // What is encrypted is found by none.
  if (sealingOf(sql)) return;
  const idOf = new Map(rows.map(({ id, number }) => [number, id]));
  const edits = await sql('im_message_edit')
    .where({ conversation })
    .whereIn('number', [...idOf.keys()])
    .select<{ number: number; content: string }[]>('number', 'content');
  const texts = [
    // Of what was recalled as well.
    ...rows.map((row) => ({ id: row.id, text: wordsIn({ type: row.type, content: row.content }) })),
    ...edits.map(({ number, content: text }) => ({ id: idOf.get(number) ?? 0, text })),
  ];
  const keys = texts.flatMap(({ id, text }) =>
    keysOf(text).map((key): [number, number] => [postingOf(conversation, key), id]),
  );
  keys.sort(([one], [other]) => one - other);
  for (const some of chunksOf(keys, keysPerStatement))
    await sql('im_search_posting').modify(inKeys, ['posting', 'id'], some).delete();
}

/** As when each is taken back (conversations/places.ts), of many at once. */
async function noteRecalls(
  sql: Sql,
  conversation: string,
  rows: readonly Row[],
  stamp: number,
): Promise<void> {
  const counting = rows.filter(counts);
  if (counting.length > 0)
    await sql('im_uncounted')
      .insert(counting.map(({ number, sendId }) => ({ conversation, number, sendId })))
      .onConflict(['conversation', 'number'])
      .ignore();
  if (rows.length === 0) return;
  const numbers = rows.map(({ number }) => number);
  const before = await sql('im_message_detail')
    .where({ conversation })
    .whereIn('number', numbers)
    .where('stamp', '>', 0)
    .select<{ number: number; stamp: number }[]>('number', 'stamp');
  // Of its changes the last one is told.
  for (const old of before)
    await sql('im_message_change')
      .where({ conversation, ...old })
      .delete();
  await sql('im_message_detail')
    .insert(numbers.map((number) => ({ conversation, number, stamp, ...nothing })))
    .onConflict(['conversation', 'number'])
    .merge(['stamp', ...Object.keys(nothing)]);
  if (!isPrivate(conversation))
    await liftThoseWhoLeft(sql, conversation, Math.min(...numbers), Math.max(...numbers));
}

async function forgetBeside(sql: Sql, conversation: string, rows: readonly Row[]): Promise<void> {
  const numbers = rows.map(({ number }) => number);
  for (const table of ['im_message_edit', 'im_reaction', 'im_mention'])
    await sql(table).where({ conversation }).whereIn('number', numbers).delete();
  await sql('im_pending_push')
    .where({ kind: isPrivate(conversation) ? 'private' : 'group' })
    .whereIn(
      'messageId',
      rows.map(({ id }) => id),
    )
    .delete();
}

/** A text stays a text, everything else JSON, as box-im's pages expect it of what was recalled. */
async function emptyRows(sql: Sql, conversation: string, rows: readonly Row[]): Promise<void> {
  const beside = isPrivate(conversation) ? {} : { atUserIds: '' };
  for (const isText of [true, false]) {
    const ids = rows.filter(({ type }) => (type === MessageType.TEXT) === isText).map(({ id }) => id);
    if (ids.length > 0)
      await sql(tableOf(conversation))
        .whereIn('id', ids)
        .update({
          ...{ content: isText ? '' : '{}', status: MessageStatus.RECALL, tmpId: null, dedupeKey: null },
          ...beside,
        });
  }
}

export function tableOf(conversation: string): 'im_private_message' | 'im_group_message' {
  return isPrivate(conversation) ? 'im_private_message' : 'im_group_message';
}
