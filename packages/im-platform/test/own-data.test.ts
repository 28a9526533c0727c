import { describe, expect, it, vi } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { openDatabase } from '../src/db/database.ts';
import { notTold, ownRows, toldOtherwise } from '../src/export/own-tables.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import { migratedDatabase } from './support/migrated-database.ts';
import { openGroup } from './support/groups.ts';
import { pull, say, sayInGroup } from './support/messages.ts';
import type { Person } from './support/person.ts';
import { createKey } from './support/server-keys.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

function userOf(api: ApiClient, { id }: Person) {
  return unwrap(api.GET('/v1/users/{userId}', { params: { path: { userId: String(id) } } }));
}

it('the export knows all tables, so that nothing of somebody is left out', async () => {
  const database = openDatabase({ url: await migratedDatabase('sqlite') });
  const rows = await database
    .sql('sqlite_master')
    .where({ type: 'table' })
    .select<{ name: string }[]>('name');
  await database.close();

  const known = [...Object.keys(ownRows), ...toldOtherwise, ...Object.keys(notTold)];
  const tables = rows.map(({ name }) => name).filter((name) => /^im_(?!migration)/.test(name));
  expect(tables.toSorted()).toEqual(known.toSorted());
});

it('the export has what became of a message, and what one is known by', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  const api = await apiOf(test, ann);
  const path = { conversationId: `private:${ann.id}:${bob.id}`, number: 1 };
  await say(ann, bob, 'before');
  const body = { content: { type: 'text' as const, text: 'after' } };
  await unwrap(api.PATCH('/v1/conversations/{conversationId}/messages/{number}', { params: { path }, body }));
  const params = { path: { ...path, emoji: '👍' } };
  await unwrap(api.PUT('/v1/conversations/{conversationId}/messages/{number}/reactions/{emoji}', { params }));

  const answer = await fetch(`${test.url}/v1/me/export`, {
    headers: { authorization: `Bearer ${ann.tokens.accessToken}` },
  });

  expect(await answer.json()).toMatchObject({
    profile: { id: ann.id, userName: 'ann' },
    reactions: [{ emoji: '👍', number: 1 }],
    networks: [{ network: expect.any(String) as string }],
    privateMessages: [{ content: { text: 'after' }, edits: [{ content: 'before' }] }],
  });
});

