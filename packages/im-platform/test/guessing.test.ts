import { describe, expect, it } from 'vitest';
import { Refusal } from '../src/http/refusal.ts';
import type { AuditEntry } from '../src/index.ts';
import { limitersOn } from '../src/limits/limiter.ts';
import { LoginLimits } from '../src/users/login-limits.ts';
import { call, type Answer } from './support/person.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

const tooMany = 429;

/** Who tries passwords from wherever he says he is. */
function guesser(url: string) {
  return async (
    userName: string,
    { password = 'wrong', forwardedFor = '198.51.100.1' }: { password?: string; forwardedFor?: string } = {},
  ): Promise<number> => {
    const { code } = await call(`${url}/login`, 'POST', {
      body: { terminal: 0, userName, password },
      headers: { 'x-forwarded-for': forwardedFor },
    });
    return code;
  };
}

const isLookedAt = (code: number): boolean => code === 10001;

describe.each(storeKinds)('guessing passwords on %s', (store) => {
  it('looks at no more of many at once than are allowed', async () => {
    const test = await startTestPlatform({ store, platform: { failedLoginsPerAccount: 10 } });
    await test.signUp('vic');
    const guess = guesser(test.url);

    const codes = await Promise.all(Array.from({ length: 60 }, () => guess('vic')));

    expect(codes.filter(isLookedAt)).toHaveLength(10);
    expect(codes.filter((code) => code === tooMany)).toHaveLength(50);
  });

  it('takes a name with spaces or other letters for what it finds', async () => {
    const test = await startTestPlatform({ store, platform: { failedLoginsPerAccount: 5 } });
    await test.signUp('vic');
    const guess = guesser(test.url);
    const names = ['vic', 'vic ', 'vic  ', 'ｖｉｃ', ' vic'];

    const codes: number[] = [];
    for (let round = 0; round < 4; round++) for (const name of names) codes.push(await guess(name));

    expect(codes.filter(isLookedAt).length).toBeLessThanOrEqual(5);
  });

  it('counts the old password of a change, too, together with logins', async () => {
    const test = await startTestPlatform({ store, platform: { failedLoginsPerAccount: 5 } });
    const vic = await test.signUp('vic');
    const change = (oldPassword: string): Promise<Answer> =>
      vic.ask('PUT', '/modifyPwd', { oldPassword, newPassword: 'secret-2' });

    const answers = await Promise.all(Array.from({ length: 20 }, () => change('wrong')));

    expect(answers.filter(({ message }) => message === '旧密码不正确')).toHaveLength(5);
    expect(await change('secret-1')).toMatchObject({ code: tooMany });
    expect(
      (
        await call(`${test.url}/login`, 'POST', {
          body: { terminal: 0, userName: 'vic', password: 'secret-1' },
        })
      ).code,
    ).toBe(tooMany);
  });

  it('lets the owner in while others guess, from elsewhere or from everywhere', async () => {
    const test = await startTestPlatform({
      store,
      platform: { trustProxy: true, failedLoginsPerAccount: 3, failedLoginsPerAccountFromAnywhere: 6 },
    });
    await test.signUp('vic');
    const guess = guesser(test.url);
    const home = { password: 'secret-1', forwardedFor: '203.0.113.7' };
    expect(await guess('vic', home)).toBe(200);

    const codes: number[] = [];
    for (let host = 1; host <= 10; host++)
      codes.push(await guess('vic', { forwardedFor: `198.51.100.${host}` }));

    expect(codes.filter(isLookedAt)).toHaveLength(6);
    expect(await guess('vic', { password: 'secret-1', forwardedFor: '198.51.100.99' })).toBe(tooMany);
    expect(await guess('vic', home)).toBe(200);
  });

  it('gives a right password its count back', async () => {
    const test = await startTestPlatform({
      store,
      platform: { failedLoginsPerAccount: 2, failedLoginsPerAddress: 3 },
    });
    await test.signUp('vic');
    const guess = guesser(test.url);

    for (let day = 1; day <= 5; day++) {
      if (day === 2) expect(await guess('vic')).toBe(10001);
      expect(await guess('vic', { password: 'secret-1' })).toBe(200);
    }
  });
});

describe('where a guess comes from', () => {
  it.each([
    ['one proxy', true, (n: number) => `${n}.1.1.1, 198.51.100.1`],
    ['two proxies', 2, (n: number) => `${n}.1.1.1, 198.51.100.1, 10.0.0.1`],
    ['networks', ['127.0.0.1', '10.0.0.0/8'], (n: number) => `${n}.1.1.1, 198.51.100.1, 10.0.0.1, 10.0.0.2`],
    ['a port', 1, (n: number) => `198.51.100.1:${4_000 + n}`],
    ['a /64', 1, (n: number) => `2001:db8::${n}`],
    ['a /64 with a port', 1, (n: number) => `[2001:db8::${n}]:${n}`],
    ['nobody in front', false, (n: number) => `198.51.100.${n}`],
  ] as const)('is what our own proxies wrote: %s', async (_, trustProxy, forwardedFor) => {
    const test = await startTestPlatform({
      store: 'sqlite',
      platform: { trustProxy, failedLoginsPerAddress: 5 },
    });
    const guess = guesser(test.url);

    const codes: number[] = [];
    for (let n = 1; n <= 15; n++) codes.push(await guess(`user-${n}`, { forwardedFor: forwardedFor(n) }));

    expect(codes.filter((code) => code !== tooMany)).toHaveLength(5);
  });

  it('says which proxies it could trust', async () => {
    for (const trustProxy of [0, 33, 1.5, ['nonsense'], 'all'] as never[])
      await expect(startTestPlatform({ store: 'sqlite', platform: { trustProxy } })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
      });
  });
});

