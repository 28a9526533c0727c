import { generateKeyPairSync } from 'node:crypto';
import { createImServer } from 'im-server';
import { connectDevice, onCleanup } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../src/configuration.ts';
import type { AuditEntry, Platform } from '../src/index.ts';
import { endAllSessions } from '../src/sessions/end-sessions.ts';
import { SessionStore } from '../src/sessions/session-store.ts';
import { holdRows, untilWaiting } from './support/locks.ts';
import { call, Person, type Answer } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds } from './support/test-platform.ts';

interface Pair {
  readonly accessToken: string;
  readonly accessTokenExpiresIn: number;
  readonly refreshToken: string;
  readonly refreshTokenExpiresIn: number;
}

function refresh(url: string, refreshToken: string): Promise<Answer<Pair>> {
  return call<Pair>(`${url}/refreshToken`, 'PUT', { headers: { refreshToken } });
}

async function isIn(url: string, accessToken: string): Promise<boolean> {
  return (await call(`${url}/user/self`, 'GET', { headers: { accessToken } })).code === 200;
}

/** As if so much time had passed since the newest tokens were issued and shown. */
async function minutesPass({ database }: Platform): Promise<void> {
  await database.sql('im_session').decrement({ issuedTime: 61_000, confirmedTime: 61_000 });
}

