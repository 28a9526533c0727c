import { randomBytes } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { unwrap } from '../src/client/index.ts';
import { ErasureStore } from '../src/erasure/erasure-store.ts';
import { whereTheNumberStays } from '../src/erasure/what-stays.ts';
import { lanesOf } from '../src/db/lanes.ts';
import type { Database } from '../src/index.ts';
import { orderLanes } from '../src/lanes/move-lanes.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import type { DyingWork } from './support/dying-worker.ts';
import { filesOf, having, valuesIn, type Place } from './support/everywhere.ts';
import { temporaryFolder } from './support/folders.ts';
import { startElsewhere } from './support/lanes-elsewhere.ts';
import { startProgram } from './support/program.ts';
import { startTestPlatform } from './support/test-platform.ts';
import { leaveTraces, lookNow, withTheNumber } from './support/traces.ts';

// Of somebody whose conversations are in two databases nothing is left in either.

vi.setConfig({ testTimeout: 240_000 });

/** Statements before which whoever erases is killed, one after the other. */
const deaths = [45, 130, 260];

it('waits while a database is away, and then leaves nothing in any, though those who do it are killed', async () => {
  const { database, server, url, named } = await startElsewhere();
  const folder = await temporaryFolder();
  const test = await startTestPlatform({
    store: 'mariadb',
    platform: {
      ...{ database: url, laneDatabases: [named], filesDir: folder, drive: true, ownDeletion: 'everything' },
      ...{ sweepMs: 250, requestTimeoutMs: 60_000 },
    },
  });
  const [admin, bob, cleo] = [
    await test.register('admin'),
    await test.register('bob'),
    await test.register('cleo'),
  ];
  await makeAdmin(test, admin);
  const mark = `zq${randomBytes(5).toString('hex')}`;
  const { mira, withBob } = await leaveTraces(test, mark, { bob, cleo, admin });
  const order = { what: 'move', lanes: lanesOf('private'), to: 'east' } as const;
  await orderLanes(database, order, { say: () => undefined, restMs: 1_500 });
  const bothHave = async (): Promise<Place[]> => {
    const places: Place[] = [];
    for (const { sql, dialect } of database.laneDatabases)
      places.push(...(await valuesIn({ sql, dialect } as Database)));
    return places;
  };
  await database.sql('im_report').update({ isClosed: 1 });

  await server.kill();
  const asAdmin = await apiOf(test, admin);
  const params = { path: { userId: String(mira.id) } };
  const { id: erasureId } = await unwrap(asAdmin.POST('/v1/admin/users/{userId}/erasure', { params }));
  const shown = () =>
    unwrap(asAdmin.GET('/v1/admin/erasures/{erasureId}', { params: { path: { erasureId } } }));
  expect(await shown()).toMatchObject({
    state: 'waiting',
    waitsFor: { reports: [], databases: ['east'] },
    erased: {},
  });
  // This platform is to come no further: those who do it die.
  await database.sql('im_report').update({ isClosed: 0 });
  await server.restart();
  const departing = database.sql('im_account_erasure');
  await expect
    .poll(
      async () => {
        await departing.clone().update({ nextTime: 0 });
        return departing.clone().select();
      },
      { timeout: 60_000, interval: 6_000 },
    )
    .toEqual([]);
  // What it tells others waits for the database, and is to be stored first.
  await expect.poll(() => database.sql('im_lane_order')).toEqual([]);
  await test.platform.close();
  await database.sql('im_report').update({ isClosed: 1 });
  expect(having(await bothHave(), mark)).toContain('im_private_message.content');

  // One who dies when it is erased there, and counted, and not noted yet.
  await lookNow(database);
  const dead = await new ErasureStore(database).claim();
  await database.laneDatabases[1]?.transaction((sql) =>
    dead ? dead.countThere(sql, { archived: 1_000 }) : expect.fail('Somebody is at it'),
  );

  for (const dieAt of [...deaths, undefined]) {
    await lookNow(database);
    const work: DyingWork = {
      ...{ url, folder, laneDatabases: [{ name: 'east', url: `${server.url}lanes` }] },
      ...(dieAt !== undefined && { dieAt }),
    };
    const { exit, stderr } = startProgram([JSON.stringify(work)], { script: 'test/support/dying-worker.ts' });
    expect(await exit, stderr).toEqual(
      dieAt === undefined ? { code: 0, signal: null } : { code: null, signal: 'SIGKILL' },
    );
  }
  // Whoever died has counted what they had erased.
  expect(await new ErasureStore(database).find(Number(erasureId))).toMatchObject({
    counts: { messages: 8, forwards: 5, reactions: 1, reports: 3, archived: 1_000 },
  });
  const places = [...(await bothHave()), ...(await filesOf(folder))];
  expect(having(places, mark)).toEqual([]);
  expect(withTheNumber(places).filter((where) => !(where in whereTheNumberStays))).toEqual([]);
  expect(places.map(({ text }) => text)).toContain('words of bob');
  expect(
    await database.laneDatabases[1]?.sql('im_private_message').where({ conversation: withBob }),
  ).toHaveLength(await lastOf(database, withBob));
});

async function lastOf({ laneDatabases }: Database, conversation: string): Promise<number> {
  const row = await laneDatabases[1]
    ?.sql('im_conversation')
    .where({ conversation })
    .first<{ lastNumber: number } | undefined>('lastNumber');
  return row?.lastNumber ?? 0;
}
