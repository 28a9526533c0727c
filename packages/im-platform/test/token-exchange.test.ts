import { createHmac, createPublicKey } from 'node:crypto';
import { silentLogger } from 'im-common';
import { UnsecuredJWT, decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { unwrap, type ApiProblem, type ApiTokens } from '../src/client/index.ts';
import type { AuditEntry } from '../src/index.ts';
import { resolveOptions } from '../src/resolve-options.ts';
import type { IdentityProvider } from '../src/sign-in/identity-provider.ts';
import { IssuerKeys } from '../src/sign-in/issuer-keys.ts';
import { apiOf } from './support/api.ts';
import { audience, Issuer } from './support/issuer.ts';
import { refreshSecret, startTestPlatform, type TestPlatform } from './support/test-platform.ts';

function providerOf({ url }: Issuer, more: Partial<IdentityProvider> = {}): IdentityProvider {
  return { id: 'corp', issuer: url, audience, ...more };
}

async function exchange(test: { readonly url: string }, token: string): Promise<ApiTokens> {
  return unwrap((await apiOf(test)).POST('/v1/sessions/exchange', { body: { token, device: 'web' } }));
}

function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'done',
    (error: unknown) => (error as ApiProblem).code,
  );
}

async function whoIs(test: TestPlatform, tokens: ApiTokens): Promise<{ id: string; nickName: string }> {
  return unwrap((await apiOf(test, { tokens })).GET('/v1/me'));
}

it('lets in whom an issuer vouches for, as the same user each time, and a banned one never', async () => {
  const issuer = await Issuer.start();
  const entries: AuditEntry[] = [];
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: { identityProviders: [providerOf(issuer)], audit: (entry) => void entries.push(entry) },
  });
  const { sql } = test.platform.database;
  const ann = await test.register('ann');

  // At first sight by two devices at once, with the name of somebody who is here, and a picture that nobody may show.
  const claims = { name: 'ann', email: 'ann@example.com', picture: 'https://elsewhere.example/a.png' };
  const token = await issuer.token('customer-7', claims);
  const [one, two] = await Promise.all([exchange(test, token), exchange(test, token)]);
  const me = await whoIs(test, one);
  expect(me).toMatchObject({ nickName: 'ann', picture: null });
  expect(me.id).not.toBe(String(ann.id));
  expect((await whoIs(test, two)).id).toBe(me.id);
  expect(await sql('im_identity').select('issuer', 'subject', 'email')).toEqual([
    { issuer: issuer.url, subject: 'customer-7', email: 'ann@example.com' },
  ]);
  expect(entries.filter(({ event }) => event === 'registered')).toHaveLength(1);

  const renamed = await exchange(
    test,
    await issuer.token('customer-7', { name: 'Carla', aud: ['x', audience] }),
  );
  expect(await whoIs(test, renamed)).toEqual(me);
  const other = await whoIs(test, await exchange(test, await issuer.token('customer-8')));
  expect(other.id).not.toBe(me.id);
  expect(other.nickName).toMatch(/^user-/);
  // Nobody signs in to such an account with a password.
  expect(
    await sql('im_user')
      .where({ id: Number(me.id) })
      .first('password'),
  ).toEqual({ password: '!' });

  await sql('im_user')
    .where({ id: Number(me.id) })
    .update({ isBanned: 1, reason: 'spam' });
  expect(await codeOf(exchange(test, token))).toBe('BANNED');
  expect(entries.at(-1)).toMatchObject({ event: 'login-refused', reason: 'bannedAtLogin', target: 'corp' });
});

it('lets in whom the operator wants, and nobody who is not known where accounts are not made', async () => {
  const [strict, closed] = [await Issuer.start(), await Issuer.start()];
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: {
      identityProviders: [
        providerOf(strict, {
          require: { 'realm_access.roles': ['chat', 'admin'], tenant: 'a' },
          emailDomains: ['example.com'],
          claims: { name: 'preferred_username' },
          sessionTtlS: 600,
        }),
        providerOf(closed, { id: 'closed', provision: false }),
      ],
    },
  });
  const good = {
    ...{ tenant: 'a', realm_access: { roles: ['x', 'chat'] }, preferred_username: 'carla' },
    ...{ email: 'carla@Example.com', email_verified: true },
  };
  const asking = async (claims: object): Promise<string> =>
    codeOf(exchange(test, await strict.token('1', { ...good, ...claims })));

  for (const claims of [
    { tenant: 'b' },
    { tenant: undefined },
    { realm_access: { roles: ['x'] } },
    { realm_access: 'chat' },
    { email_verified: undefined },
    { email_verified: 'true' },
    { email: 'carla@example.com.evil.example' },
    { email: 'carla@evil.example' },
    { email: undefined },
  ])
    expect([claims, await asking(claims)]).toEqual([claims, 'SIGN_IN_REFUSED']);
  const tokens = await exchange(test, await strict.token('1', good));
  expect(await whoIs(test, tokens)).toMatchObject({ nickName: 'carla' });
  expect(tokens.refreshTokenExpiresInS).toBeLessThanOrEqual(600);
  expect(await codeOf(exchange(test, await closed.token('1')))).toBe('SIGN_IN_REFUSED');
  // The same name at another issuer is somebody else.
  expect(await test.platform.database.sql('im_identity').select('subject')).toEqual([{ subject: '1' }]);
});

