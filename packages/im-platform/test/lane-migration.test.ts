import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { onCleanup, testMysql } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { laneCount, laneOf } from '../src/db/lanes.ts';
import { down, up } from '../src/db/migrations/015-lanes.ts';
import { migrate, openDatabase, type Database } from '../src/index.ts';
import { storeKinds, type StoreKind } from './support/test-platform.ts';

const names = ['private:1:2', 'private:1:3', 'private:20:30', 'group:1', 'group:2', 'group:30'];

/** A database as it was before lanes. */
async function open(store: StoreKind): Promise<Database> {
  let url: string;
  if (store === 'mariadb') ({ url } = await testMysql());
  else {
    const folder = await mkdtemp(join(tmpdir(), 'im-test-platform-'));
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    url = `sqlite:${join(folder, 'im.db')}`;
  }
  const database = openDatabase({ url });
  onCleanup(() => database.close());
  const { sql } = database;
  await migrate(sql);
  await down(sql);
  const values = {
    'private:id': 40,
    'private:time': 4_000,
    'private:stamp': 4,
    'group:id': 70,
    'group:stamp': 7,
  };
  for (const [name, value] of [...Object.entries(values), ['import:users', 3] as const])
    await sql('im_counter').insert({ name, value }).onConflict('name').merge();
  const last = { lastNumber: 9, lastId: 9, lastTime: 1, stamp: 2 };
  await sql('im_conversation').insert(
    names.map((conversation) => ({ ...last, conversation, lane: conversation.startsWith('group') ? 1 : 0 })),
  );
  return database;
}

async function lanes(sql: Knex): Promise<Record<string, number>> {
  const rows = await sql('im_conversation').select<{ conversation: string; lane: number }[]>(
    'conversation',
    'lane',
  );
  return Object.fromEntries(rows.map(({ conversation, lane }) => [conversation, lane]));
}

/** What an instance of before does first of all when it stores messages. */
function asBefore({ transaction }: Database): Promise<unknown> {
  return transaction((sql) =>
    sql('im_counter').whereIn('name', ['private:id', 'private:time']).forUpdate().select('name', 'value'),
  );
}

/** And one of now. */
function asNow({ transaction }: Database): Promise<unknown> {
  return transaction((sql) => sql('im_lane').where({ lane: 0 }).forUpdate().select('lastId'));
}

describe.each(storeKinds)('lanes in a database of before, on %s', (store) => {
  it('hold its conversations, go on above its ids, and can be taken back', async () => {
    const database = await open(store);
    const { sql } = database;
    await expect(asBefore(database)).resolves.toHaveLength(2);

    await up(sql);

    expect(await lanes(sql)).toEqual(Object.fromEntries(names.map((name) => [name, laneOf(name)])));
    const rows = await sql('im_lane').orderBy('lane').select<object[]>();
    expect(rows).toHaveLength(laneCount);
    expect(rows[4]).toEqual({ lane: 4, lastId: 40, lastTime: 4_000, stamp: 4 });
    expect(rows[5]).toEqual({ lane: 5, lastId: 70, lastTime: 0, stamp: 7 });
    await expect(asNow(database)).resolves.toHaveLength(1);
    // It would give out ids that pages have passed over.
    await expect(asBefore(database)).rejects.toThrow();

    await sql('im_lane').where({ lane: 6 }).update({ lastId: 5_000, stamp: 50, lastTime: 6_000 });
    await down(sql);

    await expect(asNow(database)).rejects.toThrow();
    const counters = await sql('im_counter').select<{ name: string; value: number }[]>();
    expect(Object.fromEntries(counters.map(({ name, value }) => [name, value]))).toEqual({
      ...{ 'private:id': 5_000, 'private:time': 6_000, 'private:stamp': 50, 'import:users': 3 },
      ...{ 'group:id': 70, 'group:stamp': 7 },
    });
    expect(new Set(Object.values(await lanes(sql)))).toEqual(new Set([0, 1]));
  });

  it('are made once more when it was broken off in the middle, and hold what was stored since', async () => {
    const { sql } = await open(store);
    await sql.schema.renameTable('im_counter', 'im_progress');
    await sql.schema.createTable('im_latecomer', (table) => table.string('audience', 32));
    await sql.schema.dropTable('im_latecomer');

    await up(sql);
    await sql('im_lane').where({ lane: 4 }).update({ lastId: 900 });
    // It died before anybody noted that it was done.
    await up(sql);

    expect(await sql('im_lane').where({ lane: 4 }).first()).toMatchObject({ lastId: 900 });
    await sql.schema.renameTable('im_lane', 'im_lane_before');
    await down(sql);
    expect(await sql('im_counter').where({ name: 'private:id' }).first()).toMatchObject({ value: 900 });
  });
});
