import { crc32 } from 'node:zlib';
import type { Knex } from 'knex';
import { chunksOf } from '../chunks.ts';
import { createTable } from './create-table.ts';

// Lanes instead of one log for each kind: see message-log/. The table of the counters gets another name first of all, so that an instance
// of before can store nothing from then on. Broken off anywhere it is run again: MySQL does not undo what was begun.
export async function up(sql: Knex): Promise<void> {
  await rename(sql, 'im_counter', 'im_progress');
  await createOnce(sql, 'im_lane', (table) => {
    table.smallint('lane').notNullable().primary();
    table.bigInteger('last_id').notNullable();
    table.bigInteger('last_time').notNullable();
    table.bigInteger('stamp').notNullable();
  });
  await createOnce(sql, 'im_latecomer', (table) => {
    table.string('audience', 32).notNullable();
    table.bigInteger('message_id').notNullable();
    // The highest id that was there when it was noted.
    table.bigInteger('highest_id').notNullable();
    table.primary(['audience', 'message_id']);
    table.index(['audience', 'highest_id'], 'idx_latecomer_found');
    table.index(['highest_id'], 'idx_latecomer_age');
  });
  const counters = new Map(
    (await sql('im_progress').select<{ name: string; value: number }[]>('name', 'value')).map((row) => [
      row.name,
      row.value,
    ]),
  );
  const rows = await Promise.all(
    Array.from({ length: laneCount }, async (_, lane) => {
      const kind = kinds[lane % 2] ?? 'private';
      const of = (what: string): number => counters.get(`${kind}:${what}`) ?? 0;
      const lastId = Math.max(of('id'), await highestId(sql, kind));
      return { lane, lastId, lastTime: of('time'), stamp: of('stamp') };
    }),
  );
  await sql('im_lane').insert(rows).onConflict('lane').ignore();
  await spread(sql);
  await sql('im_progress').whereIn('name', names).delete();
}

/** Whatever uses lanes can store nothing from its first step on. */
export async function down(sql: Knex): Promise<void> {
  await rename(sql, 'im_lane', 'im_lane_before');
  if (await sql.schema.hasTable('im_lane_before')) {
    const lanes = await sql('im_lane_before').select<Lane[]>('lane', 'lastId', 'lastTime', 'stamp');
    const rows = kinds.flatMap((kind, index) => {
      const its = lanes.filter(({ lane }) => lane % 2 === index);
      const most = (of: (lane: Lane) => number): number => Math.max(0, ...its.map(of));
      return [
        { name: `${kind}:id`, value: most(({ lastId }) => lastId) },
        { name: `${kind}:time`, value: most(({ lastTime }) => lastTime) },
        { name: `${kind}:stamp`, value: most(({ stamp }) => stamp) },
      ];
    });
    await rename(sql, 'im_progress', 'im_counter');
    // As the log of before did, which began with ids alone.
    const counted = rows.filter(({ name, value }) => value > 0 || name.endsWith(':id'));
    await sql('im_counter').insert(counted).onConflict('name').merge(['value']);
    await sql('im_conversation').update({
      lane: sql.raw("case when conversation like 'group:%' then 1 else 0 end"),
    });
    await sql.schema.dropTable('im_lane_before');
  }
  await rename(sql, 'im_progress', 'im_counter');
  await sql.schema.dropTableIfExists('im_latecomer');
}

interface Lane {
  readonly lane: number;
  readonly lastId: number;
  readonly lastTime: number;
  readonly stamp: number;
}

const kinds = ['private', 'group'] as const;
const names = kinds.flatMap((kind) => ['id', 'time', 'stamp'].map((what) => `${kind}:${what}`));
const laneCount = 64;
const conversationsPerChunk = 5_000;
const namesPerUpdate = 400;

async function highestId(sql: Knex, kind: (typeof kinds)[number]): Promise<number> {
  const [row] = await sql(`im_${kind}_message`).max<{ highest: number | null }[]>('id as highest');
  return row?.highest ?? 0;
}

/** As db/lanes.ts had it when this was made; a test compares them. */
function laneOf(conversation: string): number {
  return 2 * (crc32(conversation) % (laneCount / 2)) + (conversation.startsWith('group:') ? 1 : 0);
}

/** Conversations were in two lanes. Which one is theirs follows from their names, so this can be done twice. */
async function spread(sql: Knex): Promise<void> {
  for (let after = ''; ;) {
    const rows = await sql('im_conversation')
      .where('conversation', '>', after)
      .orderBy('conversation')
      .limit(conversationsPerChunk)
      .select<{ conversation: string; lane: number }[]>('conversation', 'lane');
    const last = rows.at(-1);
    if (!last) return;
    const byLane = new Map<number, string[]>();
    for (const { conversation, lane } of rows) {
      const wanted = laneOf(conversation);
      if (lane === wanted) continue;
      const its = byLane.get(wanted) ?? [];
      its.push(conversation);
      byLane.set(wanted, its);
    }
    for (const [lane, conversations] of byLane)
      for (const some of chunksOf(conversations, namesPerUpdate))
        await sql('im_conversation').whereIn('conversation', some).update({ lane });
    after = last.conversation;
  }
}

async function rename(sql: Knex, from: string, to: string): Promise<void> {
  if (await sql.schema.hasTable(from)) await sql.schema.renameTable(from, to);
}

async function createOnce(
  sql: Knex,
  name: string,
  define: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  if (!(await sql.schema.hasTable(name))) await createTable(sql, name, define);
}
