import { laneOf } from '../db/lanes.ts';
import { looksSealed } from '../at-rest/sealed-columns.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, Sql } from '../db/database.ts';
import { isPrivate } from '../inbox/message-rows.ts';
import { lockLanes } from '../message-log/lane-rows.ts';
import { putWords, wordsIn } from '../message-words/postings.ts';
import { MessageStatus } from '../wire/message-type.ts';
import type { Archive, ArchivedMessage, ArchivePlace } from './archive.ts';
import { checkArchive, messagesIn } from './archive-file.ts';
import { ArchiveRecords } from './archive-records.ts';

const messagesAtOnce = 200;

export interface BroughtBack {
  readonly messages: number;
  /** Conversations of which something between is missing: it stands in a file of a later month. */
  readonly missing: readonly string[];
}

/**
 * Brings messages back into the database, with their ids and numbers: each conversation begins earlier again. What is there already is left as it is, so it
 * may be done twice. It stays read, as it was.
 */
async function importArchive(
  database: Pick<Database, 'of'>,
  { store }: Pick<ArchivePlace, 'store'>,
  archive: Archive,
  signal?: AbortSignal,
): Promise<BroughtBack> {
  // Before anything of it is taken.
  await checkArchive(store, archive);
  let messages = 0;
  const missing: string[] = [];
  for await (const [conversation, some] of conversationsIn(messagesIn(store, archive))) {
    signal?.throwIfAborted();
    const back = await bringBack(database, conversation, some);
    if (back === undefined) missing.push(conversation);
    else messages += back;
  }
  return { messages, missing };
}

/** The same of the one of that name, and notes whether all of it is back. */
export async function bringBackArchive(
  database: Pick<Database, 'sql' | 'transaction' | 'of'>,
  place: Pick<ArchivePlace, 'store'>,
  name: string,
  signal?: AbortSignal,
): Promise<BroughtBack> {
  const records = new ArchiveRecords(database);
  const back = await importArchive(database, place, await records.written(name), signal);
  if (back.missing.length === 0) await records.setState(name, 'restored');
  return back;
}

/** Those of one stand together. */
async function* conversationsIn(
  all: AsyncIterable<ArchivedMessage>,
): AsyncGenerator<[string, ArchivedMessage[]], void, undefined> {
  let some: ArchivedMessage[] = [];
  for await (const message of all) {
    const [first] = some;
    if (first && first.conversation !== message.conversation) {
      yield [first.conversation, some];
      some = [];
    }
    some.push(message);
  }
  const [first] = some;
  if (first) yield [first.conversation, some];
}

/** From the last one on, as a conversation has no holes. Undefined: what would come between is missing. */
async function bringBack(
  database: Pick<Database, 'of'>,
  conversation: string,
  all: readonly ArchivedMessage[],
): Promise<number | undefined> {
  let count = 0;
  for (const some of chunksOf(all, messagesAtOnce).toReversed()) {
    const back = await database
      .of(conversation)
      .changeIn([laneOf(conversation)], (sql) => bringSomeBack(sql, conversation, some));
    if (back === undefined) return undefined;
    count += back;
  }
  return count;
}

async function bringSomeBack(
  sql: Sql,
  conversation: string,
  some: readonly ArchivedMessage[],
): Promise<number | undefined> {
  const lane = (await lockLanes(sql, [laneOf(conversation)])).get(laneOf(conversation));
  const row = await sql('im_conversation')
    .where({ conversation })
    .first<{ firstNumber: number } | undefined>('firstNumber');
  if (!lane || !row) return undefined;
  const lacking = some.filter(({ message }) => message.number < row.firstNumber);
  const [first, last] = [lacking[0], lacking.at(-1)];
  if (!first || !last) return 0;
  if (last.message.number !== row.firstNumber - 1) return undefined;
  await sql(isPrivate(conversation) ? 'im_private_message' : 'im_group_message').insert(
    lacking.map(({ message }) => message),
  );
  const details = lacking.flatMap(({ detail }) => detail ?? []);
  if (details.length > 0) await sql('im_message_detail').insert(details);
  for (const edits of chunksOf(
    lacking.flatMap((one) => one.edits ?? []),
    messagesAtOnce,
  ))
    await sql('im_message_edit').insert(edits);
  await putWords(
    sql,
    lacking
      .filter(({ message }) => message.status !== MessageStatus.RECALL && !looksSealed(message.content))
      .map(({ message }) => ({
        conversation,
        number: message.number,
        id: message.id,
        text: wordsIn(message),
      })),
  );
  const stamp = lane.stamp + 1;
  await sql('im_lane').where({ lane: lane.lane }).update({ stamp });
  await sql('im_conversation').where({ conversation }).update({ stamp, firstNumber: first.message.number });
  return lacking.length;
}
