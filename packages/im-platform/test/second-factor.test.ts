import { expect, it } from 'vitest';
import { unwrap, type ApiClient, type ApiProblem, type ApiTokens } from '../src/client/index.ts';
import type { AuditEntry } from '../src/index.ts';
import { codeAt, stepAt, stepOf } from '../src/second-factor/totp.ts';
import { makeAdmin } from './support/admins.ts';
import { apiOf } from './support/api.ts';
import { Issuer, audience } from './support/issuer.ts';
import { holdRows, untilWaiting } from './support/locks.ts';
import { call, type Person } from './support/person.ts';
import { createKey, withKey } from './support/server-keys.ts';
import { refreshSecret, startTestPlatform, type TestPlatform } from './support/test-platform.ts';

async function problemOf(promise: Promise<unknown>): Promise<ApiProblem['problem']> {
  const done = { code: 'done', ticket: '' };
  return promise.then(
    () => done as ApiProblem['problem'],
    (error: unknown) => (error as ApiProblem).problem,
  );
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  return (await problemOf(promise)).code;
}

function fromBase32(text: string): Buffer {
  const bits = Array.from(text, (letter) =>
    'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
  );
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

interface Enrolled {
  readonly api: ApiClient;
  readonly recoveryCodes: readonly string[];
  /** A code of the app that was not used. */
  fresh(): Promise<string>;
}

/** Somebody who has turned it on. */
async function enrol(test: TestPlatform, person: Person): Promise<Enrolled> {
  const api = await apiOf(test, person);
  const { secret } = await unwrap(api.POST('/v1/me/second-factor', { body: { password: 'secret-1' } }));
  const fresh = async (): Promise<string> => {
    // As if the ones before had been used long ago.
    await test.platform.database.sql('im_second_factor').where({ userId: person.id }).update({ lastStep: 0 });
    return codeAt(fromBase32(secret), stepAt(Date.now()));
  };
  const code = await fresh();
  const { recoveryCodes } = await unwrap(api.POST('/v1/me/second-factor/confirmation', { body: { code } }));
  return { api, recoveryCodes, fresh };
}

async function ticketOf(test: { readonly url: string }, userName: string): Promise<string> {
  const body = { userName, password: 'secret-1', device: 'web' } as const;
  const { code, ticket = '' } = await problemOf(unwrap((await apiOf(test)).POST('/v1/sessions', { body })));
  expect(code).toBe('SECOND_FACTOR_NEEDED');
  return ticket;
}

async function show(test: { readonly url: string }, ticket: string, code: string): Promise<ApiTokens> {
  return unwrap((await apiOf(test)).POST('/v1/sessions/second-factor', { body: { ticket, code } }));
}

it('makes codes as apps do', () => {
  // RFC 6238, appendix B, of which six digits are used.
  const secret = Buffer.from('12345678901234567890');
  for (const [seconds, code] of [
    ...([
      [59, '287082'],
      [1_111_111_109, '081804'],
      [1_111_111_111, '050471'],
    ] as const),
    ...([
      [1_234_567_890, '005924'],
      [2_000_000_000, '279037'],
      [20_000_000_000, '353130'],
    ] as const),
  ])
    expect(codeAt(secret, stepAt(seconds * 1_000))).toBe(code);
  expect(stepOf(secret, '287082', 59_000)).toBe(1);
  for (const none of ['', '287083', '28708', '2870820', '２８７０８２', 'éééééé'])
    expect(stepOf(secret, none, 59_000), none).toBeUndefined();
});

it('is asked for at every door, and nobody has a session without it', async () => {
  const issuer = await Issuer.start();
  const entries: AuditEntry[] = [];
  const test = await startTestPlatform({
    store: 'sqlite',
    platform: {
      identityProviders: [{ id: 'corp', issuer: issuer.url, audience }],
      audit: (entry) => void entries.push(entry),
    },
  });
  const { sql } = test.platform.database;
  const ann = await test.register('ann');
  const begin = (password: string): Promise<string> =>
    apiOf(test, ann).then((api) => codeOf(unwrap(api.POST('/v1/me/second-factor', { body: { password } }))));
  expect(await begin('wrong-one-1')).toBe('PASSWORD_WRONG');
  expect(await begin('secret-1')).toBe('done');
  // Not on before its app has shown a code.
  await test.logIn('ann');
  const { api, recoveryCodes, fresh } = await enrol(test, ann);
  expect(recoveryCodes).toHaveLength(10);
  expect(await begin('secret-1')).toBe('SECOND_FACTOR_STATE');
  expect(await unwrap(api.GET('/v1/me/second-factor'))).toMatchObject({ recoveryCodesLeft: 10 });
  const rows = JSON.stringify([await sql('im_second_factor'), await sql('im_recovery_code')]);
  for (const code of recoveryCodes) expect(rows).not.toContain(code);
  await sql('im_identity').insert({
    ...{ issuer: issuer.url, subject: '7', userId: ann.id, email: '', createdTime: 1 },
  });
  const before = await sql('im_session').select<{ id: string }[]>('id');

  const token = await issuer.token('7');
  const { key } = await createKey(test);
  const back = await withKey(test, key);
  const login = await call(`${test.url}/login`, 'POST', {
    body: { userName: 'ann', password: 'secret-1', terminal: 0 },
  });
  expect([login.code, login.data]).toEqual([500, null]);
  expect(login.message).toContain('两步验证');
  const stranger = await apiOf(test);
  const body = { userName: 'ann', password: 'secret-1', device: 'app' } as const;
  const device = { device: 'web' } as const;
  const params = { path: { user: String(ann.id) } };
  const doors = {
    password: () => unwrap(stranger.POST('/v1/sessions', { body })),
    exchange: () => unwrap(stranger.POST('/v1/sessions/exchange', { body: { token, ...device } })),
    key: () => unwrap(back.POST('/v1/server/users/{user}/tokens', { params, body: device })),
  };
  const tickets: Record<string, string | undefined> = {};
  for (const [door, ask] of Object.entries(doors)) {
    const { code, ticket } = await problemOf(ask());
    expect([door, code]).toEqual([door, 'SECOND_FACTOR_NEEDED']);
    tickets[door] = ticket;
  }
  expect(tickets['key']).toBeUndefined();
  expect(await sql('im_session').select('id')).toEqual(before);

  // A code counts once, a ticket once, and neither without the other.
  const { password = '', exchange = '' } = tickets;
  const code = await fresh();
  expect(await codeOf(show(test, 'x', code))).toBe('SIGN_IN_OVER');
  expect(await codeOf(show(test, password, '000000x'))).toBe('SECOND_FACTOR_WRONG');
  const tokens = await show(test, password, code);
  expect(await unwrap((await apiOf(test, { tokens })).GET('/v1/me'))).toMatchObject({ id: String(ann.id) });
  expect(await codeOf(show(test, exchange, code))).toBe('SECOND_FACTOR_WRONG');
  expect(await codeOf(show(test, password, await fresh()))).toBe('SIGN_IN_OVER');
  expect(await codeOf(show(test, exchange, await fresh()))).toBe('done');
  const [one = ''] = recoveryCodes;
  expect(await codeOf(show(test, await ticketOf(test, 'ann'), one.toUpperCase().replaceAll('-', ' ')))).toBe(
    'done',
  );
  expect(await codeOf(show(test, await ticketOf(test, 'ann'), one))).toBe('SECOND_FACTOR_WRONG');
  expect(entries.filter(({ event }) => event === 'second-factor-refused')).toHaveLength(3);
  // Who had the old password and a ticket for it.
  const stale = await ticketOf(test, 'ann');
  await ann.put('/modifyPwd', { oldPassword: 'secret-1', newPassword: 'secret-2' });
  expect(await codeOf(show(test, stale, await fresh()))).toBe('SIGN_IN_OVER');
});

it('is not guessed by who has the password, and they lock nobody out who has recovery codes', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  const [hers, his] = [await enrol(test, ann), await enrol(test, bob)];

  // At once, so that none is looked at beyond those that may be.
  const ticket = await ticketOf(test, 'ann');
  const outcomes = await Promise.all(
    Array.from({ length: 15 }, (_, index) => codeOf(show(test, ticket, `${index}`.padStart(6, 'x')))),
  );
  expect(outcomes.filter((code) => code === 'SECOND_FACTOR_WRONG')).toHaveLength(10);
  expect(outcomes.filter((code) => code === 'TOO_MANY_REQUESTS')).toHaveLength(5);
  expect(await codeOf(show(test, ticket, await hers.fresh()))).toBe('TOO_MANY_REQUESTS');
  expect(await codeOf(show(test, ticket, hers.recoveryCodes[0] ?? ''))).toBe('done');
  expect(await codeOf(show(test, await ticketOf(test, 'bob'), await his.fresh()))).toBe('done');
});

