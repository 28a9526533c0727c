import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient } from '../src/client/index.ts';
import { apiOf } from './support/api.ts';
import { befriend } from './support/friends.ts';
import type { Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds } from './support/test-platform.ts';

function refusal(code: string): object {
  return expect.objectContaining({ code }) as object;
}

/** All items of a list, page by page. */
async function all<Item>(
  page: (cursor: string | undefined) => Promise<{ items: readonly Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const { items: more, nextCursor } = await page(cursor);
    items.push(...more);
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

describe.each(storeKinds)('people at /v1 on %s', (store) => {
  it('open accounts, sign in, go on with fresh tokens, and sign out', async () => {
    const test = await sharedPlatform({ store });
    const api = await apiOf(test);
    const who = { userName: 'ann', password: 'a-good-one-7' };
    const signIn = (password: string): Promise<unknown> =>
      unwrap(api.POST('/v1/sessions', { body: { ...who, password, device: 'web' } }));

    await unwrap(api.POST('/v1/accounts', { body: { ...who, nickName: ' Ann  Lee ' } }));
    await expect(unwrap(api.POST('/v1/accounts', { body: who }))).rejects.toEqual(refusal('NAME_TAKEN'));
    await expect(
      unwrap(api.POST('/v1/accounts', { body: { userName: 'bob', password: '12345678' } })),
    ).rejects.toEqual(refusal('PASSWORD_REFUSED'));
    await expect(signIn('wrong-one-9')).rejects.toEqual(refusal('CREDENTIALS_WRONG'));
    await expect(unwrap(api.GET('/v1/me'))).rejects.toEqual(refusal('NOT_SIGNED_IN'));
    await signIn(who.password);
    expect(await unwrap(api.GET('/v1/me'))).toMatchObject({
      nickName: 'Ann Lee',
      userName: 'ann',
      isOnline: null,
    });

    const before = await api.accessToken();
    expect(await api.accessToken({ refresh: true })).not.toBe(before);
    const changed = { oldPassword: who.password, newPassword: 'a-better-one-8' };
    await unwrap(api.PUT('/v1/me/password', { body: changed }));
    await expect(unwrap(api.PUT('/v1/me/password', { body: changed }))).rejects.toEqual(
      refusal('PASSWORD_WRONG'),
    );
    await unwrap(api.DELETE('/v1/sessions/current'));
    await expect(unwrap(api.GET('/v1/me'))).rejects.toEqual(refusal('NOT_SIGNED_IN'));
    await expect(
      unwrap(api.POST('/v1/sessions/refresh', { body: { refreshToken: 'none' } })),
    ).rejects.toEqual(refusal('SESSION_OVER'));
  });

  it('go on by themselves when their access token is over', async () => {
    const test = await startTestPlatform({ store, platform: { accessTtlS: 1 } });
    const ann = await test.register('ann');
    const api = await apiOf(test, ann);
    await expect.poll(() => ann.ask('GET', '/user/self')).toMatchObject({ code: 401 });

    const answers = await Promise.all(Array.from({ length: 5 }, () => unwrap(api.GET('/v1/me'))));

    expect(answers.map(({ nickName }) => nickName)).toEqual(Array(5).fill('ann'));
  });

  it('change what is theirs, and find others', async () => {
    const test = await startTestPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const api = await apiOf(test, ann);
    const see = (userId: number): Promise<unknown> =>
      unwrap(api.GET('/v1/users/{userId}', { params: { path: { userId: String(userId) } } }));

    await unwrap(api.PATCH('/v1/me', { body: { signature: 'Hello', sex: 'female' } }));
    expect(await see(ann.id)).toMatchObject({
      nickName: 'ann',
      signature: 'Hello',
      sex: 'female',
      picture: null,
    });
    await expect(
      unwrap(api.PATCH('/v1/me', { body: { picture: 'https://evil.example.com/x.png' } })),
    ).rejects.toEqual(refusal('FILE_REFUSED'));
    expect(await see(bob.id)).toMatchObject({ nickName: 'bob', userName: null, isOnline: null });
    await befriend(test, ann, bob);
    await bob.connect();
    expect(await see(bob.id)).toMatchObject({ userName: 'bob', isOnline: true });
    await expect(see(999)).rejects.toEqual(refusal('NOT_FOUND'));
    const found = await unwrap(api.GET('/v1/users', { params: { query: { name: 'bo' } } }));
    expect(found.items.map(({ id }) => id)).toEqual([String(bob.id)]);
  });

  it('become friends and part, and list them page by page', async () => {
    const test = await sharedPlatform({ store, platform: { friendship: 'open' } });
    const ann = await test.register('ann');
    const others: Person[] = [];
    for (const name of ['b', 'c', 'd', 'e']) others.push(await test.register(name));
    const api = await apiOf(test, ann);
    const byId = (userId: number): { params: { path: { userId: string } } } => ({
      params: { path: { userId: String(userId) } },
    });
    const list = (limit: number): Promise<{ userId: string }[]> =>
      all((cursor) =>
        unwrap(
          api.GET('/v1/friends', { params: { query: { limit, ...(cursor !== undefined && { cursor }) } } }),
        ),
      );

    for (const { id } of others) await unwrap(api.PUT('/v1/friends/{userId}', byId(id)));
    const [first, second] = others as [(typeof others)[0], (typeof others)[0]];
    expect(await unwrap(api.PUT('/v1/friends/{userId}', byId(first.id)))).toMatchObject({
      ...{ userId: String(first.id), nickName: 'b', isMuted: false },
      conversationId: `private:${ann.id}:${first.id}`,
    });
    await unwrap(api.PATCH('/v1/friends/{userId}', { ...byId(first.id), body: { isMuted: true } }));
    await unwrap(api.DELETE('/v1/friends/{userId}', byId(second.id)));
    await unwrap(api.DELETE('/v1/friends/{userId}', byId(second.id)));

    const left = others.filter(({ id }) => id !== second.id).map(({ id }) => String(id));
    for (const limit of [1, 2, 3, 50]) expect((await list(limit)).map(({ userId }) => userId)).toEqual(left);
    await expect(unwrap(api.PUT('/v1/friends/{userId}', byId(ann.id)))).rejects.toEqual(
      refusal('INVALID_ARGUMENT'),
    );
    await expect(unwrap(api.PUT('/v1/friends/{userId}', byId(999)))).rejects.toEqual(refusal('NOT_FOUND'));
    await expect(unwrap(api.GET('/v1/friends', { params: { query: { cursor: 'none' } } }))).rejects.toEqual(
      refusal('INVALID_ARGUMENT'),
    );
  });

  it('open a group once with one key, also at the same moment, and another one with another', async () => {
    const test = await startTestPlatform({ store, instances: store === 'sqlite' ? 1 : 2, bus: 'redis' });
    const ann = await test.register('ann');
    const elsewhere = await test.logIn('ann', { at: test.all.at(-1)! });
    const [here, there] = [await apiOf(test, ann), await apiOf(test.all.at(-1)!, elsewhere)];
    const open = (api: ApiClient, key: string, name = 'Climbing') =>
      unwrap(api.POST('/v1/groups', { params: { header: { 'idempotency-key': key } }, body: { name } }));

    const opened = await Promise.all([here, there, here, there].map((api) => open(api, 'one')));

    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    expect(await open(here, 'one')).toEqual(opened[0]);
    expect((await open(here, 'two')).id).not.toBe(opened[0]?.id);
    await expect(open(here, 'one', 'Chess')).rejects.toEqual(refusal('IDEMPOTENCY_KEY_REUSED'));
    expect((await unwrap(here.GET('/v1/groups'))).items).toHaveLength(2);
  });

  it('have groups, with members page by page', async () => {
    const test = await startTestPlatform({ store, platform: { maxGroupMembers: 4 } });
    const ann = await test.register('ann');
    const others: Person[] = [];
    for (const name of ['b', 'c', 'd', 'e']) others.push(await test.register(name));
    const [b, c, d, e] = others as [Person, Person, Person, Person];
    await befriend(test, ann, ...others);
    const [asAnn, asB] = [await apiOf(test, ann), await apiOf(test, b)];
    const opened = await unwrap(
      asAnn.POST('/v1/groups', { body: { name: 'Climbing', notice: 'Thursdays' } }),
    );
    const path = { groupId: opened.id };
    const invite = (userIds: string[]): Promise<unknown> =>
      unwrap(asAnn.POST('/v1/groups/{groupId}/members', { params: { path }, body: { userIds } }));
    const remove = (api: ApiClient, userId: string): Promise<unknown> => {
      const params = { path: { ...path, userId } };
      return unwrap(api.DELETE('/v1/groups/{groupId}/members/{userId}', { params }));
    };
    const members = (limit: number): Promise<{ userId: string }[]> =>
      all((cursor) => {
        const query = { limit, ...(cursor !== undefined && { cursor }) };
        return unwrap(asAnn.GET('/v1/groups/{groupId}/members', { params: { path, query } }));
      });

    await expect(unwrap(asB.GET('/v1/groups/{groupId}', { params: { path } }))).rejects.toEqual(
      refusal('NOT_FOUND'),
    );
    await invite([b, c, d].map(({ id }) => String(id)));
    await invite([String(b.id)]);
    await expect(invite([String(e.id)])).rejects.toEqual(refusal('GROUP_FULL'));
    const ids = [ann, b, c, d].map(({ id }) => String(id));
    for (const limit of [1, 2, 3, 4]) expect((await members(limit)).map(({ userId }) => userId)).toEqual(ids);

    const change = { params: { path }, body: { myName: 'Bea', isMuted: true } };
    expect(await unwrap(asB.PATCH('/v1/groups/{groupId}', change))).toMatchObject({
      ...{ name: 'Climbing', notice: 'Thursdays', ownerId: String(ann.id), isMember: true, closed: null },
      ...{ myName: 'Bea', myNameForIt: null, isMuted: true, conversationId: `group:${opened.id}` },
    });
    expect((await members(50)).find(({ userId }) => userId === String(b.id))).toMatchObject({ name: 'Bea' });
    const rename = { params: { path }, body: { name: 'Mine' } };
    await expect(unwrap(asB.PATCH('/v1/groups/{groupId}', rename))).rejects.toEqual(refusal('NOT_ALLOWED'));
    expect(await unwrap(asAnn.PATCH('/v1/groups/{groupId}', rename))).toMatchObject({ name: 'Mine' });

    await expect(remove(asB, String(c.id))).rejects.toEqual(refusal('NOT_ALLOWED'));
    await remove(asAnn, String(c.id));
    await remove(asB, 'me');
    await expect(remove(asB, 'me')).rejects.toEqual(refusal('NOT_A_MEMBER'));
    await expect(remove(asAnn, 'me')).rejects.toEqual(refusal('OWNER_CANNOT_LEAVE'));
    expect((await members(50)).map(({ userId }) => userId)).toEqual([String(ann.id), String(d.id)]);
    expect(await unwrap(asB.GET('/v1/groups'))).toEqual({ items: [], nextCursor: null });
    expect((await unwrap(asAnn.GET('/v1/groups'))).items.map(({ id }) => id)).toEqual([opened.id]);
    await unwrap(asAnn.DELETE('/v1/groups/{groupId}', { params: { path } }));
    await expect(invite([String(e.id)])).rejects.toEqual(refusal('GROUP_CLOSED'));
    expect(await unwrap(asAnn.GET('/v1/groups/{groupId}', { params: { path } }))).toMatchObject({
      closed: 'dissolved',
    });
  });
});
