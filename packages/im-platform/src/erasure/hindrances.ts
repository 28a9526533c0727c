import type { Knex } from 'knex';
import { askThere } from '../db/ask-there.ts';
import type { Database } from '../db/database.ts';
import { isClosedAt } from '../db/lane-fences.ts';
import type { Hindrances } from './erasure.ts';
import { isNamedIn } from './evidence.ts';

/** Of each kind; more are not named. */
export const mostNamed = 20;
const reportsAtOnce = 200;

/**
 * What of a person is to be kept for now: what somebody has reported, as those who look at it need it, and conversations that an admin holds. As long
 * as there is any, nothing of the person is erased, so that nobody has to guess what is left.
 */
export async function hindrancesOf(
  database: Pick<Database, 'sql' | 'isOneOfSeveral' | 'laneDatabases' | 'of'>,
  userId: number,
  knowsArchives: boolean,
): Promise<Hindrances> {
  const { sql } = database;
  const reports: number[] = [];
  for (let after = 0; reports.length < mostNamed;) {
    const rows = await sql('im_report')
      .where({ isClosed: 0 })
      .where('id', '>', after)
      .orderBy('id')
      .limit(reportsAtOnce)
      .select<{ id: number; reporterId: number; userId: number; evidence: string }[]>(
        ...['id', 'reporterId', 'target', 'userId', 'evidence'],
      );
    for (const { id, evidence, ...people } of rows)
      if ([people.reporterId, people.userId].includes(userId) || isNamedIn(evidence, userId))
        reports.push(id);
    const last = rows.at(-1);
    if (!last) break;
    after = last.id;
  }
  const held = await sql('im_conversation_member as m')
    .join('im_retention as r', 'r.conversation', 'm.conversation')
    .where({ 'm.userId': userId, 'r.isHeld': 1 })
    .orderBy('m.conversation')
    .limit(mostNamed)
    .select<{ conversation: string }[]>('m.conversation');
  const elsewhere = database.isOneOfSeveral ? await heldElsewhere(sql, userId) : [];
  const archives = knowsArchives
    ? []
    : await sql('im_archive_person')
        .where({ userId })
        .orderBy('name')
        .limit(mostNamed)
        .select<{ name: string }[]>('name');
  return {
    archives: archives.map(({ name }) => name),
    reports: reports.slice(0, mostNamed),
    held: [...new Set([...held, ...elsewhere].map(({ conversation }) => conversation))].slice(0, mostNamed),
    databases: database.isOneOfSeveral ? await databasesInTheWay(database, userId) : [],
  };
}

/** What tells whose they are is in the first database, wherever their places are. */
async function heldElsewhere(
  sql: Database['sql'],
  userId: number,
): Promise<readonly { readonly conversation: string }[]> {
  const ofTwo = await sql('im_retention')
    .where({ isHeld: 1 })
    .modify(ofTwoWith(userId, 'conversation'))
    .limit(mostNamed)
    .select<{ conversation: string }[]>('conversation');
  const ofGroups = await sql('im_group_member as m')
    .join('im_retention as r', (on) => void on.on(sql.raw("r.conversation = concat('group:', m.group_id)")))
    .where({ 'm.userId': userId, 'r.isHeld': 1 })
    .limit(mostNamed)
    .select<{ conversation: string }[]>('r.conversation');
  return [...ofTwo, ...ofGroups];
}

/** Conversations of two say by their names whose they are. */
function ofTwoWith(userId: number, column: string) {
  return (query: Knex.QueryBuilder): void =>
    void query.where(
      (either) =>
        void either
          .where(column, 'like', `private:${userId}:%`)
          .orWhere(column, 'like', `private:%:${userId}`),
    );
}

/** Those that do not answer; those with something of theirs in a lane that is closed there, as it moves or has moved; and those that are owed a message. */
export async function databasesInTheWay(
  database: Pick<Database, 'sql' | 'laneDatabases' | 'of'>,
  userId: number,
): Promise<string[]> {
  const { found, away } = await askThere(database, async ({ name, sql }) => {
    const left: unknown = await sql('im_conversation_member')
      .where({ userId })
      .modify(isClosedAt('conversation'))
      .first('conversation');
    return left === undefined ? [] : [nameOf(name)];
  });
  const orders = await database
    .sql('im_lane_order')
    .modify(ofTwoWith(userId, 'conversation'))
    .select<{ conversation: string }[]>('conversation');
  const ofGroups = await database
    .sql('im_lane_order as o')
    .join('im_group_member as m', (on) => {
      void on.on(database.sql.raw("o.conversation = concat('group:', m.group_id)"));
    })
    .where('m.userId', userId)
    .select<{ conversation: string }[]>('o.conversation');
  return [
    ...new Set([
      ...Array.from(away, ({ name }) => name),
      ...found.flat(),
      ...[...orders, ...ofGroups].map(({ conversation }) => nameOf(database.of(conversation).name)),
    ]),
  ];
}

function nameOf(name: string): string {
  return name === '' ? 'first' : name;
}
