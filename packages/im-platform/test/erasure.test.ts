import { randomBytes, randomUUID } from 'node:crypto';
import { onCleanup } from 'im-test/support';
import { Redis } from 'ioredis';
import sharp from 'sharp';
import { describe, expect, inject, it } from 'vitest';
import { unwrap, type ApiClient, type components, type paths } from '../src/client/index.ts';
import { ErasureStore } from '../src/erasure/erasure-store.ts';
import { TakenOver } from '../src/erasure/erasure.ts';
import { ownRows, toldOtherwise } from '../src/export/own-tables.ts';
import { namelessWith } from '../src/erasure/names.ts';
import { whereTheNumberStays } from '../src/erasure/what-stays.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { endsByItself, filesOf, keysOf, valuesIn, type Place } from './support/everywhere.ts';
import { DriveUser } from './support/drive.ts';
import { upload, type UploadedImage } from './support/files.ts';
import { temporaryFolder } from './support/folders.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { RawUploads } from './support/resumable.ts';
import { atS3, S3Server } from './support/s3-server.ts';
import { allNoted } from './support/search.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, storeKinds, type StoreKind, type TestPlatform } from './support/test-platform.ts';

type Erasure = components['schemas']['Erasure'];
type SaidContent =
  paths['/v1/conversations/{conversationId}/messages']['post']['requestBody']['content']['application/json']['content'];

/** So large that it stands nowhere by chance. */
const number = 7_654_321;

/** Tables of which it leaves nothing: admins are not erased, and what they tell everybody is the platform's. */
const untraced = ['im_admin', 'im_broadcast'];

/** Whoever signs up next has the number. */
async function skipIds({ platform }: TestPlatform): Promise<void> {
  const { sql, dialect } = platform.database;
  if (dialect === 'mysql') await sql.raw(`alter table im_user auto_increment = ${number}`);
  else
    await sql('sqlite_sequence')
      .where({ name: 'im_user' })
      .update({ seq: number - 1 });
}

function between(one: Person, other: Person): string {
  return `private:${Math.min(one.id, other.id)}:${Math.max(one.id, other.id)}`;
}

/** It is looked at now, and not in a minute. */
async function lookNow({ platform }: TestPlatform): Promise<void> {
  await platform.database.sql('im_erasure').whereNotNull('nextTime').update({ nextTime: 0 });
}

function get(admin: ApiClient, erasureId: string): Promise<Erasure> {
  return unwrap(admin.GET('/v1/admin/erasures/{erasureId}', { params: { path: { erasureId } } }));
}

async function waitUntilDone(admin: ApiClient, id: string): Promise<Erasure> {
  await expect.poll(async () => (await get(admin, id)).state).toBe('done');
  return get(admin, id);
}

/** Places where it stands and must not. */
function having(places: readonly Place[], mark: string): string[] {
  return [
    ...new Set(places.filter(({ text }) => text.toLowerCase().includes(mark)).map(({ where }) => where)),
  ];
}

function withTheNumber(places: readonly Place[]): string[] {
  const pattern = new RegExp(`(?<!\\d)${number}(?!\\d)`);
  return [...new Set(places.filter(({ text }) => pattern.test(text)).map(({ where }) => where))];
}

