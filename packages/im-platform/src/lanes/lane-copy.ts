import type { Knex } from 'knex';
import { laneInSql, laneOf } from '../db/lanes.ts';
import { moveReads, type Read } from '../conversations/move-reads.ts';
import { nameOfPlace, type PlaceKey } from '../conversations/place-keys.ts';
import { liftPlaces } from '../conversations/places.ts';
import { chunksOf } from '../db/chunks.ts';
import type { LaneDatabase, Sql } from '../db/database.ts';
import { firstTimedId } from '../message-log/ids.ts';
import { putAside } from '../message-log/lane-rows.ts';
import {
  conversationsOf,
  idTablesOf,
  inLane,
  ofThese,
  tablesOf,
  type OfConversations,
} from './lane-tables.ts';

// A lane is copied by comparing: of each piece both databases say what a sum over all its columns is, and a piece whose sums differ is put
// into the other one anew. So it may be broken off anywhere and begun again, and done while people write: what they have changed since
// differs once more. The last round, when nobody writes any more, copies what is left, and with that nothing is missing.

/** A piece of a table. */
interface Piece {
  readonly conversation: string;
  /** Of its numbers, by {@link numbersPerPiece}. */
  readonly part: number;
}

const conversationsAtOnce = 200;
const numbersPerPiece = 1_000;
const rowsPerStatement = 500;
const readsAtOnce = 100;

/** Makes `to` as `from` is. Resolves with how many pieces differed. */
export async function copyLane(from: LaneDatabase, to: LaneDatabase, lane: number): Promise<number> {
  let copied = 0;
  for (let after = ''; ;) {
    const conversations = await conversationsOf(from.sql, lane, after, conversationsAtOnce);
    const last = conversations.at(-1);
    if (last === undefined) return copied;
    for (const table of tablesOf(lane)) copied += await copyTable(from.sql, to.sql, table, conversations);
    after = last;
  }
}

async function copyTable(
  from: Knex,
  to: Knex,
  table: OfConversations,
  conversations: readonly string[],
): Promise<number> {
  const columns = await columnsOf(from, table);
  const [here, there] = await Promise.all(
    [from, to].map((sql) => sumsOf(sql, table, columns, conversations)),
  );
  const names = new Set([...(here?.keys() ?? []), ...(there?.keys() ?? [])]);
  let copied = 0;
  for (const name of names) {
    if (here?.get(name)?.sum === there?.get(name)?.sum) continue;
    const piece = here?.get(name) ?? there?.get(name);
    if (piece) await copyPiece(from, to, table, piece);
    copied += 1;
  }
  return copied;
}

type Summed = Piece & { readonly sum: string };

/** Each row is one number of 64 bits; no two rows are the same, as each has a key. */
async function sumsOf(
  sql: Knex,
  table: OfConversations,
  columns: readonly string[],
  conversations: readonly string[],
): Promise<Map<string, Summed>> {
  const part = table.byNumber ? `floor(number / ${numbersPerPiece})` : 'floor(0)';
  const values = columns.map((column) => `coalesce(quote(${column}), 'null')`).join();
  const row = `cast(conv(left(md5(concat_ws('#', ${values})), 16), 16, 10) as unsigned)`;
  const name = table.byGroup ? "concat('group:', group_id)" : 'conversation';
  const rows = await sql(table.table)
    .modify(ofThese(table, conversations))
    .groupByRaw(`${table.byGroup ? 'group_id' : 'conversation'}, ${part}`)
    .select<Summed[]>(
      sql.raw(`${name} as conversation`),
      sql.raw(`${part} as part`),
      sql.raw(`concat(count(*), ':', bit_xor(${row})) as sum`),
    );
  return new Map(rows.map((one) => [`${one.conversation}/${one.part}`, one]));
}

async function copyPiece(
  from: Knex,
  to: Knex,
  copied: OfConversations,
  { conversation, part }: Piece,
): Promise<void> {
  const { table, byNumber, without } = copied;
  const first = part * numbersPerPiece;
  const ofPiece = (query: Knex.QueryBuilder): void => {
    void query.modify(ofThese(copied, [conversation]));
    if (byNumber) void query.whereBetween('number', [first, first + numbersPerPiece - 1]);
  };
  const rows = await from(table).modify(ofPiece).select<object[]>();
  const anew = Object.fromEntries(without.map((column) => [column, 0]));
  await to.transaction(async (sql) => {
    await sql(table).modify(ofPiece).delete();
    for (const some of chunksOf(rows, rowsPerStatement))
      await sql(table).insert(some.map((row) => ({ ...row, ...anew })));
  });
}

const columnNames = new Map<string, readonly string[]>();

async function columnsOf(sql: Knex, { table, without }: OfConversations): Promise<readonly string[]> {
  const known = columnNames.get(table);
  if (known) return known;
  const rows = await sql('information_schema.columns')
    .whereRaw('table_schema = database()')
    .where({ tableName: table })
    .orderBy('columnName')
    .select<{ name: string }[]>('columnName as name');
  const names = rows.map(({ name }) => name).filter((name) => !without.includes(name));
  columnNames.set(table, names);
  return names;
}

