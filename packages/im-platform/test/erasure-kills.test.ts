import { randomBytes } from 'node:crypto';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { onCleanup } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import { ArchiveRecords } from '../src/archiving/archive-records.ts';
import { messagesIn } from '../src/archiving/archive-file.ts';
import { unwrap } from '../src/client/index.ts';
import { whereTheNumberStays } from '../src/erasure/what-stays.ts';
import { LocalFileStore } from '../src/files/file-store.ts';
import { openDatabase, type Database } from '../src/index.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { dice } from './support/dice.ts';
import type { DyingWork } from './support/dying-worker.ts';
import { filesOf, having, valuesIn } from './support/everywhere.ts';
import { temporaryFolder } from './support/folders.ts';
import { say } from './support/messages.ts';
import { startProgram } from './support/program.ts';
import { startTestPlatform, storeKinds, type StoreKind } from './support/test-platform.ts';
import { leaveTraces, lookNow, withTheNumber } from './support/traces.ts';

// Processes take long to start on a machine that is busy with other tests.
vi.setConfig({ testTimeout: 120_000 });

const many = 230;
const [october, december] = [9, 11].map((month) => Date.UTC(2020, month)) as [number, number];

/** Somebody who is to be erased, with words in many messages, half of them of an old month; the platform has ended. */
async function scene(store: StoreKind) {
  const folder = await temporaryFolder();
  const test = await startTestPlatform({
    store,
    platform: { filesDir: folder, archiveDir: folder, sweepMs: 60, drive: true },
  });
  const [admin, bob, cleo] = [
    await test.register('admin'),
    await test.register('bob'),
    await test.register('cleo'),
  ];
  await makeAdmin(test, admin);
  const mark = `zq${randomBytes(5).toString('hex')}`;
  const { mira, withBob } = await leaveTraces(test, mark, { bob, cleo, admin });
  const { sql, url } = test.platform.database;
  await addMany(test.platform.database, withBob, mark);
  await say(bob, mira, 'the last words of bob');
  const asAdmin = await apiOf(test, admin);
  const params = { path: { userId: String(mira.id) } };
  await unwrap(asAdmin.POST('/v1/admin/users/{userId}/erasure', { params }));
  await expect
    .poll(async () => (await sql('im_account_erasure').select()).length, { timeout: 20_000 })
    .toBe(0);
  // It waits for reports; nobody closes them while this one lives.
  await test.platform.close();
  const database = openDatabase({ url });
  onCleanup(() => database.close());
  return { database, folder, mark, withBob };
}

