import type { ApiClient } from '../../src/client/index.ts';
import { orderKey } from '../../src/server-keys/key-command.ts';
import type { KeyOrder } from '../../src/server-keys/key-order.ts';
import { serverScopes, type ServerScope } from '../../src/server-keys/scopes.ts';
import { apiOf } from './api.ts';
import type { TestPlatform } from './test-platform.ts';

/** A new key, as the command makes it. */
export async function createKey(
  test: TestPlatform,
  scopes: readonly ServerScope[] = serverScopes,
  more: Partial<Extract<KeyOrder, { what: 'create' }>> = {},
): Promise<{ readonly key: string; readonly id: string }> {
  const usual = { name: 'shop', expiresDays: undefined, perMinute: 6_000 };
  const [key = ''] = await orderKey(test.platform.database, { what: 'create', scopes, ...usual, ...more });
  return { key, id: key.split('_')[1] ?? '' };
}

/** The generated client of another back end. */
export function withKey(test: { readonly url: string }, key: string): Promise<ApiClient> {
  return apiOf(test, { tokens: { accessToken: key, refreshToken: '' } });
}

/** Who asks the routes of other back ends. */
export const keyRoles = ['nobody', 'user', 'without it', 'with it', 'revoked', 'over'] as const;

/** For each of these what is shown to a route with a scope, and a key that has all. */
export type Keys = Readonly<
  Record<Exclude<(typeof keyRoles)[number], 'user'>, (scope: ServerScope) => string | undefined>
> & { readonly all: string };

export async function createKeys(test: TestPlatform): Promise<Keys> {
  const [only, allBut] = [new Map<ServerScope, string>(), new Map<ServerScope, string>()];
  for (const scope of serverScopes) {
    only.set(scope, (await createKey(test, [scope])).key);
    allBut.set(
      scope,
      (
        await createKey(
          test,
          serverScopes.filter((one) => one !== scope),
        )
      ).key,
    );
  }
  const [{ key: all }, revoked, over] = [await createKey(test), await createKey(test), await createKey(test)];
  const { database } = test.platform;
  await orderKey(database, { what: 'revoke', id: revoked.id });
  await database.sql('im_server_key').where({ id: over.id }).update({ endTime: Date.now() });
  return {
    all,
    nobody: () => undefined,
    'without it': (scope) => allBut.get(scope),
    'with it': (scope) => only.get(scope),
    revoked: () => revoked.key,
    over: () => over.key,
  };
}
