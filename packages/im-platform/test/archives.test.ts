import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { orderArchives } from '../src/archiving/archive-command.ts';
import { archiveOrderIn, type ArchiveOrder } from '../src/archiving/archive-order.ts';
import { openArchivePlace, type ArchiveOptions } from '../src/archiving/open-archive-place.ts';
import type { Archive } from '../src/archiving/archive.ts';
import { ArchiveRecords } from '../src/archiving/archive-records.ts';
import { ArchiveRunStore } from '../src/archiving/archive-run-store.ts';
import { ArchiveRuns } from '../src/archiving/archive-runs.ts';
import { Archiver } from '../src/archiving/archiver.ts';
import type { FileStore } from '../src/files/file-store.ts';
import type { PlatformOptions } from '../src/index.ts';
import { unwrap, type ApiClient, type ApiProblem, type paths } from '../src/client/index.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { filesOf } from './support/everywhere.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { TestKeys } from './support/key-provider.ts';
import { say, sayInGroup } from './support/messages.ts';
import { atS3, S3Server } from './support/s3-server.ts';
import { allNoted, readAll, searchAll } from './support/search.ts';
import { startTestPlatform, storeKinds, type StoreKind } from './support/test-platform.ts';

const [october, november, december] = [9, 10, 11].map((month) => Date.UTC(2020, month, 5)) as [
  number,
  number,
  number,
];
const beforeDecember: ArchiveOrder = { what: 'write', beforeMs: Date.UTC(2020, 11) };

async function scene(store: StoreKind, more: Partial<PlatformOptions> = {}) {
  // In a bucket with the one, in a folder with the other.
  const s3 = store === 'sqlite' ? await S3Server.start() : undefined;
  const folder = await temporaryFolder();
  const options = {
    ...{ filesDir: folder, s3Region: 'us-east-1' },
    ...(s3 ? atS3(s3.url) : { archiveDir: folder, s3PathStyle: false }),
  };
  const test = await startTestPlatform({ store, platform: { ...options, sweepMs: 200, ...more } });
  const place = openArchivePlace({ s3PathStyle: true, ...options } as ArchiveOptions);
  if (!place) throw new Error('There is no place.');
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  const { id: group } = await openGroup(ann, [bob]);
  const { database } = test.platform;
  const said: string[] = [];
  const order = async (what: ArchiveOrder): Promise<string[]> => {
    said.length = 0;
    await orderArchives(database, place, { order: what, say: (line) => said.push(line) });
    return [...said];
  };
  return {
    ...{ test, place, ann, bob, group, database, order },
    pair: `private:${ann.id}:${bob.id}`,
    club: `group:${group}`,
    archives: () => new ArchiveRecords(database).all(),
    folder: s3 ? s3.directory : folder,
  };
}

type Scene = Awaited<ReturnType<typeof scene>>;

/** These numbers were said then. */
async function age({ database, group }: Scene, id: string, upTo: number, sendTime: number): Promise<void> {
  const rows = id.startsWith('group')
    ? database.sql('im_group_message').where({ groupId: group })
    : database.sql('im_private_message').where({ conversation: id });
  await rows.where('number', '<=', upTo).where('sendTime', '>', Date.UTC(2021)).update({ sendTime });
}

async function numbersOf(api: ApiClient, conversationId: string): Promise<number[]> {
  return (await readAll(api, conversationId))
    .map(({ number }) => number)
    .toSorted((one, other) => one - other);
}

type Run = paths['/v1/admin/archive-runs']['post']['requestBody']['content']['application/json'];

/** The same store, which is put into in another way. */
function putting(store: FileStore, put: FileStore['put']): FileStore {
  return {
    put,
    check: () => store.check(),
    size: (key) => store.size(key),
    read: (key, range) => store.read(key, range),
    delete: (key) => store.delete(key),
    close: () => store.close(),
  };
}

