import { randomBytes } from 'node:crypto';
import { onCleanup } from 'im-test/support';
import { Redis } from 'ioredis';
import { describe, expect, inject, it } from 'vitest';
import { unwrap, type ApiClient, type components } from '../src/client/index.ts';
import { ErasureStore } from '../src/erasure/erasure-store.ts';
import { TakenOver } from '../src/erasure/erasure.ts';
import { ownRows, toldOtherwise } from '../src/export/own-tables.ts';
import { namelessWith } from '../src/erasure/names.ts';
import { whereTheNumberStays } from '../src/erasure/what-stays.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { endsByItself, filesOf, having, keysOf, valuesIn, type Place } from './support/everywhere.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { messageTypes, say } from './support/messages.ts';
import { atS3, S3Server } from './support/s3-server.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, storeKinds, type StoreKind } from './support/test-platform.ts';
import { leaveTraces, lookNow, number, withTheNumber } from './support/traces.ts';

type Erasure = components['schemas']['Erasure'];

/** Tables of which it leaves nothing: admins are not erased, and what they tell everybody is the platform's. */
const untraced = ['im_admin', 'im_broadcast', 'im_archive_run'];

function get(admin: ApiClient, erasureId: string): Promise<Erasure> {
  return unwrap(admin.GET('/v1/admin/erasures/{erasureId}', { params: { path: { erasureId } } }));
}

async function waitUntilDone(admin: ApiClient, id: string): Promise<Erasure> {
  await expect.poll(async () => (await get(admin, id)).state).toBe('done');
  return get(admin, id);
}

async function scene(store: StoreKind) {
  const filesDir = await temporaryFolder();
  const s3 = store === 'sqlite' ? await S3Server.start() : undefined;
  const test = await startTestPlatform({
    ...{ store, bus: 'redis' },
    platform: { filesDir, sweepMs: 100, drive: true, ...(s3 && atS3(s3.url)) },
  });
  const client = new Redis(inject('redisUrl'));
  onCleanup(() => client.disconnect());
  const places = async (): Promise<Place[]> => [
    ...(await valuesIn(test.platform.database)),
    ...(await filesOf(filesDir)),
    ...(s3 ? await filesOf(s3.directory) : []),
    ...(await keysOf(client, test.keyPrefix)),
  ];
  const [admin, bob, cleo] = [
    await test.register('admin'),
    await test.register('bob'),
    await test.register('cleo'),
  ];
  await makeAdmin(test, admin);
  return { test, admin, bob, cleo, places };
}

