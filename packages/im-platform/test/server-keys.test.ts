import { describe, expect, it } from 'vitest';
import { unwrap, type ApiClient, type ApiProblem } from '../src/client/index.ts';
import { readConfiguration } from '../src/configuration.ts';
import { orderKey } from '../src/server-keys/key-command.ts';
import { makeAdmin } from './support/admins.ts';
import { openAccount } from './support/accounts.ts';
import { apiOf } from './support/api.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

function put(api: ApiClient, user: string, body: { nickName?: string; signature?: string } = {}) {
  return unwrap(api.PUT('/v1/server/users/{user}', { params: { path: { user } }, body }));
}

function tokensFor(api: ApiClient, user: string, lifetimeS?: number) {
  const body = { device: 'web' as const, ...(lifetimeS !== undefined && { lifetimeS }) };
  return unwrap(api.POST('/v1/server/users/{user}/tokens', { params: { path: { user } }, body }));
}

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error as ApiProblem).code,
  );
}

describe.each(storeKinds)('users of another back end on %s', (store) => {
  it('are made once, by many at the same moment too, changed, let in for as long as is said, and forgotten', async () => {
    const test = await startTestPlatform({ store });
    const { sql } = test.platform.database;
    const api = await withKey(test, (await createKey(test)).key);
    const ann = await test.register('ann');

    const made = await Promise.all(
      Array.from({ length: 6 }, () => put(api, 'external:customer-7', { nickName: 'Carla' })),
    );
    expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    const [{ id, userName } = { id: '', userName: '' }] = made;
    expect(await put(api, id, { signature: 'Hi' })).toMatchObject({
      ...{ id, externalId: 'customer-7', nickName: 'Carla', signature: 'Hi', isNew: false },
    });
    // By name one is found that signed up herself; no case or accent is another's.
    expect(await put(api, 'name:ann')).toMatchObject({ id: String(ann.id), externalId: null, isNew: false });
    expect(await put(api, 'external:CUSTOMER-7')).toMatchObject({ nickName: 'CUSTOMER-7', isNew: true });
    expect(await put(api, 'name:dora')).toMatchObject({ userName: 'dora', nickName: 'dora', isNew: true });

    const tokens = await tokensFor(api, 'external:customer-7', 60);
    expect(tokens.accessTokenExpiresInS).toBeLessThanOrEqual(60);
    expect(tokens.refreshTokenExpiresInS).toBeLessThanOrEqual(60);
    const carla = await apiOf(test, { tokens });
    expect(await unwrap(carla.GET('/v1/me'))).toMatchObject({ id, nickName: 'Carla' });
    expect(await unwrap(carla.GET('/v1/sessions'))).toMatchObject({ items: [{ name: 'shop' }] });
    // There is no password that lets anybody in, nor one that deletes the account.
    await expect(test.logIn(userName, { password: '!' })).rejects.toThrow();
    expect(await codeOf(unwrap(carla.POST('/v1/me/deletion', { body: { password: '!' } })))).toBe(
      'PASSWORD_WRONG',
    );

    await sql('im_user').where({ id }).update({ isBanned: 1, reason: 'spam' });
    expect(await codeOf(tokensFor(api, id))).toBe('BANNED');
    expect(await codeOf(tokensFor(api, 'external:nobody'))).toBe('NOT_FOUND');
    expect(await codeOf(tokensFor(api, String(ann.id)))).toBe('done');
    await makeAdmin(test, ann);
    expect(await codeOf(tokensFor(api, String(ann.id)))).toBe('NOT_ALLOWED');
    expect(await codeOf(put(api, '999'))).toBe('NOT_FOUND');
    expect(await codeOf(put(api, 'name:a-name-that-is-too-long'))).toBe('INVALID_ARGUMENT');
    await unwrap((await apiOf(test, ann)).POST('/v1/me/deletion', { body: { password: 'secret-1' } }));
    expect(await codeOf(tokensFor(api, String(ann.id)))).toBe('NOT_FOUND');
  });
});