describe.each(storeKinds)('old months on %s', (store) => {
  it('are written into files, read again, removed, and come back as they were; what is new, held or reported stays', async () => {
    const at = await scene(store);
    const { test, ann, bob, pair, club, group, order, archives } = at;
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
    await say(ann, bob, 'the pelican of october');
    const params = { path: { conversationId: pair, number: 1 } };
    await unwrap(
      asAnn.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
        params,
        body: { content: { type: 'text', text: 'the walrus of october' } },
      }),
    );
    await age(at, pair, 1, october);
    await say(ann, bob, 'november');
    await age(at, pair, 2, november);
    await say(bob, ann, 'december');
    await age(at, pair, 3, december);
    await say(ann, bob, 'now');
    const { number: last } = await sayInGroup(bob, group, 'reported in october');
    await age(at, club, last, october);
    await allNoted(test);
    await unwrap(asAnn.POST('/v1/reports', { body: { conversationId: club, number: last, reason: 'spam' } }));
    const { cursor } = await unwrap(asBob.POST('/v1/sync', { body: {} }));
    const whole = await readAll(asBob, pair);

    // Before what was reported there are lines of the platform.
    expect((await order(beforeDecember)).at(-1)).toBe(
      `${2 + last - 1} messages were removed from the database.`,
    );
    expect((await archives()).map(({ name, state }) => [name.slice(0, 7), state])).toEqual([
      ['2020-10', 'done'],
      ['2020-11', 'done'],
    ]);
    expect(await numbersOf(asBob, pair)).toEqual([3, 4]);
    expect(await numbersOf(asBob, club)).toEqual([last]);
    expect(await searchAll(asBob, 'walrus')).toEqual([]);
    const synced = await unwrap(asBob.POST('/v1/sync', { body: { cursor } }));
    expect(synced.conversations.find(({ id }) => id === pair)).toMatchObject({
      first: 3,
      last: 4,
      unread: 1,
    });
    // Again there is nothing to do; and what is held stays.
    await test.platform.database.sql('im_report').update({ isClosed: 1 });
    await test.platform.database.sql('im_retention').insert({ conversation: club, isHeld: 1 });
    expect(await order(beforeDecember)).toEqual(['0 messages were removed from the database.']);

    const [first, second] = (await archives()) as [Archive, Archive];
    const lines = (await order({ what: 'read', name: second.name })).map(
      (line) => JSON.parse(line) as object,
    );
    expect(lines).toMatchObject([{ conversation: pair, message: { number: 2, content: 'november' } }]);
    // October lacks november until that is back.
    expect(await order({ what: 'import', name: first.name })).toContain(
      `${pair} lacks what comes between. Import the archives of later months first.`,
    );
    expect(await order({ what: 'import', name: second.name })).toEqual(['1 messages are back.']);
    expect(await order({ what: 'import', name: second.name })).toEqual(['0 messages are back.']);
    await order({ what: 'import', name: first.name });
    expect(await readAll(asBob, pair)).toEqual(whole);
    expect((await searchAll(asBob, 'walrus')).map(({ number }) => number)).toEqual([1]);
    const edits = await unwrap(
      asBob.GET('/v1/conversations/{conversationId}/messages/{number}/edits', { params }),
    );
    expect(edits.items).toMatchObject([{ content: { text: 'the pelican of october' } }]);
    const after = await unwrap(asBob.POST('/v1/sync', { body: { cursor: synced.cursor } }));
    expect(after.conversations.find(({ id }) => id === pair)).toMatchObject({ first: 1, unread: 1 });
  });

  it('are finished by the next one when it dies before it removes them, but for what was changed meanwhile', async () => {
    const at = await scene(store);
    const { test, ann, bob, pair, club, group, order, archives, database } = at;
    const asBob = await apiOf(test, bob);
    for (const text of ['one', 'two']) await say(ann, bob, text);
    await age(at, pair, 2, october);
    const { number: last } = await sayInGroup(bob, group, 'three');
    await age(at, club, last, october);
    // It dies when it is about to remove.
    const dying = new Archiver(
      {
        sql: database.sql,
        of: () => database,
        laneDatabases: [database],
        findLanes: () => database.findLanes(),
        transaction: (work) =>
          database.transaction(async (sql) => {
            const found: unknown = await sql('im_archive').where({ state: 'verified' }).first('name');
            if (found !== undefined) throw new Error('dead');
            return work(sql);
          }),
      },
      at.place,
    );
    await expect(dying.run(Date.UTC(2020, 11), () => undefined)).rejects.toThrow('dead');
    expect((await archives()).map(({ state }) => state)).toEqual(['verified']);
    expect(await numbersOf(asBob, pair)).toEqual([1, 2]);
    // Meanwhile somebody reacts to what is in the file.
    const params = { path: { conversationId: pair, number: 2, emoji: '👍' } };
    await unwrap(
      asBob.PUT('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', { params }),
    );

    const archiving = order(beforeDecember);
    // And people go on.
    for (let number = 3; number <= 12; number++) await say(bob, ann, `${number}`);
    const lines = await archiving;
    expect(lines[0]).toContain('was written before, and is finished');
    expect(await numbersOf(asBob, club)).toEqual([]);
    expect(await numbersOf(asBob, pair)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    const written = await archives();
    expect(written.map(({ state }) => state)).toEqual(['done', 'done']);
    // As it was at the end.
    const newest = written.find(({ ranges }) => ranges.every(({ conversation }) => conversation === pair));
    expect((await order({ what: 'read', name: newest?.name ?? '' })).join('\n')).toContain('👍');
  });

  it('are moved, read and brought back by an admin, one run at a time, and all of it is in the audit trail', async () => {
    // What is encrypted in the database is so in a file, and readable to who runs the platform.
    const at = await scene(store, { encryptionKeyProvider: new TestKeys('a') });
    const { test, ann, bob, pair, archives, place } = at;
    const api = await apiOf(test, ann);
    const order = (body: Run) => unwrap(api.POST('/v1/admin/archive-runs', { body }));
    const codeOf = (body: Run) =>
      order(body).then(
        () => 'done',
        (error: unknown) => (error as ApiProblem).code,
      );
    const write: Run = { what: 'write', month: '2020-12' };
    await expect(order(write)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    await makeAdmin(test, ann);
    const ended = async ({ id }: { id: string }) => {
      const find = () =>
        unwrap(api.GET('/v1/admin/archive-runs/{runId}', { params: { path: { runId: id } } }));
      await expect.poll(async () => (await find()).finishedAt).not.toBeNull();
      return find();
    };
    await say(ann, bob, 'october');
    await age(at, pair, 1, october);
    await say(ann, bob, 'november');
    await age(at, pair, 2, november);
    await say(ann, bob, 'now');

    expect(await codeOf({ what: 'write', month: '9999-01' })).toBe('INVALID_ARGUMENT');
    expect(await codeOf({ what: 'import', archive: '2020-10/nothing' })).toBe('NOT_FOUND');
    // Of many at once one begins.
    const begun = await Promise.allSettled(Array.from({ length: 5 }, () => order(write)));
    const [mine, ...more] = begun.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    if (!mine) throw new Error('None has begun.');
    expect(more).toEqual([]);
    expect(await ended(mine)).toMatchObject({ archives: 2, messages: 2, error: null, month: '2020-12' });
    expect(await numbersOf(await apiOf(test, bob), pair)).toEqual([3]);

    const { items } = await unwrap(api.GET('/v1/admin/archives', { params: { query: { limit: 1 } } }));
    expect(items).toMatchObject([{ state: 'done', messages: 1 }]);
    const [month = '', file = ''] = items[0]?.name.split('/') ?? [];
    const params = { path: { month, file } };
    expect(await unwrap(api.GET('/v1/admin/archives/{month}/{file}', { params }))).toMatchObject({
      conversations: [{ conversationId: pair, from: 1, to: 1 }],
    });
    const headers = { authorization: `Bearer ${ann.tokens.accessToken}` };
    const read = async (): Promise<unknown> =>
      (await fetch(`${test.url}/v1/admin/archives/${month}/${file}/messages`, { headers })).json();
    expect(await read()).toMatchObject({ message: { content: 'october' } });
    const [line] = await at.order({ what: 'read', name: items[0]?.name ?? '' });
    expect(line).toMatch(/"content":"im1:/);

    // The later one comes first.
    const [first, second] = (await archives()).map(({ name }) => name) as [string, string];
    expect(await ended(await order({ what: 'import', archive: first }))).toMatchObject({
      ...{ messages: 0, missing: [pair], archive: first, error: null },
    });
    expect(await ended(await order({ what: 'import', archive: second }))).toMatchObject({ messages: 1 });
    await ended(await order({ what: 'import', archive: first }));
    expect(await numbersOf(await apiOf(test, bob), pair)).toEqual([1, 2, 3]);

    const other = join(await temporaryFolder(), 'other');
    await writeFile(other, 'another file');
    await place.store.put(first, other);
    expect(await read()).toMatchObject({ code: 'ARCHIVE_BROKEN' });
    const failed = await ended(await order({ what: 'import', archive: first }));
    expect(failed.error).toContain('expected');
    const trail = await unwrap(
      api.GET('/v1/admin/audit', { params: { query: { action: 'adminRunArchives' } } }),
    );
    expect(trail.items.map(({ details }) => details['archive'] ?? details['month'])).toEqual([
      ...[first, first, second, first, '2020-12'],
    ]);
  });

  it('are finished by another instance when the one that writes them ends', async () => {
    const at = await scene(store, { sweepMs: 60_000 });
    const { test, ann, bob, pair, place, database, archives } = at;
    for (const text of ['one', 'two']) await say(ann, bob, text);
    await age(at, pair, 2, october);
    const runs = new ArchiveRunStore(database);
    const id = await database.transaction((sql) =>
      runs.add(sql, ann.id, { what: 'write', month: '2020-11' }),
    );
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const until = (put: FileStore['put']): ArchiveRuns =>
      new ArchiveRuns({
        ...{ database, laneDatabases: [], store: runs, everyMs: 10, logger },
        place: { ...place, store: putting(place.store, put) },
      });
    // It is told to end while it writes a file.
    const endings: Promise<void>[] = [];
    const end = until(async (...given) => {
      endings.push(end());
      return place.store.put(...given);
    }).start();
    await expect.poll(() => endings.length).toBe(1);
    await endings[0];
    expect((await archives()).map(({ state }) => state)).toEqual(['verified']);
    expect(await runs.find(id)).toMatchObject({ finishedTime: null, messages: 0 });

    const other = until((...given) => place.store.put(...given)).start();
    await expect.poll(async () => (await runs.find(id))?.finishedTime).not.toBeNull();
    await other();
    expect(await runs.find(id)).toMatchObject({ archives: 1, messages: 2, error: null });
    expect(await numbersOf(await apiOf(test, bob), pair)).toEqual([]);
  });

  it('have nothing of who was erased', async () => {
    const at = await scene(store);
    const { test, ann, bob, pair, club, group, order, archives, folder } = at;
    await makeAdmin(test, bob);
    const asBob = await apiOf(test, bob);
    await say(ann, bob, 'words of zq-ann');
    await say(bob, ann, 'words of bob');
    await age(at, pair, 2, october);
    const { number: last } = await sayInGroup(ann, group, 'zq-ann in the group');
    await age(at, club, last, october);
    await order(beforeDecember);
    const all = async (): Promise<string> =>
      (await Promise.all((await archives()).map(({ name }) => order({ what: 'read', name }))))
        .flat()
        .join('\n');
    expect(await all()).toContain('zq-ann');
    const before = (await filesOf(folder)).filter(({ where }) => where.includes('2020-10'));

    const path = { userId: String(ann.id) };
    const { id } = await unwrap(asBob.POST('/v1/admin/users/{userId}/erasure', { params: { path } }));
    const find = () =>
      unwrap(asBob.GET('/v1/admin/erasures/{erasureId}', { params: { path: { erasureId: id } } }));
    await expect.poll(async () => (await find()).state, { timeout: 20_000 }).toBe('done');

    expect((await find()).erased).toMatchObject({ archived: 2 + (last - 1) });
    const left = await all();
    expect(left).not.toContain('zq-ann');
    expect(left).toContain('words of bob');
    const now = (await filesOf(folder)).filter(({ where }) => where.includes('2020-10'));
    expect(now.length).toBe(before.length);
    expect(now.map(({ where }) => where)).not.toEqual(before.map(({ where }) => where));
  });
});

it('a file that is not as it was written is not taken for one, and orders that make no sense are refused', async () => {
  const at = await scene('mariadb');
  const { ann, bob, pair, order, archives, folder } = at;
  await say(ann, bob, 'hello');
  await age(at, pair, 1, october);
  await order(beforeDecember);
  const [archive] = (await archives()) as [Archive];
  const path = join(folder, archive.name);
  const bytes = await readFile(path);
  await writeFile(path, Buffer.from(bytes).fill(0, 10, 12));

  for (const what of ['read', 'import'] as const)
    await expect(order({ what, name: archive.name })).rejects.toMatchObject({ code: 'ARCHIVE_BROKEN' });
  await expect(order({ what: 'read', name: '2020-10/nothing' })).rejects.toThrow('There is no archive');
  expect(await readdir(join(folder, 'unfinished'))).toEqual([]);
  expect(archiveOrderIn({ order: ['write'], before: '2020-02' })).toEqual({
    what: 'write',
    beforeMs: Date.UTC(2020, 1),
  });
  for (const bad of [
    { order: ['write'] },
    { order: ['write'], before: '9999-01' },
    { order: ['read'] },
    { order: ['x'] },
  ])
    expect(() => archiveOrderIn(bad)).toThrow(/expected|--before/);
});