describe.each(storeKinds)('of who is erased on %s', (store) => {
  it('nothing is left anywhere but a number that leads to nobody, once nothing is to be kept any more', async () => {
    const { test, admin, bob, cleo, places } = await scene(store);
    const { sql } = test.platform.database;
    const mark = `zq${randomBytes(5).toString('hex')}`;
    const events = [
      'message.created',
      'message.edited',
      'message.recalled',
      'report.created',
      'file.uploaded',
      'user.signed_in',
      'user.erased',
      'group.left',
    ];
    // Nobody is there: all of it waits.
    await sql('im_sink').insert({
      id: 'wh_1',
      url: 'http://127.0.0.1:1/',
      events: events.join(),
      secret: 'x',
      createdTime: 1,
    });
    const { mira, shared, alone, face, url, withBob, club } = await leaveTraces(test, mark, {
      bob,
      cleo,
      admin,
    });
    const [asBob, asAdmin] = [await apiOf(test, bob), await apiOf(test, admin)];
    const { cursor } = await unwrap(asBob.POST('/v1/sync', { body: {} }));
    const before = await places();
    expect(having(before, mark).length).toBeGreaterThan(25);
    // So that no table is forgotten, here and there.
    const traced = withTheNumber(before).map((where) => where.split('.', 1)[0]);
    expect([...Object.keys(ownRows), ...toldOtherwise].filter((table) => !traced.includes(table))).toEqual(
      untraced,
    );

    const params = { path: { userId: String(mira.id) } };
    const ordered = await unwrap(asAdmin.POST('/v1/admin/users/{userId}/erasure', { params }));
    await expect(test.logIn(mira.userName)).rejects.toThrow();
    await expect
      .poll(async () => (await sql('im_account_erasure').select()).length, { timeout: 20_000 })
      .toBe(0);

    // First what is reported, then what is held.
    await lookNow(test.platform.database);
    await expect.poll(async () => (await get(asAdmin, ordered.id)).state).toBe('waiting');
    expect((await get(asAdmin, ordered.id)).waitsFor.reports).toHaveLength(3);
    await unwrap(
      asAdmin.PUT('/v1/admin/conversations/{conversationId}/retention', {
        params: { path: { conversationId: club } },
        body: { isHeld: true },
      }),
    );
    // After that, as it may be looked at any moment.
    await sql('im_report').update({ isClosed: 1 });
    await lookNow(test.platform.database);
    await expect
      .poll(async () => (await get(asAdmin, ordered.id)).waitsFor)
      .toEqual({ reports: [], held: [club], archives: [], databases: [] });
    await expect.poll(async () => (await get(asAdmin, ordered.id)).state).toBe('waiting');
    expect((await get(asAdmin, ordered.id)).erased).toEqual({});
    await unwrap(
      asAdmin.PUT('/v1/admin/conversations/{conversationId}/retention', {
        params: { path: { conversationId: club } },
        body: { isHeld: false },
      }),
    );
    await lookNow(test.platform.database);
    const { erased, doneAt } = await waitUntilDone(asAdmin, ordered.id);

    const after = await places();
    expect(having(after, mark)).toEqual([]);
    expect(
      withTheNumber(after).filter((where) => where !== endsByItself && !(where in whereTheNumberStays)),
    ).toEqual([]);
    expect(doneAt).not.toBeNull();
    expect(erased).toMatchObject({ messages: 8, forwards: 5, reactions: 1, reports: 3, files: 3 });

    // What others have is as it was, and says what became of the rest.
    const synced = await unwrap(asBob.POST('/v1/sync', { body: { cursor, messages: 50 } }));
    const ofTwo = synced.conversations.find(({ id }) => id === withBob);
    const kinds = ofTwo?.messages.map(({ content }) => content.type);
    // They are no friends any more, says the last one.
    expect(kinds).toEqual([...Array<string>(5).fill('recalled'), 'text', 'notice']);
    expect(ofTwo?.messages.at(-2)).toMatchObject({ content: { text: 'words of bob' }, reactions: [] });
    const inClub = synced.conversations.find(({ id }) => id === club);
    expect(inClub?.unread).toBe(0);
    expect(JSON.stringify(inClub)).toContain('words of bob in the group');
    expect(JSON.stringify(inClub)).toContain("'已注销用户'");
    const group = await unwrap(
      asBob.GET('/v1/groups/{groupId}', { params: { path: { groupId: String(shared.id) } } }),
    );
    expect((await fetch(group.picture ?? '')).status).toBe(200);
    for (const gone of [url, face.originUrl]) expect((await fetch(gone)).status).toBe(404);
    expect(
      await sql('im_group')
        .where({ id: Number(alone.id) })
        .first('name', 'notice'),
    ).toEqual({ name: '', notice: '' });
    const told = await sql('im_outbox').where({ type: 'user.erased' }).select<{ body: string }[]>('body');
    expect(told.map(({ body }) => (JSON.parse(body) as { data: object }).data)).toMatchObject([
      { userId: String(number) },
    ]);

    // Asked again it is the same.
    expect(await unwrap(asAdmin.POST('/v1/admin/users/{userId}/erasure', { params }))).toMatchObject({
      id: ordered.id,
      state: 'done',
    });
  });

  it('is gone on with by another instance when the first one dies, and nothing is counted twice', async () => {
    const test = await startTestPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const first = await say(ann, bob, 'one of many');
    const { sql } = test.platform.database;
    const [row] = (await sql('im_private_message').where({ id: first.id }).select()) as [object];
    const many = Array.from({ length: 250 }, (_, index) => ({
      ...row,
      id: first.id + 10 + index,
      number: 2 + index,
      dedupeKey: null,
      tmpId: null,
    }));
    for (const one of many) await sql('im_private_message').insert(one);
    await sql('im_conversation').update({ lastNumber: 251 });
    const asKey = await withKey(test, (await createKey(test, ['erasures'])).key);
    await unwrap(asKey.POST('/v1/server/users/{user}/erasure', { params: { path: { user: 'name:ann' } } }));
    await sql('im_account_erasure').delete();

    // One that has begun, and dies after a part.
    const dead = await new ErasureStore(test.platform.database).claim();
    if (!dead) throw new Error('It is taken already.');
    await dead.step(async (within) => {
      await within('im_private_message').where({ id: first.id }).update({ content: '', status: 2 });
      return { messages: 1 };
    });
    expect(await new ErasureStore(test.platform.database).claim()).toBeUndefined();
    const other = await test.startAnother({ sweepMs: 100 });
    await lookNow(test.platform.database);
    const params = { path: { erasureId: String(dead.id) } };
    const find = () => unwrap(asKey.GET('/v1/server/erasures/{erasureId}', { params }));
    await expect.poll(async () => (await find()).state).toBe('done');

    expect((await find()).erased).toMatchObject({ messages: 251 });
    await expect(dead.step(() => Promise.resolve({ messages: 1 }))).rejects.toThrow(TakenOver);
    expect((await sql('im_private_message').where({ sendId: ann.id }).whereNot({ content: '' })).length).toBe(
      0,
    );
    await other.close();
  });
});

it('who deletes their account is erased where the platform says so, and no admin is', async () => {
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { ownDeletion: 'everything', sweepMs: 100 },
  });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  await say(ann, bob, 'a word');
  await makeAdmin(test, bob);
  const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];

  await unwrap(asAnn.POST('/v1/me/deletion', { body: { password: 'secret-1' } }));
  const { items } = await unwrap(asBob.GET('/v1/admin/erasures', { params: { query: {} } }));
  expect(items).toMatchObject([{ userId: String(ann.id), askedBy: 'self' }]);
  await expect
    .poll(async () => (await get(asBob, items[0]?.id ?? '')).state, { timeout: 20_000 })
    .toBe('done');
  expect(
    await test.platform.database
      .sql('im_private_message')
      .where({ sendId: ann.id, type: messageTypes.TEXT })
      .select('content'),
  ).toEqual([{ content: '' }]);
  const params = { path: { userId: String(bob.id) } };
  await expect(unwrap(asBob.POST('/v1/admin/users/{userId}/erasure', { params }))).rejects.toMatchObject({
    code: 'NOT_ALLOWED',
  });
});

it('takes names out of what the platform has said, and nothing else', () => {
  const nameless = namelessWith(['Ann', 'Ann (2)', 'a'], 'X');

  expect(nameless("'Ann' invited 'Bob,Ann (2),a' to the group.")).toBe("'X' invited 'Bob,X,X' to the group.");
  expect(nameless("'Anna' made 'Ann B' an admin, says Ann")).toBe("'Anna' made 'Ann B' an admin, says Ann");
});