it('is given to who runs the platform and to a key for it as to the person, five at a time, and never unnoticed', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  await befriend(test, ann, bob);
  await say(ann, bob, 'a word of mine');
  await makeAdmin(test, bob);
  const { key, id } = await createKey(test, ['exports']);
  const ask = (path: string, token: string, signal?: AbortSignal) =>
    fetch(`${test.url}/v1/${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: signal ?? null,
    });
  const read = async (path: string, token: string): Promise<object> => {
    const { exportedAt: _, ...document } = (await (await ask(path, token)).json()) as Record<string, object>;
    // An address of a file has its time.
    return document;
  };

  const own = await read('me/export', ann.tokens.accessToken);
  expect(own).toMatchObject({ privateMessages: [{ content: { text: 'a word of mine' } }] });
  expect(await read(`admin/users/${ann.id}/export`, bob.tokens.accessToken)).toEqual(own);
  expect(await read('server/users/name:ann/export', key)).toEqual(own);
  const { sql } = test.platform.database;
  const lines = await sql('im_audit_trail').orderBy('id').select('actorId', 'action', 'subject', 'details');
  expect(lines).toEqual([
    { actorId: bob.id, action: 'adminExportUser', subject: `user:${ann.id}`, details: '{}' },
    {
      actorId: null,
      action: 'exportUser',
      subject: `user:${ann.id}`,
      details: JSON.stringify({ keyId: id }),
    },
  ]);
  expect((await ask('admin/users/999/export', bob.tokens.accessToken)).status).toBe(404);

  // Who begins many and reads none of them.
  const [row] = (await sql('im_private_message').where({ sendId: ann.id }).select()) as [{ id: number }];
  const content = 'long '.repeat(3_000);
  for (let index = 1; index <= 600; index++)
    await sql('im_private_message').insert({
      ...row,
      content,
      id: row.id + index,
      number: 1 + index,
      dedupeKey: null,
    });
  const ending = new AbortController();
  const begun = await Promise.all(
    Array.from({ length: 5 }, () => ask('server/users/name:ann/export', key, ending.signal)),
  );
  expect(begun.map(({ status }) => status)).toEqual(Array(5).fill(200));
  expect((await ask('server/users/name:ann/export', key)).status).toBe(429);
  ending.abort();
  await expect.poll(async () => (await ask('server/users/name:ann/export', key)).status).toBe(200);
});

describe.each(storeKinds)('what is kept of somebody on %s', (store) => {
  it('is given to them as one document, with what they wrote and nothing that others did', async () => {
    const test = await startTestPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const { id: group } = await openGroup(ann, [bob]);
    const many = Array.from({ length: 510 }, (_, index) => `mine ${index}`);
    await say(ann, bob, 'mine');
    await say(bob, ann, 'not mine');
    await sayInGroup(ann, group, 'mine in the group');
    await sayInGroup(bob, group, 'not mine in the group');
    const { sql } = test.platform.database;
    const [row] = (await sql('im_private_message').where({ sendId: ann.id }).select()) as [
      { id: number; number: number; dedupeKey: string },
    ];
    for (const [index, content] of many.entries())
      await sql('im_private_message').insert({
        ...{ ...row, content, dedupeKey: null, tmpId: null },
        ...{ id: row.id + 1_000_000 + index, number: row.number + 1_000 + index },
      });

    const answer = await fetch(`${test.url}/v1/me/export`, {
      headers: { authorization: `Bearer ${ann.tokens.accessToken}` },
    });
    expect(answer.headers.get('content-disposition')).toMatch(/attachment/);
    const text = await answer.text();
    const data = JSON.parse(text) as Record<string, { content?: { text?: string } }[]>;

    expect(data['profile']).toMatchObject({ userName: 'ann' });
    expect(data['friends']).toMatchObject([{ friendId: bob.id }]);
    expect(data['groups']).toMatchObject([{ groupId: group }]);
    expect(data['sessions']).toHaveLength(1);
    expect(data['privateMessages']?.map(({ content }) => content?.text)).toEqual(['mine', ...many]);
    expect(data['groupMessages']?.some(({ content }) => content?.text === 'mine in the group')).toBe(true);
    expect(text).not.toContain('not mine');
    expect(text).not.toMatch(/argon2|refreshNumber/);
  });

  it('goes with the account: nobody signs in, is found, or owns a group; what was said stays without the name', async () => {
    const test = await startTestPlatform({ store });
    const people: Person[] = [];
    for (const name of ['ann', 'bob', 'cleo']) people.push(await test.register(name));
    const [ann, bob, cleo] = people as [Person, Person, Person];
    await befriend(test, ann, bob, cleo);
    const { id: shared } = await openGroup(ann, [bob, cleo], 'shared');
    const { id: alone } = await openGroup(ann, [], 'alone');
    await say(ann, bob, 'a word of mine');
    await sayInGroup(ann, shared, 'a word in the group');
    const { sql } = test.platform.database;
    await sql('im_group_member').where({ userId: cleo.id }).update({ role: 1 });
    const [asAnn, asBob] = [await apiOf(test, ann), await apiOf(test, bob)];
    const device = await ann.connect();
    const remove = (password: string): Promise<unknown> =>
      unwrap(asAnn.POST('/v1/me/deletion', { body: { password } }));

    await expect(remove('wrong-one-1')).rejects.toMatchObject({ code: 'PASSWORD_WRONG' });
    await remove('secret-1');

    expect(await device.closed).toEqual({ code: 4401, reason: 'login ended' });
    expect((await ann.ask('GET', '/user/self')).code).toBe(401);
    await expect(test.logIn('ann')).rejects.toThrow();
    expect(await userOf(asBob, ann)).toMatchObject({ isDeleted: true, userName: null, signature: '' });
    await vi.waitFor(async () => expect(await sql('im_account_erasure').select()).toEqual([]), {
      timeout: 20_000,
      interval: 250,
    });

    const deleted = '已注销用户';
    expect(await userOf(asBob, ann)).toMatchObject({ nickName: deleted });
    const groups = await sql('im_group').orderBy('id').select<object[]>('id', 'ownerId', 'dissolve');
    expect(groups).toEqual([
      { id: shared, ownerId: cleo.id, dissolve: 0 },
      { id: alone, ownerId: ann.id, dissolve: 1 },
    ]);
    const members = await sql('im_group_member')
      .where({ groupId: shared, quit: 0 })
      .orderBy('userId')
      .select('userId');
    expect(members).toEqual([{ userId: bob.id }, { userId: cleo.id }]);
    const said = await sql('im_group_message')
      .where({ groupId: shared, sendId: ann.id, content: 'a word in the group' })
      .select<object[]>('sendNickName');
    expect(said).toEqual([{ sendNickName: deleted }]);
    expect((await pull(bob)).map(({ content }) => content)).toContain('a word of mine');
    expect(JSON.stringify(await sql('im_group_message').where({ sendId: ann.id }))).not.toContain('"ann"');
    expect(
      (await bob.ask('POST', '/message/private/send', { recvId: ann.id, content: 'hi', type: 0 })).code,
    ).not.toBe(200);
    for (const name of ['ann', deleted]) {
      const { items } = await unwrap(asBob.GET('/v1/users', { params: { query: { name } } }));
      expect(items).toEqual([]);
    }
    const body = { userId: String(ann.id) };
    await expect(unwrap(asBob.POST('/v1/friend-requests', { body }))).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const again = await test.signUp('ann');
    expect(again.id).not.toBe(ann.id);
  });

  it('goes once, and also when a login, a second deletion and a friend come at the same moment', async () => {
    const test = await startTestPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const elsewhere = await test.logIn('ann', { terminal: 1 });
    const [asAnn, there, asBob] = [
      await apiOf(test, ann),
      await apiOf(test, elsewhere),
      await apiOf(test, bob),
    ];
    const body = { password: 'secret-1' };

    const outcomes = await Promise.allSettled([
      unwrap(asAnn.POST('/v1/me/deletion', { body })),
      unwrap(there.POST('/v1/me/deletion', { body })),
      test.logIn('ann', { terminal: 2 }),
      unwrap(asBob.POST('/v1/friend-requests', { body: { userId: String(ann.id) } })),
    ]);

    expect(outcomes.slice(0, 2).some(({ status }) => status === 'fulfilled')).toBe(true);
    const { sql } = test.platform.database;
    expect(await sql('im_session').where({ userId: ann.id })).toEqual([]);
    expect(await sql('im_user').whereNotNull('deletedTime').select('id')).toEqual([{ id: ann.id }]);
    await vi.waitFor(async () => expect(await sql('im_account_erasure').select()).toEqual([]), {
      timeout: 20_000,
      interval: 250,
    });
    expect(await sql('im_friend').where({ userId: ann.id })).toEqual([]);
    expect(await sql('im_friend_request')).toEqual([]);
  });
});