/** As the first one, after all others. */
async function addMany({ sql }: Database, conversation: string, mark: string): Promise<void> {
  const rows = () => sql('im_private_message').where({ conversation });
  const [first] = await rows().where({ number: 1 }).select<{ id: number }[]>();
  const [end] = await rows()
    .orderBy('number', 'desc')
    .limit(1)
    .select<{ id: number; number: number }[]>('id', 'number');
  if (!first || !end) throw new Error('Nothing is said.');
  for (let index = 1; index <= many; index++)
    await sql('im_private_message').insert({
      ...{ ...first, id: end.id + index, number: end.number + index, content: `${mark} ${index}` },
      ...{ dedupeKey: null, tmpId: null },
    });
  await sql('im_conversation')
    .where({ conversation })
    .update({ lastNumber: end.number + many });
  await rows()
    .where('number', '<=', end.number + many / 2)
    .update({ sendTime: october });
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** Does it in one process after the other, each of which is killed somewhat later than the one before, until one is not; says how many were. */
async function workUntilDone(
  { database, folder }: Scene,
  { steps, ...work }: Pick<DyingWork, 'beforeMs'> & { readonly steps: number },
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const throwDice = dice(Number(process.env['ERASURE_SEED'] ?? 5));
  for (let [dieAt, killed] = [0, 0]; ; killed++) {
    dieAt += 1 + throwDice(steps);
    // The time of whoever has died is over.
    await database.sql('im_archive').where({ state: 'writing' }).update({ createdTime: 0 });
    for (const part of await partsIn(folder)) await utimes(join(folder, 'unfinished', part), 0, 0);
    await lookNow(database);
    const { url } = database;
    const worker = startProgram([JSON.stringify({ url, folder, dieAt, ...work } satisfies DyingWork)], {
      script: 'test/support/dying-worker.ts',
    });
    const { code, signal } = await worker.exit;
    if (code !== null) {
      expect(code, worker.stderr).toBe(0);
      return killed;
    }
    expect(signal).toBe('SIGKILL');
    await between();
  }
}

function partsIn(folder: string): Promise<string[]> {
  return readdir(join(folder, 'unfinished')).catch(() => []);
}

/** Numbers of the conversation that are in the database, and in files that were written as a whole. */
async function numbersIn({ database, folder, withBob }: Scene): Promise<number[]> {
  const rows = await database
    .sql('im_private_message')
    .where({ conversation: withBob })
    .select<{ number: number }[]>('number');
  const numbers = new Set(rows.map((row) => row.number));
  for (const archive of await new ArchiveRecords(database).all())
    if (archive.state === 'verified' || archive.state === 'done')
      for await (const { conversation, message } of messagesIn(new LocalFileStore(folder), archive))
        if (conversation === withBob) numbers.add(message.number);
  return [...numbers].toSorted((one, other) => one - other);
}

describe.each(storeKinds)('killed in the midst of it on %s', (store) => {
  it('old months are archived and people erased by those that come after: nothing is lost, and nothing left', async () => {
    const at = await scene(store);
    const { database, folder, mark } = at;
    const { sql } = database;
    const all = await numbersIn(at);
    const archivers = await workUntilDone(at, { beforeMs: december, steps: 12 }, async () => {
      expect(await numbersIn(at)).toEqual(all);
    });
    expect(archivers).toBeGreaterThan(1);
    expect(await numbersIn(at)).toEqual(all);
    const left = await sql('im_private_message')
      .where({ conversation: at.withBob, sendTime: october })
      .select();
    expect(left).toEqual([]);
    await expectKnownArchives(at);
    expect(await wordsIn(at)).toContain(`${mark} 1`);

    await sql('im_report').update({ isClosed: 1 });
    expect(await workUntilDone(at, { steps: 80 })).toBeGreaterThan(2);
    await expectKnownArchives(at);
    expect(await numbersIn(at)).toEqual(all);
    expect(await wordsIn(at)).not.toContain(mark);
    const places = [...(await valuesIn(database)), ...(await filesOf(folder))];
    expect(having(places, mark)).toEqual([]);
    expect(withTheNumber(places).filter((where) => !(where in whereTheNumberStays))).toEqual([]);
    expect(places.map(({ text }) => text)).toContain('the last words of bob');
    const [receipt] = await sql('im_erasure').select<{ counts: string }[]>('counts');
    const counts = JSON.parse(receipt?.counts ?? '') as Record<string, number>;
    // One is a line of the platform, which is not counted where it is in the database.
    expect((counts['messages'] ?? 0) + (counts['archived'] ?? 0)).toBe(8 + many + 1);
    expect(counts).toMatchObject({ forwards: 5, reports: 3, files: 3 });
  });
});

/** Nothing lies where archives are that nobody knows of. */
async function expectKnownArchives({ database, folder }: Scene): Promise<void> {
  expect(await partsIn(folder)).toEqual([]);
  const known = await new ArchiveRecords(database).all();
  expect([...new Set(known.map(({ state }) => state))]).toEqual(['done']);
  const there = (await readdir(join(folder, '2020-10'))).map((name) => `2020-10/${name}`);
  expect(there.toSorted()).toEqual(known.map(({ name }) => name).toSorted());
}

/** What is in archives. */
async function wordsIn({ folder }: Scene): Promise<string> {
  const files = await filesOf(join(folder, '2020-10'));
  return files
    .map(({ text }) => gunzipSync(Buffer.from(text.slice(text.indexOf('\n') + 1), 'latin1')).toString('utf8'))
    .join('\n');
}