describe('a guesser in the network of the owner', () => {
  const attempt = { network: '203.0.113.7', userId: 7, userName: 'vic', isKnownNetwork: true };

  it('holds him up for seconds, and gets a try in each of these', async () => {
    const limits = new LoginLimits({
      ...{ perAccount: 10, perAccountFromAnywhere: 50, perNetwork: 100, slowS: 1 },
      createLimiter: limitersOn(undefined),
      audit: { record: () => undefined },
    });
    const tries = (count: number) =>
      Promise.all(
        Array.from({ length: count }, () => limits.admit(attempt).catch((refusal: unknown) => refusal)),
      );
    const refused = (outcomes: readonly unknown[]) =>
      outcomes.filter((outcome) => outcome instanceof Refusal);

    const burst = refused(await tries(60));
    expect(burst).toHaveLength(50);
    expect(burst.at(-1)).toMatchObject({ code: 429, retryAfterS: 1 });
    for (let slot = 1; slot <= 2; slot++)
      await expect.poll(async () => refused(await tries(40)).length).toBe(39);

    // Nor does he use up what others of the network may try.
    const other = limits.admit({ ...attempt, userId: 8, userName: 'ann' });
    const admission = await other;
    await admission.succeeded();
    await expect
      .poll(() =>
        limits.admit(attempt).then(
          () => true,
          () => false,
        ),
      )
      .toBe(true);
  });

  it('is shut out as ever where the owner has not been', async () => {
    const limits = new LoginLimits({
      ...{ perAccount: 2, perAccountFromAnywhere: 50, perNetwork: 100, slowS: 1 },
      createLimiter: limitersOn(undefined),
      audit: { record: () => undefined },
    });
    const elsewhere = { ...attempt, isKnownNetwork: false };
    for (let n = 0; n < 2; n++) await limits.admit(elsewhere);

    await expect(limits.admit(elsewhere)).rejects.toMatchObject({ code: 429, retryAfterS: 900 });
  });
});

describe('limits of several instances', () => {
  it('are one on Redis', async () => {
    const test = await startTestPlatform({
      store: 'mariadb',
      bus: 'redis',
      instances: 3,
      platform: { failedLoginsPerAccount: 10 },
    });
    await test.signUp('vic');
    const guesses = test.all.map(({ url }) => guesser(url));

    const codes = await Promise.all(
      Array.from({ length: 60 }, (_, index) => guesses[index % 3]?.('vic') ?? Promise.resolve(0)),
    );

    expect(codes.filter(isLookedAt)).toHaveLength(10);
  });
});

describe('what is kept of guesses', () => {
  it('is short, whatever is typed, and the audit has no word of it', async () => {
    const entries: AuditEntry[] = [];
    const test = await startTestPlatform({
      store: 'sqlite',
      platform: { failedLoginsPerAccount: 2, audit: (entry) => void entries.push(entry) },
    });
    const vic = await test.signUp('vic');
    const guess = guesser(test.url);

    expect(await guess('x'.repeat(256))).toBe(500);
    expect(await guess('v'.repeat(255))).toBe(10001);
    for (let n = 0; n < 4; n++) await guess('vic', { password: 'my-secret-guess' });

    const network = '127.0.0.1';
    expect(entries).toEqual([
      { event: 'registered', userId: vic.id, network },
      { event: 'login', userId: vic.id, terminal: 0, network },
      { event: 'login-refused', terminal: 0, network, reason: 'userUnknown' },
      { event: 'login-refused', userId: vic.id, terminal: 0, network, reason: 'passwordWrong' },
      { event: 'login-refused', userId: vic.id, terminal: 0, network, reason: 'passwordWrong' },
      { event: 'account-locked', userId: vic.id, network, reason: 'account-and-network' },
      { event: 'login-refused', userId: vic.id, terminal: 0, network, reason: 'tooManyLogins' },
      { event: 'login-refused', userId: vic.id, terminal: 0, network, reason: 'tooManyLogins' },
    ]);
    const metrics = await (await fetch(`${test.url}/metrics`)).text();
    expect(metrics).toContain(
      'im_platform_audit_total{event="account-locked",reason="account-and-network"} 1\n',
    );
    expect(metrics).toContain(
      'im_platform_refusals_total{route="/login",code="10001",reason="passwordWrong"} 3\n',
    );
  });
});