describe('keys of other back ends', () => {
  it('are good for their scopes, until they are revoked or over, and after a rotation for its grace', async () => {
    const test = await startTestPlatform({ store: 'sqlite' });
    const { database } = test.platform;
    const { key, id } = await createKey(test, ['users']);
    const use = async (shown: string): Promise<string> => codeOf(put(await withKey(test, shown), 'name:eve'));

    expect(key).toMatch(/^imk_[0-9a-f]{16}_[\w-]{43}$/);
    expect(await use(key)).toBe('done');
    const lacking = await tokensFor(await withKey(test, key), 'name:eve').catch((error: unknown) => error);
    expect(lacking).toMatchObject({
      problem: {
        code: 'SCOPE_MISSING',
        status: 403,
        detail: 'The key lacks the scope tokens; it has users.',
      },
    });
    for (const wrong of ['', 'imk_', id, `${key}x`, `imk_${id}_${'A'.repeat(43)}`, key.toUpperCase()])
      expect(await use(wrong), wrong).toBe('KEY_INVALID');

    const [fresh = ''] = await orderKey(database, { what: 'rotate', id, graceHours: 1 });
    expect([await use(key), await use(fresh)]).toEqual(['done', 'done']);
    await database.sql('im_server_key').where({ id }).update({ formerEndTime: Date.now() });
    expect([await use(key), await use(fresh)]).toEqual(['KEY_INVALID', 'done']);
    // Once more, and the one before the one before is worth nothing.
    const [freshest = ''] = await orderKey(database, { what: 'rotate', id, graceHours: 1 });
    await orderKey(database, { what: 'rotate', id, graceHours: 1 });
    expect([await use(fresh), await use(freshest)]).toEqual(['KEY_INVALID', 'done']);
    expect((await orderKey(database, { what: 'list' })).join()).toMatch(
      new RegExp(`^${id}  shop  users  created .*, used .*, the one before is good until .*`),
    );

    await orderKey(database, { what: 'revoke', id });
    expect(await use(freshest)).toBe('KEY_INVALID');
    await expect(orderKey(database, { what: 'rotate', id, graceHours: 1 })).rejects.toThrow(/no key/);
    const { key: short, id: ofShort } = await createKey(test, ['users'], { expiresDays: 1 });
    expect(await use(short)).toBe('done');
    await database.sql('im_server_key').where({ id: ofShort }).update({ endTime: Date.now() });
    expect(await use(short)).toBe('KEY_INVALID');
    const kept = JSON.stringify(await database.sql('im_server_key'));
    for (const secret of [key, fresh, freshest, short]) expect(kept).not.toContain(secret.slice(-43));
  });

  it('have limits of their own, which those who guess do not use up', async () => {
    const test = await startTestPlatform({ store: 'sqlite', platform: { requestsPerMinute: 5 } });
    await openAccount(test.platform, 'ann');
    const [one, other] = [await createKey(test, ['users'], { perMinute: 3 }), await createKey(test)];
    const ask = async (key: string): Promise<number> =>
      (await fetch(`${test.url}/v1/server/users/name:ann`, { headers: { authorization: `Bearer ${key}` } }))
        .status;
    const times = async (count: number, key: string): Promise<number[]> => {
      const statuses: number[] = [];
      for (let index = 0; index < count; index++) statuses.push(await ask(key));
      return statuses;
    };

    expect(await times(7, `imk_${one.id}_${'A'.repeat(43)}`)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(await times(4, one.key)).toEqual([200, 200, 200, 429]);
    expect(await times(8, other.key)).toEqual(Array.from({ length: 8 }, () => 200));
  });

  it('are ordered on the command line, and what is no order is refused', () => {
    const env = { IM_PLATFORM_DATABASE: 'sqlite:./im.db' };
    const orderOf = (...args: string[]): unknown => readConfiguration(['key', ...args], env);

    expect(orderOf('create', '--name', 'shop', '--scopes', 'users, tokens', '--expires-days', '90')).toEqual({
      ...{ kind: 'key', database: 'sqlite:./im.db' },
      order: { what: 'create', name: 'shop', scopes: ['users', 'tokens'], expiresDays: 90, perMinute: 6_000 },
    });
    expect(orderOf('rotate', 'a1')).toMatchObject({ order: { what: 'rotate', id: 'a1', graceHours: 24 } });
    expect(orderOf('revoke', 'a1')).toMatchObject({ order: { what: 'revoke', id: 'a1' } });
    expect(orderOf('list')).toMatchObject({ order: { what: 'list' } });
    for (const [args, why] of [
      [['create', '--scopes', 'users'], /--name/],
      [['create', '--name', 'shop', '--scopes', 'users,all'], /--scopes has all; expected some of users/],
      [['create', '--name', 'shop'], /--scopes has nothing/],
      [['rotate'], /expected create, list/],
      [['list', 'a1'], /expected create, list/],
      [['delete', 'a1'], /expected create, list/],
    ] as const)
      expect(() => orderOf(...args)).toThrow(why);
  });
});