/** Somebody who has left something of theirs wherever one can. */
async function leaveTraces(
  test: TestPlatform,
  mark: string,
  people: { bob: Person; cleo: Person; admin: Person },
) {
  const { bob, cleo, admin } = people;
  const { sql } = test.platform.database;
  await skipIds(test);
  const mira = await test.signUp(`mi${mark}`);
  expect(mira.id).toBe(number);
  await befriend(test, mira, bob, cleo);
  await befriend(test, bob, cleo);
  const [api, asBob, asAdmin] = [await apiOf(test, mira), await apiOf(test, bob), await apiOf(test, admin)];
  const withBob = between(mira, bob);
  const at = (conversationId: string, more: object = {}) => ({
    params: { path: { conversationId, ...more } },
  });
  const send = (conversationId: string, content: SaidContent) =>
    unwrap(
      api.POST('/v1/conversations/{conversationId}/messages', {
        params: { path: { conversationId }, header: { 'idempotency-key': `${mark}-${randomUUID()}` } },
        body: { content },
      }),
    );

  // Who they are.
  const picture = await sharp({ create: { width: 300, height: 300, channels: 3, background: '#c0ffee' } })
    .png()
    .toBuffer();
  const pictureOf = async (name: string, tint: string) => {
    const bytes = await sharp(picture).tint(tint).png().toBuffer();
    return (
      await upload<UploadedImage>(`${test.url}/image/upload`, mira, { name: `${name}-${mark}.png`, bytes })
    ).data;
  };
  const face = await pictureOf('face', '#ff0000');
  await unwrap(
    api.PATCH('/v1/me', {
      body: {
        nickName: `Mira ${mark}`,
        signature: `I am ${mark}`,
        picture: face.originUrl,
        thumbnail: face.thumbUrl,
      },
    }),
  );
  await sql('im_identity').insert({
    ...{
      issuer: 'https://idp.example',
      subject: mark,
      userId: mira.id,
      email: `${mark}@x.example`,
      createdTime: 1,
    },
  });

  // Groups: one with others, whose picture is from them, and one of their own alone.
  const shared = await openGroup(mira, [bob, cleo], 'shared');
  const groupFace = await pictureOf('group', '#00ff00');
  await unwrap(
    api.PATCH('/v1/groups/{groupId}', {
      params: { path: { groupId: String(shared.id) } },
      body: { picture: groupFace.originUrl, thumbnail: groupFace.thumbUrl },
    }),
  );
  const club = `group:${shared.id}`;
  const alone = await unwrap(
    api.POST('/v1/groups', { body: { name: `of ${mark}`, notice: `only ${mark}` } }),
  );
  await mira.put('/group/modify', {
    id: shared.id,
    name: 'shared',
    remarkNickName: `Mi ${mark}`,
    remarkGroupName: `ours ${mark}`,
  });
  await unwrap(
    api.PUT('/v1/groups/{groupId}/admins/{userId}', {
      params: { path: { groupId: String(shared.id), userId: String(cleo.id) } },
    }),
  );
  await unwrap(
    api.POST('/v1/groups/{groupId}/invitations', {
      params: { path: { groupId: String(shared.id) } },
      body: {},
    }),
  );

  // What they say.
  const { data: url } = await upload(`${test.url}/file/upload`, mira, {
    ...{ name: `${mark}.txt`, bytes: Buffer.from(`plan of ${mark}`) },
  });
  await say(mira, bob, `hello ${mark}`, { tmpId: `t${mark}` });
  await send(withBob, { type: 'text', text: `first ${mark}` });
  const params = { path: { conversationId: withBob, number: 2 } };
  await unwrap(
    api.PATCH('/v1/conversations/{conversationId}/messages/{number}', {
      params,
      body: { content: { type: 'text', text: `second ${mark}` } },
    }),
  );
  await send(withBob, { type: 'custom', name: 'poll', data: { title: mark }, text: `poll ${mark}` });
  await send(withBob, { type: 'file', url, name: `${mark}.txt`, size: 8 });
  const taken = await say(mira, bob, `not ${mark}`);
  await mira.delete(`/message/private/recall/${taken.id}`);
  await say(bob, mira, 'words of bob');
  await sayInGroup(mira, shared.id, `in the group ${mark}`);
  await sayInGroup(mira, shared.id, `@bob ${mark}`, { atUserIds: [bob.id] });
  await sayInGroup(bob, shared.id, 'words of bob in the group');
  const last = await sayInGroup(mira, shared.id, `reported ${mark}`);
  const reaction = { params: { path: { conversationId: withBob, number: 7, emoji: '👍' } } };
  await unwrap(api.PUT('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', reaction));
  await unwrap(
    api.PATCH('/v1/conversations/{conversationId}', { ...at(withBob), body: { draft: `draft ${mark}` } }),
  );
  await unwrap(
    api.POST('/v1/conversations/{conversationId}/scheduled-messages', {
      ...at(withBob),
      body: {
        content: { type: 'text', text: `later ${mark}` },
        sendAt: new Date(Date.now() + 3_600_000).toISOString(),
      },
    }),
  );
  await new RawUploads(test, mira)
    .begun({ name: `half ${mark}`, size: 10, key: mark })
    .then((id) => new RawUploads(test, mira).patch(id, 0, Buffer.from(mark.slice(0, 4))));

  const drive = await DriveUser.of(test, mira);
  const folder = await drive.folder((await drive.root()).id, `plans of ${mark}`);
  await drive.file(folder.id, `${mark}.md`);
  await sql('im_drive_share').insert({
    ...{ ownerId: mira.id, nodeId: Number(folder.id), kind: 'user', subjectId: bob.id, level: 2 },
    ...{ creatorId: mira.id, createdTime: 1 },
  });

  // What others have of it: forwarded with the name and, as cleo is blocked, without; and reported.
  await unwrap(
    asBob.POST('/v1/conversations/{conversationId}/forwards', {
      ...at(withBob),
      body: { numbers: [1, 4], to: [club, between(bob, cleo)] },
    }),
  );
  await unwrap(api.PUT('/v1/blocks/{userId}', { params: { path: { userId: String(cleo.id) } } }));
  await unwrap(
    asBob.POST('/v1/conversations/{conversationId}/forwards', {
      ...at(withBob),
      body: { numbers: [2], to: [between(bob, cleo)] },
    }),
  );
  const stranger = await test.register('dora');
  await unwrap(
    api.POST('/v1/friend-requests', { body: { userId: String(stranger.id), text: `it is ${mark}` } }),
  );
  await unwrap(
    asBob.POST('/v1/reports', { body: { conversationId: club, number: last.number, reason: 'spam' } }),
  );
  await unwrap(asBob.POST('/v1/reports', { body: { userId: String(mira.id), reason: 'spam' } }));
  await unwrap(
    api.POST('/v1/reports', { body: { userId: String(bob.id), reason: 'abuse', text: `so says ${mark}` } }),
  );
  const { key } = await createKey(test);
  await unwrap(
    (await withKey(test, key)).POST('/v1/server/users/{user}/notices', {
      params: { path: { user: String(mira.id) } },
      body: { text: `your parcel, ${mark}` },
    }),
  );

  // And where it takes more than a request.
  const ofMira = { userId: mira.id };
  await sql('im_second_factor').insert({ ...ofMira, secret: mark, lastStep: 0, createdTime: 1 });
  await sql('im_join_request').insert({ ...ofMira, groupId: 999, text: mark, sentTime: 1, endTime: 9e12 });
  await sql('im_message_deleted').insert({ ...ofMira, conversation: withBob, number: 1, stamp: 1 });
  await sql('im_away_registration').insert({
    ...{
      ...ofMira,
      sessionId: 'x',
      channel: 'apns',
      address: mark,
      addressHash: 'x',
      language: 'en',
      createdTime: 1,
    },
  });
  await sql('im_away_setting').insert({ ...ofMira, preview: 1, timeZone: `of/${mark}` });
  await sql('im_drive_activity').insert({
    ...{
      ownerId: bob.id,
      folderId: 1,
      nodeId: 1,
      actorId: mira.id,
      action: 'added',
      name: mark,
      time: Date.now(),
    },
  });
  await sql('im_privacy').insert({
    ...ofMira,
    mayWrite: 'friends',
    mayCall: 'friends',
    mayAdd: 'friends',
    seesPresence: 'friends',
  });
  await sql('im_last_seen')
    .insert({ ...ofMira, seenTime: 1 })
    .onConflict('userId')
    .ignore();
  const money = { amount: 5, createdTime: 1 };
  await sql('im_ledger_entry').insert({
    ...ofMira,
    ...money,
    transactionName: 'x',
    account: `user:${mira.id}`,
    kind: 'x',
  });
  await sql('im_payment').insert({
    ...{ ...ofMira, ...money, id: 'x', direction: 'in', state: 'done', url: `https://pay.example/${mark}` },
    ...{ reason: mark, onceKey: 'x', asked: 'x' },
  });
  await sql('im_red_packet').insert({
    ...{
      ...money,
      id: 'x',
      senderId: mira.id,
      conversation: club,
      shares: 1,
      split: 'equal',
      greeting: `luck, ${mark}`,
    },
    ...{ amounts: '[5]', endTime: 2, onceKey: 'x', asked: 'x' },
  });
  await sql('im_user_attribute').insert({ ...ofMira, name: 'city', value: mark });
  await sql('im_campaign_list_user').insert({ ...ofMira, listId: 1 });
  await sql('im_campaign_receiver').insert({
    ...ofMira,
    campaignId: 1,
    slice: 0,
    variant: 0,
    state: 'waiting',
  });
  await sql('im_red_packet_grab').insert({ ...ofMira, ...money, packetId: 'x', position: 0 });
  const session = (await sql('im_session').where(ofMira).first()) as object;

  // What those do who run the platform.
  await unwrap(asAdmin.GET('/v1/admin/users', { params: { query: { prefix: `Mira ${mark}` } } }));
  await mira.connect();
  const theirs = { params: { path: { userId: String(mira.id) } } };
  await unwrap(
    asAdmin.PUT('/v1/admin/users/{userId}/ban', { ...theirs, body: { reason: `${mark} is rude` } }),
  );
  // Banned, one has no session; erased, none either.
  await sql('im_session').insert({ ...session, deviceName: `phone of ${mark}` });
  await allNoted(test);
  return { mira, shared, alone, face, url, withBob, club };
}

