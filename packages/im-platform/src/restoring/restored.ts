import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { idEpoch } from '../message-log/ids.ts';
import { forgetWhatWasDone, mendPlaces, refuseTornMoves } from './mend-lanes.ts';

/** What counts changes, so that nobody counts the same twice. Those of lanes that others have come to say -1 for none. */
export const stamped = [
  ...['im_lane', 'im_user_stamp', 'im_conversation', 'im_conversation_member'],
  ...['im_message_change', 'im_message_deleted', 'im_message_detail', 'im_search_lane', 'im_away_lane'],
] as const;

/** Whose first change has the number one: of others 0 stays, as it says that there was none. */
const fromTheFirst: readonly string[] = [
  'im_lane',
  'im_user_stamp',
  'im_conversation',
  'im_conversation_member',
];

/** Ids that others may have kept, and that a database gives out by itself. */
const counted = ['im_user', 'im_group'] as const;
const idsLost = 1_000_000;
/** Changes of a lane, or of a user, are fewer in a second. */
const stampsPerS = 10_000;
const usersAtOnce = 1_000;

/**
 * Databases were put back to an earlier state: what was counted since is known to devices, and would be counted again for something else. So all
 * counters go on behind whatever was counted, and whoever asks with a cursor of before begins anew. In each database all of it, or nothing; called
 * again it does no harm.
 */
export async function noteRestored(database: Database): Promise<string[]> {
  const now = Date.now();
  const ahead = Math.round(((now - idEpoch) / 1_000) * stampsPerS);
  const { isOneOfSeveral, laneDatabases } = database;
  if (isOneOfSeveral) await refuseTornMoves(database);
  for (const at of laneDatabases) if (at.name !== '') await beginStampsAt(at, database);
  // The first one last: a page begins anew by what that says.
  for (const at of laneDatabases.toReversed())
    await at.transaction(async (sql) => {
      if (at.name === '') await beginStamps(sql);
      for (const table of stamped)
        await sql(table)
          .where('stamp', fromTheFirst.includes(table) ? '>=' : '>', 0)
          .update({ stamp: sql.raw('?? + ?', ['stamp', ahead]) });
      await sql('im_lane').update({ epoch: now });
      if (at.dialect === 'sqlite') for (const table of counted) await skipIdsOfSqlite(sql, table);
    });
  // It would end a transaction of MySQL.
  if (database.dialect === 'mysql') for (const table of counted) await skipIdsOfMysql(database.sql, table);
  const mended = isOneOfSeveral ? await mendPlaces(database) : 0;
  if (isOneOfSeveral) await forgetWhatWasDone(database);
  return [
    ...(mended > 0 ? [`In ${mended} groups places are again those of their members.`] : []),
    'All devices begin anew with their next sync, and no number that they know is given to something else.',
    'Now start the platforms, and restart the push servers, so that all devices connect again.',
  ];
}

/** Who has changed nothing yet may have done so in what was lost. */
async function beginStamps(sql: Sql): Promise<void> {
  await sql.raw(
    `insert into im_user_stamp (user_id, stamp)
     select id, 0 from im_user where id not in (select user_id from im_user_stamp)`,
  );
}

/** The same where users are not: they are in the first one. */
async function beginStampsAt(at: LaneDatabase, first: Pick<Database, 'sql'>): Promise<void> {
  for (let after = 0; ;) {
    const users = await first
      .sql('im_user')
      .where('id', '>', after)
      .orderBy('id')
      .limit(usersAtOnce)
      .select<{ id: number }[]>('id');
    const last = users.at(-1);
    if (!last) return;
    await at
      .sql('im_user_stamp')
      .insert(users.map(({ id: userId }) => ({ userId, stamp: 0 })))
      .onConflict('userId')
      .ignore();
    after = last.id;
  }
}

async function skipIdsOfSqlite(sql: Sql, name: string): Promise<void> {
  await sql('sqlite_sequence')
    .where({ name })
    .update({ seq: sql.raw('seq + ?', [idsLost]) });
}

async function skipIdsOfMysql(sql: Sql, table: string): Promise<void> {
  const [row] = await sql(table).max<{ id: number | null }[]>('id as id');
  await sql.raw(`alter table ?? auto_increment = ${(row?.id ?? 0) + idsLost}`, [table]);
}