/** What is left when nobody writes any more: pushes under way, the counters of the lane, and new stamps for those who are in it. */
export async function copyRest(from: LaneDatabase, to: LaneDatabase, lane: number): Promise<void> {
  for (const { table, only } of idTablesOf(lane)) {
    const rows = await from.sql(table).where(only).modify(inLane(lane)).select<object[]>();
    await to.transaction(async (sql) => {
      await sql(table).where(only).modify(inLane(lane)).delete();
      for (const some of chunksOf(rows, rowsPerStatement)) await sql(table).insert(some);
    });
  }
  await stampAnew(to, lane);
  const either = [lane, putAside(lane)];
  const row = await from.sql('im_lane').whereIn('lane', either).first<object | undefined>();
  const followed = await from
    .sql('im_away_lane')
    .where({ lane })
    .first<{ stamp: number } | undefined>('stamp');
  await to.transaction(async (sql) => {
    await sql('im_lane').whereIn('lane', either).delete();
    // In the first it is put in its place when all know that the lane is there.
    if (row) await sql('im_lane').insert({ ...row, lane: to.name === '' ? putAside(lane) : lane });
    // Up to where it was looked who is to be told: stamps of the lane stay.
    if (followed) await sql('im_away_lane').where({ lane }).update(followed);
    // Whoever was at one of its conversations cannot say any more that it is done.
    await sql('im_away_conversation')
      .whereNotNull('dueTime')
      .whereRaw(`${laneInSql('conversation')} = ?`, [lane])
      .update({ dueTime: Date.now() });
    // The words of all of it are noted anew.
    await sql('im_search_lane').where({ lane }).update({ stamp: -1, conversation: '' });
  });
}

/** Stamps of users count in each database for themselves, so whoever was told of a place up to one of there is told of it again. */
async function stampAnew(to: LaneDatabase, lane: number): Promise<void> {
  for (let after = ''; ;) {
    const conversations = await conversationsOf(to.sql, lane, after, conversationsAtOnce);
    const last = conversations.at(-1);
    if (last === undefined) return;
    await to.transaction(async (sql) => {
      const places = await sql('im_conversation_member')
        .whereIn('conversation', conversations)
        .select<PlaceKey[]>('userId', 'conversation');
      await liftPlaces(sql, places);
      const stamp = sql('im_user_stamp as s')
        .whereRaw('s.user_id = im_message_deleted.user_id')
        .select('s.stamp');
      await sql('im_message_deleted').whereIn('conversation', conversations).update({ stamp });
    });
    after = last;
  }
}

/**
 * Who was told of one database only has noted as read, for a moment after the lane has moved, what was said where it was: so it is noted where it is.
 * Resolves with how many places were moved on.
 */
export async function carryReads(from: LaneDatabase, to: LaneDatabase, lane: number): Promise<number> {
  let carried = 0;
  for (let after = ''; ;) {
    const conversations = await conversationsOf(from.sql, lane, after, conversationsAtOnce);
    const last = conversations.at(-1);
    if (last === undefined) return carried;
    const [noted, known] = await Promise.all([from.sql, to.sql].map((sql) => readsIn(sql, conversations)));
    const further = [...(noted ?? [])].filter(([name, { upTo }]) => upTo > (known?.get(name)?.upTo ?? upTo));
    for (const some of chunksOf(further, readsAtOnce))
      await to.changeIn([lane], (sql) =>
        moveReads(
          sql,
          some.map(([, read]) => read),
        ),
      );
    carried += further.length;
    after = last;
  }
}

async function readsIn(sql: Sql, conversations: readonly string[]): Promise<Map<string, Read>> {
  const rows = await sql('im_conversation_member')
    .whereIn('conversation', [...conversations])
    .select<Read[]>('userId', 'conversation', 'readNumber as upTo');
  return new Map(rows.map((row) => [nameOfPlace(row), row]));
}

/** Nothing of the lane is there any more. */
export async function emptyLane({ sql }: LaneDatabase, lane: number): Promise<void> {
  for (;;) {
    const conversations = await conversationsOf(sql, lane, '', conversationsAtOnce);
    if (conversations.length === 0) break;
    if (conversations.some((name) => laneOf(name) !== lane)) throw new Error(`Lane ${lane} has others' rows`);
    for (const conversation of conversations) await emptyConversation(sql, conversation);
  }
  for (const { table, only } of idTablesOf(lane)) await sql(table).where(only).modify(inLane(lane)).delete();
  await sql('im_search_posting').where('id', '>=', firstTimedId).modify(inLane(lane, 'id')).delete();
}

async function emptyConversation(sql: Sql, conversation: string): Promise<void> {
  const tables = tablesOf(laneOf(conversation));
  for (const one of tables) {
    if (!one.byNumber) continue;
    const some = () =>
      sql(one.table)
        .modify(ofThese(one, [conversation]))
        .limit(rowsPerStatement);
    while ((await some().delete()) > 0);
  }
  await sql('im_search_conversation').where({ conversation }).delete();
  for (const { table, byNumber } of tables) if (!byNumber) await sql(table).where({ conversation }).delete();
}