it('is not turned on with another secret than the one that the app has shown, asked for at the same moment', async () => {
  const test = await startTestPlatform({ store: 'mariadb' });
  const ann = await test.register('ann');
  const api = await apiOf(test, ann);
  const begin = () => unwrap(api.POST('/v1/me/second-factor', { body: { password: 'secret-1' } }));
  const { sql } = test.platform.database;
  const row = { userId: ann.id };
  await begin();
  const other = (await sql('im_second_factor').where(row).first()) as { secret: string };
  const { secret } = await begin();

  // The one of another tab comes in between: all that changes the factor has the row of its user.
  const held = await holdRows(test.platform);
  await held('im_user').where({ id: ann.id }).forUpdate().first('id');
  const body = { code: codeAt(fromBase32(secret), stepAt(Date.now())) };
  const confirming = codeOf(unwrap(api.POST('/v1/me/second-factor/confirmation', { body })));
  await untilWaiting(test.platform, (waiting) => waiting > 0);
  await held('im_second_factor').where(row).update({ secret: other.secret });
  await held.commit();

  expect(await confirming).toBe('SECOND_FACTOR_WRONG');
  expect(await sql('im_second_factor').where(row).first('confirmedTime')).toEqual({ confirmedTime: null });
});

it('is turned off with a code or by an admin, and outlives a new secret of the platform', async () => {
  const test = await startTestPlatform({ store: 'sqlite' });
  const [ann, bob] = [await test.register('ann'), await test.register('bob')];
  const [hers, his] = [await enrol(test, ann), await enrol(test, bob)];
  const remove = (code: string): Promise<string> =>
    codeOf(unwrap(hers.api.POST('/v1/me/second-factor/removal', { body: { code } })));

  const [old = ''] = hers.recoveryCodes;
  const { recoveryCodes } = await unwrap(
    hers.api.POST('/v1/me/second-factor/recovery-codes', { body: { code: await hers.fresh() } }),
  );
  expect(await remove(old)).toBe('SECOND_FACTOR_WRONG');

  // What was sealed with the old one is sealed with the new one by whoever starts with both, used or not.
  const next = 'the-next-refresh-secret';
  const both = await test.startAnother({ refreshSecret: [next, refreshSecret] });
  expect(await codeOf(show(both, await ticketOf(both, 'ann'), await hers.fresh()))).toBe('done');
  const only = await test.startAnother({ refreshSecret: next });
  expect(await codeOf(show(only, await ticketOf(only, 'ann'), await hers.fresh()))).toBe('done');
  expect(await codeOf(show(only, await ticketOf(only, 'bob'), await his.fresh()))).toBe('done');
  expect(await codeOf(show(only, await ticketOf(only, 'bob'), his.recoveryCodes[0] ?? ''))).toBe('done');

  expect(await remove(recoveryCodes[0] ?? '')).toBe('done');
  await test.logIn('ann');
  await makeAdmin(test, ann);
  const params = { path: { userId: String(bob.id) } };
  const asAdmin = (): Promise<string> =>
    codeOf(unwrap(hers.api.DELETE('/v1/admin/users/{userId}/second-factor', { params })));
  expect(await asAdmin()).toBe('done');
  expect(await asAdmin()).toBe('SECOND_FACTOR_STATE');
  await test.logIn('bob');
  const { items } = await unwrap(hers.api.GET('/v1/admin/audit', { params: { query: {} } }));
  expect(items.filter(({ action }) => action === 'adminRemoveSecondFactor')).toMatchObject([
    { subject: `user:${bob.id}` },
  ]);
});