describe.each(storeKinds)('sessions on %s', (store) => {
  it('end at once, also when tokens live shorter now than they did', async () => {
    const test = await startTestPlatform({ store, platform: { accessTtlS: 1_800 } });
    const ann = await test.register('ann');
    const hurried = await test.startAnother({ accessTtlS: 300, refreshTtlS: 3_600 });
    const { accessToken, refreshToken } = ann.tokens;
    expect(await isIn(hurried.url, accessToken)).toBe(true);

    const again = await test.logIn('ann', { terminal: 1, at: hurried });
    await again.put('/modifyPwd', { oldPassword: 'secret-1', newPassword: 'secret-2' });

    for (const { url } of [test.platform, hurried]) {
      expect(await isIn(url, accessToken)).toBe(false);
      expect((await refresh(url, refreshToken)).code).toBe(500);
    }
    const device = await connectDevice(test.imUrl);
    device.send({ cmd: 0, data: { accessToken, devId: 'old' } });
    expect(await device.closed).toEqual({ code: 4401, reason: 'token refused' });
  });

  it('rotate their refresh token, and take the one before until the new one has arrived', async () => {
    const test = await sharedPlatform({ store });
    const { url, platform } = test;
    const ann = await test.register('ann');
    const first = ann.tokens.refreshToken;
    await isIn(url, ann.tokens.accessToken);
    await minutesPass(platform);

    const lost = await refresh(url, first);
    await minutesPass(platform);
    const got = await refresh(url, first); // the answer was lost, long ago

    expect([lost.code, got.code]).toEqual([200, 200]);
    expect(await isIn(url, got.data.accessToken)).toBe(true);
    const twins = await Promise.all([refresh(url, first), refresh(url, got.data.refreshToken)]); // two tabs
    expect(twins.map(({ code }) => code)).toEqual([200, 200]);
  });

  it('end when a refresh token is used that was replaced, and no other session of the user with them', async () => {
    const entries: AuditEntry[] = [];
    const audit = (entry: AuditEntry): number => entries.push(entry);
    const test = await startTestPlatform({ store, platform: { audit } });
    const { url, platform } = test;
    const stolen = (await test.register('ann')).tokens;
    const others = await test.logIn('ann');
    await isIn(url, stolen.accessToken);
    await minutesPass(platform);
    const { data: next } = await refresh(url, stolen.refreshToken);
    expect(await isIn(url, next.accessToken)).toBe(true);
    await minutesPass(platform);
    const device = await others.connect();

    expect(await refresh(url, stolen.refreshToken)).toMatchObject({
      code: 500,
      message: '您的登录信息已过期，请重新登录',
    });

    expect(await isIn(url, next.accessToken)).toBe(false);
    expect((await refresh(url, next.refreshToken)).code).toBe(500);
    expect(await isIn(url, others.tokens.accessToken)).toBe(true);
    device.send({ cmd: 1, data: null });
    expect((await device.next(({ cmd }) => cmd === 1)).cmd).toBe(1);
    expect(entries.map(({ event, reason }) => `${event} ${reason ?? ''}`)).toEqual(
      expect.arrayContaining(['refresh-refused used-before', 'session-ended refresh-token-used-twice']),
    );
  });

  it('end some time after the login, however often they are refreshed, and no token outlives them', async () => {
    const test = await startTestPlatform({ store, platform: { sessionTtlS: 3 } });
    const ann = await test.register('ann');
    let { refreshToken } = ann.tokens;

    const { data } = await refresh(test.url, refreshToken);
    expect(data.accessTokenExpiresIn).toBeLessThanOrEqual(3);
    expect(data.refreshTokenExpiresIn).toBeLessThanOrEqual(3);

    await expect
      .poll(
        async () => {
          const answer = await refresh(test.url, refreshToken);
          if (answer.code === 200) refreshToken = answer.data.refreshToken;
          return answer.code;
        },
        { timeout: 8_000, interval: 200 },
      )
      .toBe(500);
    // Tokens end at whole seconds, so a refresh may be refused up to a second before the first access token ends.
    await expect.poll(() => isIn(test.url, data.accessToken)).toBe(false);
  });

  it('end one by one at a logout, and with them the socket that was opened with their token', async () => {
    const test = await sharedPlatform({ store });
    const one = await test.register('ann');
    const other = await test.logIn('ann');
    const device = await other.connect();

    await one.post('/logout');
    expect(await isIn(test.url, one.tokens.accessToken)).toBe(false);
    expect(await isIn(test.url, other.tokens.accessToken)).toBe(true);
    await other.post('/logout');
    expect((await device.closed).code).toBe(4401);
  });

  it('end by order of the operator, of one user or of everybody', async () => {
    const test = await startTestPlatform({ store });
    const people = [await test.register('ann'), await test.register('bob'), await test.register('cleo')];
    const devices = await Promise.all(people.map((person) => person.connect()));
    const end = (whose: number | 'everybody'): Promise<number> => {
      const { database, im } = test.platform;
      const deps = { database, store: new SessionStore(database), sockets: im, accessTtlS: 1_800 };
      return endAllSessions({ ...deps, audit: { record: () => undefined } }, whose);
    };

    expect(await end(people[0]?.id ?? 0)).toBe(1);
    expect((await devices[0]?.closed)?.code).toBe(4401);
    expect(await isIn(test.url, people[1]?.tokens.accessToken ?? '')).toBe(true);
    expect(await end('everybody')).toBe(2);

    for (const [index, { tokens }] of people.entries()) {
      expect((await devices[index]?.closed)?.code).toBe(4401);
      expect(await isIn(test.url, tokens.accessToken)).toBe(false);
      expect((await refresh(test.url, tokens.refreshToken)).code).toBe(500);
    }
    await (await test.logIn('ann')).connect();
  });

  it('are of so many devices at most, and what is over is forgotten', async () => {
    const test = await startTestPlatform({ store });
    const first = await test.register('ann');
    for (let n = 0; n < 20; n++) await test.logIn('ann');

    const count = async (): Promise<number> =>
      (await test.platform.database.sql('im_session').select('id')).length;
    expect(await count()).toBe(20);
    expect(await isIn(test.url, first.tokens.accessToken)).toBe(false);
    await test.platform.database.sql('im_session').update({ idleEndTime: Date.now() - 1 });
    expect(await new SessionStore(test.platform.database).sweep()).toBe(20);
  });
});