async function scene(store: StoreKind) {
  const filesDir = await temporaryFolder();
  const s3 = store === 'sqlite' ? await S3Server.start() : undefined;
  const test = await startTestPlatform({
    ...{ store, bus: 'redis' },
    platform: { filesDir, sweepMs: 20, drive: true, ...(s3 && atS3(s3.url)) },
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
    await lookNow(test);
    await expect.poll(async () => (await get(asAdmin, ordered.id)).state).toBe('waiting');
    expect((await get(asAdmin, ordered.id)).waitsFor.reports).toHaveLength(3);
    await sql('im_report').update({ isClosed: 1 });
    await unwrap(
      asAdmin.PUT('/v1/admin/conversations/{conversationId}/retention', {
        params: { path: { conversationId: club } },
        body: { isHeld: true },
      }),
    );
    await lookNow(test);
    await expect
      .poll(async () => (await get(asAdmin, ordered.id)).waitsFor)
      .toEqual({ reports: [], held: [club], archives: [] });
    await expect.poll(async () => (await get(asAdmin, ordered.id)).state).toBe('waiting');
    expect((await get(asAdmin, ordered.id)).erased).toEqual({});
    await unwrap(
      asAdmin.PUT('/v1/admin/conversations/{conversationId}/retention', {
        params: { path: { conversationId: club } },
        body: { isHeld: false },
      }),
    );
    await lookNow(test);
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
    const other = await test.startAnother({ sweepMs: 20 });
    await lookNow(test);
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
    platform: { ownDeletion: 'everything', sweepMs: 20 },
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
