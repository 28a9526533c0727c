import { describe, expect, it } from 'vitest';
import { readConfiguration } from '../src/configuration.ts';
import { unwrap } from '../src/client/index.ts';
import { makeResetToken } from '../src/users/password-reset.ts';
import { apiOf } from './support/api.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

describe.each(storeKinds)('a token of the operator for a new password on %s', (store) => {
  it('counts once, also for two at the same moment, and ends all sessions', async () => {
    const test = await startTestPlatform({ store });
    const { database } = test.platform;
    const ann = await test.register('ann');
    const device = await ann.connect();
    const api = await apiOf(test);
    const reset = (token: string, newPassword: string): Promise<string> =>
      unwrap(api.POST('/v1/password-resets', { body: { token, newPassword } })).then(
        () => 'done',
        (error: unknown) => (error as { code: string }).code,
      );
    const old = await makeResetToken(database, { userName: 'ann', hours: 1 });
    const token = await makeResetToken(database, { userName: 'ann', hours: 1 });

    expect(await reset(old, 'a-good-one-7')).toBe('RESET_TOKEN_INVALID');
    expect(await reset('x'.repeat(24), 'a-good-one-7')).toBe('RESET_TOKEN_INVALID');
    expect(await reset(token, 'short')).toBe('PASSWORD_REFUSED');
    const outcomes = await Promise.all(['a-good-one-7', 'a-good-one-8'].map((one) => reset(token, one)));
    expect(outcomes.toSorted()).toEqual(['RESET_TOKEN_INVALID', 'done']);

    expect(await device.closed).toEqual({ code: 4401, reason: 'login ended' });
    expect((await ann.ask('GET', '/user/self')).code).toBe(401);
    await expect(test.logIn('ann')).rejects.toThrow();
    const good = outcomes[0] === 'done' ? 'a-good-one-7' : 'a-good-one-8';
    expect((await test.logIn('ann', { password: good })).id).toBe(ann.id);
    const late = await makeResetToken(database, { userName: 'ann', hours: 1 });
    await database.sql('im_password_reset').update({ endTime: Date.now() - 1 });
    expect(await reset(late, 'a-good-one-9')).toBe('RESET_TOKEN_INVALID');
    await expect(makeResetToken(database, { userName: 'nobody', hours: 1 })).rejects.toThrow(/no user/);
  });
});

it('the command takes a name and says for how long', () => {
  const env = { IM_PLATFORM_DATABASE: 'sqlite:./im.db' };

  expect(readConfiguration(['reset-token', 'ann'], env)).toEqual({
    ...{ kind: 'reset-token', database: 'sqlite:./im.db', userName: 'ann', hours: 24 },
  });
  expect(readConfiguration(['reset-token', 'ann', '--hours', '2'], env)).toMatchObject({ hours: 2 });
});