describe('a login that crosses a change of the password', () => {
  it('with the old one opens no session', async () => {
    const test = await startTestPlatform({ store: 'mariadb' });
    const ann = await test.register('ann');
    const held = await holdRows(test.platform);
    await held('im_user').where({ id: ann.id }).update({ password: 'another hash' });
    const loggingIn = call(`${test.url}/login`, 'POST', {
      body: { terminal: 0, userName: 'ann', password: 'secret-1' },
    });
    await untilWaiting(test.platform, (waiting) => waiting > 0);

    await held.commit();

    expect((await loggingIn).code).toBe(10001);
  });
});

describe('keys of tokens', () => {
  const old = ['old-secret-of-access-tokens', 'old-secret-of-refresh-tokens'] as const;
  const young = ['new-secret-of-access-tokens', 'new-secret-of-refresh-tokens'] as const;

  it('are replaced without signing anybody out', async () => {
    const test = await startTestPlatform({
      store: 'sqlite',
      platform: { accessSecret: old[0], refreshSecret: old[1] },
    });
    const before = (await test.register('ann')).tokens;
    const next = await test.startAnother({
      accessSecret: [young[0], old[0]],
      refreshSecret: [young[1], old[1]],
    });

    expect(await isIn(next.url, before.accessToken)).toBe(true);
    const { data: after } = await refresh(next.url, before.refreshToken);

    expect(await isIn(next.url, after.accessToken)).toBe(true);
    expect(await isIn(test.url, after.accessToken)).toBe(false);
    expect((await refresh(test.url, after.refreshToken)).code).toBe(500);
  });

  it.each(['ed25519', 'ec', 'rsa'] as const)(
    'can be %s, which push servers check and cannot make',
    async (kind) => {
      const test = await startTestPlatform({ store: 'sqlite', platform: { accessKey: keyOf(kind) } });
      const { bus, url } = test;
      const server = createImServer({
        ...{ host: '127.0.0.1', port: 0, bus },
        jwksUrl: `${url}/.well-known/jwks.json`,
      });
      await server.start();
      onCleanup(() => server.close());
      await Person.register(url, { userName: 'ann', password: 'secret-1' });

      const ann = await Person.logIn({
        ...{ url, imUrl: server.url, userName: 'ann', password: 'secret-1', terminal: 0 },
      });
      await ann.connect();

      const { keys } = (await (await fetch(`${url}/.well-known/jwks.json`)).json()) as { keys: object[] };
      expect(keys).toHaveLength(1);
      expect(keys[0]).not.toHaveProperty('d');
      expect(keys[0]).not.toHaveProperty('p');
    },
  );

  it.each([
    ['nothing', 'nothing'],
    ['a short RSA key', keyOf('rsa', 1_024)],
    ['another curve', keyOf('ec', 0, 'secp384r1')],
  ])('are none that is %s', async (_, accessKey) => {
    await expect(startTestPlatform({ store: 'sqlite', platform: { accessKey } })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
    });
  });
});

describe('the command that ends sessions', () => {
  const end = (...flags: string[]): unknown =>
    readConfiguration(['end-sessions', '--database', 'sqlite:x', ...flags], {});

  it('wants to know whose', () => {
    expect(end('--user', '7', '--redis', 'redis://r')).toMatchObject({
      whose: 7,
      redis: { url: 'redis://r' },
    });
    expect(end('--everybody')).toMatchObject({ whose: 'everybody', redis: undefined });
    for (const flags of [[], ['--user', '7', '--everybody'], ['--user', 'ann']])
      expect(() => end(...flags)).toThrow(/--user/);
  });
});

function keyOf(kind: 'ed25519' | 'ec' | 'rsa', modulusLength = 2_048, namedCurve = 'P-256'): string {
  const keys = {
    ed25519: () => generateKeyPairSync('ed25519'),
    ec: () => generateKeyPairSync('ec', { namedCurve }),
    rsa: () => generateKeyPairSync('rsa', { modulusLength }),
  };
  return keys[kind]().privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}