it('takes no token that is not signed by that issuer, for this platform, and for now', async () => {
  const [issuer, other, unknown] = [await Issuer.start(), await Issuer.start(), await Issuer.start()];
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: {
      identityProviders: [
        providerOf(issuer),
        providerOf(other, { id: 'other' }),
        // People sign in there, and its tokens are not taken.
        { id: 'unused', issuer: unknown.url },
      ],
    },
  });
  const now = Math.floor(Date.now() / 1_000);
  const good = await issuer.token('7');
  const [head = '', payload = '', signature = ''] = good.split('.');
  const pem = createPublicKey({ key: issuer.publicKey as never, format: 'jwk' });
  const secret = pem.export({ type: 'spki', format: 'pem' });
  const toText = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const hs = `${toText({ alg: 'HS256', kid: 'first' })}.${payload}`;
  const forged: Readonly<Record<string, string>> = {
    'not signed': new UnsecuredJWT(decodeJwt(good)).encode(),
    'without its signature': `${head}.${payload}.`,
    'with a public key as the secret': `${hs}.${createHmac('sha256', secret).update(hs).digest('base64url')}`,
    'of another issuer in its name': await other.token('7', { iss: issuer.url }),
    'of another issuer with its key id': await other.token('7', { iss: issuer.url }, { kid: 'first' }),
    // As a lazy check would take it.
    'of one that brings its key': await other.token(
      '7',
      { iss: issuer.url },
      { kid: 'x', jwk: other.publicKey },
    ),
    'of nobody who is known': await unknown.token('7'),
    'for another platform': await issuer.token('7', { aud: 'shop' }),
    'for nobody': await issuer.token('7', { aud: undefined }),
    over: await issuer.token('7', { exp: now - 60 }),
    'not yet good': await issuer.token('7', { nbf: now + 600 }),
    'without an end': await issuer.token('7', { exp: undefined }),
    'about nobody': await issuer.token('7', { sub: undefined }),
    'about an empty name': await issuer.token(''),
    changed: `${head}.${toText({ ...decodeJwt(good), sub: '8' })}.${signature}`,
    'no token': 'x',
    empty: '',
  };

  for (const [what, token] of Object.entries(forged))
    expect([what, await codeOf(exchange(test, token))]).toEqual([what, 'TOKEN_REFUSED']);
  expect(await codeOf(exchange(test, 'x'.repeat(8_193)))).toBe('INVALID_ARGUMENT');
  expect(await test.platform.database.sql('im_identity')).toEqual([]);
  expect(await codeOf(exchange(test, good))).toBe('done');
});

it('asks an issuer for its keys seldom, however many ids are made up, and goes on for a day without it', async () => {
  const issuer = await Issuer.start();
  let now = 0;
  const keys = new IssuerKeys({ issuer: issuer.url, logger: silentLogger, now: () => now });
  const isKnown = (kid: string): Promise<string> =>
    Promise.resolve(keys.keyOf({ alg: 'ES256', kid }, { payload: '', signature: '' })).then(
      () => 'known',
      (error: unknown) => (error as { code: string | number }).code as string,
    );
  const unknown = 'ERR_JWKS_NO_MATCHING_KEY';

  issuer.isAway = true;
  expect(await isKnown('first')).toBe(503);
  issuer.isAway = false;
  expect(await isKnown('first')).toBe(503);
  now += 2_000;
  expect(await Promise.all(['first', 'first', 'first'].map(isKnown))).toEqual(['known', 'known', 'known']);
  expect(issuer.fetches).toBe(1);

  now += 30_000;
  const many = Array.from({ length: 200 }, (_, index) => `made-up-${index}`);
  expect(new Set(await Promise.all(many.map(isKnown)))).toEqual(new Set([unknown]));
  for (const kid of many) expect(await isKnown(kid)).toBe(unknown);
  expect(issuer.fetches).toBe(2);

  await issuer.rotate('second');
  expect(await isKnown('second')).toBe(unknown);
  now += 30_000;
  expect(await isKnown('second')).toBe('known');
  expect(await isKnown('first')).toBe(unknown);

  issuer.isAway = true;
  now += 23 * 3_600_000;
  expect(await isKnown('second')).toBe('known');
  now += 2 * 3_600_000;
  expect(await isKnown('second')).toBe(503);
});

it('says which part of an identity provider is wrong', () => {
  const options = { database: 'sqlite::memory:', redis: 'redis://localhost', accessSecret: 'a'.repeat(16) };
  const resolve = (...identityProviders: unknown[]): unknown =>
    resolveOptions({ ...options, refreshSecret, identityProviders: identityProviders as IdentityProvider[] });
  const good = { id: 'corp', issuer: 'https://id.example.com' };

  expect(() => resolve({ ...good, issuer: 'http://id.example.com' })).toThrow(/0\.issuer: .*https:/);
  expect(() => resolve(good, { ...good, id: 'other' })).toThrow(/same issuer/);
  expect(() => resolve(good, { id: 'corp', issuer: 'https://b.example' })).toThrow(/same id/);
  expect(() => resolve({ ...good, algorithms: ['HS256'] })).toThrow(/0\.algorithms\.0/);
  expect(() => resolve({ ...good, audiance: 'x' })).toThrow(/audiance/);
  expect(() => resolve('corp')).toThrow(/identityProviders/);
  resolve(good, { id: 'own', issuer: 'http://127.0.0.1:3000', audience: ['a', 'b'] });
});
