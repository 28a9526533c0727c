import { describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { unwrap, type ApiClient, type ApiProblem } from '../src/client/index.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { upload, type UploadedImage } from './support/files.ts';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { messageTypes, say } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { startTestPlatform, storeKinds, type StoreKind, type TestPlatform } from './support/test-platform.ts';

interface World {
  readonly test: TestPlatform;
  readonly ann: Person;
  readonly bob: Person;
  /** ann runs the platform. */
  readonly api: ApiClient;
}

async function start(store: StoreKind): Promise<World> {
  const test = await startTestPlatform({ store });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  await makeAdmin(test, ann);
  return { test, ann, bob, api: await apiOf(test, ann) };
}

function groups(api: ApiClient, prefix: string, more: { cursor?: string; limit?: number } = {}) {
  return unwrap(api.GET('/v1/admin/groups', { params: { query: { prefix, ...more } } }));
}

function files(api: ApiClient, query: { userId?: string; prefix?: string; limit?: number } = {}) {
  return unwrap(api.GET('/v1/admin/files', { params: { query } }));
}

function takeDown(api: ApiClient, fileId: string): Promise<unknown> {
  return unwrap(
    api.PUT('/v1/admin/files/{fileId}/takedown', { params: { path: { fileId } }, body: { reason: 'no' } }),
  );
}

describe.each(storeKinds)('what an admin finds, on %s', (store) => {
  it('groups by name and id, in pages, with their members; sessions; and what was done to whom', async () => {
    const { test, ann, bob, api } = await start(store);
    const club = await openGroup(ann, [bob], 'club 100%');
    const other = await openGroup(bob, [], 'the clubs');
    await openGroup(bob, [], 'c_ub');

    expect((await groups(api, 'club')).items.map(({ id }) => id)).toEqual([String(club.id)]);
    expect((await groups(api, 'c_')).items.map(({ name }) => name)).toEqual(['c_ub']);
    expect((await groups(api, String(other.id))).items.map(({ name }) => name)).toEqual(['the clubs']);
    const first = await groups(api, '', { limit: 2 });
    const second = await groups(api, '', { limit: 2, cursor: first.nextCursor ?? '' });
    expect([first.items.length, second.items.map(({ name }) => name)]).toEqual([2, ['c_ub']]);
    const path = { groupId: String(club.id) };
    expect(await unwrap(api.GET('/v1/admin/groups/{groupId}', { params: { path } }))).toMatchObject({
      ...{ name: 'club 100%', ownerId: String(ann.id), members: 2, ban: null, isDissolved: false },
    });
    const members = await unwrap(api.GET('/v1/admin/groups/{groupId}/members', { params: { path } }));
    expect(members.items.map(({ userId, role }) => [userId, role])).toEqual([
      [String(ann.id), 'owner'],
      [String(bob.id), 'member'],
    ]);

    const device = await bob.connect();
    const ofBob = { params: { path: { userId: String(bob.id) } } };
    const sessions = unwrap(api.GET('/v1/admin/users/{userId}/sessions', ofBob));
    expect((await sessions).items).toMatchObject([{ device: 'web', isOnline: true }]);
    await device.close();

    await unwrap(api.PUT('/v1/admin/groups/{groupId}/ban', { params: { path }, body: { reason: 'spam' } }));
    for (const query of [{ subject: `group:${club.id}` }, { action: 'adminBanGroup' }]) {
      const { items } = await unwrap(api.GET('/v1/admin/audit', { params: { query } }));
      expect(items[0]).toMatchObject({ action: 'adminBanGroup', details: { reason: 'spam' } });
    }
    const byBob = { params: { query: { actorId: String(bob.id) } } };
    expect((await unwrap(api.GET('/v1/admin/audit', byBob))).items).toEqual([]);
    expect(test.all).toHaveLength(1);
  });

  it('files by their owner and name; one that is taken down is gone wherever it was shown, and says so', async () => {
    const { test, ann, bob, api } = await start(store);
    const image = { create: { width: 9, height: 9, channels: 3, background: 'red' } } as const;
    const bytes = await sharp(image).png().toBuffer();
    const { data: face } = await upload<UploadedImage>(`${test.url}/image/upload`, bob, {
      name: 'face.png',
      bytes,
    });
    const { data: note } = await upload(`${test.url}/file/upload`, bob, {
      name: 'a.txt',
      bytes: Buffer.from('1'),
    });
    await upload(`${test.url}/file/upload`, ann, { name: 'a.txt', bytes: Buffer.from('of ann') });
    await say(bob, ann, JSON.stringify({ name: 'a.txt', size: 1, url: note }), { type: messageTypes.FILE });
    const shown = { headImage: face.originUrl, headImageThumb: face.thumbUrl };
    await bob.put('/user/update', { id: bob.id, userName: 'bob', nickName: 'bob', ...shown });
    const group = await openGroup(bob, []);
    await bob.put('/group/modify', { ...group, ...shown });

    const ofBob = await files(api, { userId: String(bob.id) });
    expect(ofBob.items.map(({ name, type }) => [name, type])).toEqual([
      ['a.txt', 'file'],
      ['face.png', 'image'],
    ]);
    expect((await files(api, { prefix: 'a.' })).items.map(({ ownerId }) => ownerId)).toEqual(
      [ann, bob].map(({ id }) => String(id)),
    );
    const uses = async (cursor?: string) =>
      unwrap(api.GET('/v1/admin/file-uses', { params: { query: { limit: 1, ...(cursor && { cursor }) } } }));
    const most = await uses();
    expect([most.items[0]?.userId, (await uses(most.nextCursor ?? '')).items]).toEqual([
      String(bob.id),
      [{ userId: String(ann.id), bytes: 6 }],
    ]);

    const [text, picture] = ofBob.items.map(({ id, url }) => ({ id, url }));
    expect((await fetch(text?.url ?? '')).status).toBe(200);
    // Of two at the same moment neither fails for the other.
    const both = [takeDown(api, text?.id ?? ''), takeDown(api, text?.id ?? '')];
    for (const one of await Promise.allSettled(both))
      if (one.status === 'rejected') expect((one.reason as ApiProblem).code).toBe('NOT_FOUND');
    await takeDown(api, picture?.id ?? '');

    for (const url of [text?.url ?? '', picture?.url ?? '', face.thumbUrl]) {
      const answer = await fetch(url);
      expect([answer.status, await answer.json()]).toMatchObject([410, { code: 'TAKEN_DOWN' }]);
    }
    expect((await fetch(`${test.url}/files/file/20260102/${'A'.repeat(22)}.txt`)).status).toBe(404);
    const { sql } = test.platform.database;
    for (const row of [
      await sql('im_user').where({ id: bob.id }).first(),
      await sql('im_group').first(),
    ] as object[])
      expect(row).toMatchObject({ headImage: '', headImageThumb: '' });
    expect((await files(api)).items.map(({ ownerId }) => ownerId)).toEqual([String(ann.id)]);
    const query = { action: 'adminTakeDownFile', subject: `file:${text?.id ?? ''}` };
    const { items } = await unwrap(api.GET('/v1/admin/audit', { params: { query } }));
    expect(items[0]).toMatchObject({ details: { reason: 'no', name: 'a.txt', ownerId: String(bob.id) } });
    await expect(takeDown(api, text?.id ?? '')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
