import { describe, expect, it } from 'vitest';
import { invite } from '../src/users/invitations.ts';
import { Lane } from '../src/limits/lane.ts';
import { call, type Answer } from './support/person.ts';
import { startTestPlatform, storeKinds } from './support/test-platform.ts';

function register(url: string, userName: string, more: object = {}): Promise<Answer> {
  return call(`${url}/register`, 'POST', { body: { userName, password: 'secret-1', ...more } });
}

describe.each(storeKinds)('registration on %s', (store) => {
  it('of a crowd does not hold up those who have an account, and no 503 has happened', async () => {
    const test = await startTestPlatform({ store });
    for (let n = 0; n < 10; n++) await register(test.url, `old-${n}`);

    const crowd = Promise.all(Array.from({ length: 150 }, (_, n) => register(test.url, `new-${n}`)));
    const logins = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        call(`${test.url}/login`, 'POST', {
          body: { terminal: 0, userName: `old-${n}`, password: 'secret-1' },
        }),
      ),
    );
    const answers = await crowd;

    expect(logins.map(({ code }) => code)).toEqual(Array(10).fill(200));
    const opened = answers.flatMap(({ code }, n) => (code === 200 ? [`new-${n}`] : []));
    const rows: { userName: string }[] = await test.platform.database
      .sql('im_user')
      .where('userName', 'like', 'new-%')
      .select('userName');
    expect(rows.map(({ userName }) => userName).toSorted()).toEqual(opened.toSorted());
    expect(answers.filter(({ code }) => code === 503).length).toBeGreaterThan(0);
    expect(answers.every(({ code }) => code === 200 || code === 503)).toBe(true);
  });

  it('is closed, or by invitation, as the operator says', async () => {
    const closed = await startTestPlatform({ store, platform: { registration: 'closed' } });
    expect(await register(closed.url, 'ann')).toMatchObject({ code: 500, message: '暂不开放注册' });

    const invited = await startTestPlatform({ store, platform: { registration: 'invited' } });
    const code = await invite(invited.platform.database, { uses: 2, days: 1 });
    const over = await invite(invited.platform.database, { uses: 2, days: -1 });
    expect(await register(invited.url, 'ann')).toMatchObject({ message: '注册需要邀请码' });
    for (const invitation of ['guessed', over])
      expect(await register(invited.url, 'ann', { invitation })).toMatchObject({
        message: '邀请码无效或已过期',
      });
    expect((await register(invited.url, 'ann', { invitation: code })).code).toBe(200);
    // A name that is taken does not use it up.
    expect((await register(invited.url, 'ann', { invitation: code })).code).toBe(10003);
    const both = await Promise.all(
      ['bob', 'cleo'].map((userName) => register(invited.url, userName, { invitation: code })),
    );
    expect(both.map((answer) => answer.code).toSorted()).toEqual([200, 500]);
  });

  it('has a limit for each network', async () => {
    const { url } = await startTestPlatform({
      store,
      platform: { registrationsPerHour: 2, trustProxy: true },
    });
    const from = async (network: string, userName: string): Promise<number> => {
      const body = { userName, password: 'secret-1' };
      return (await call(`${url}/register`, 'POST', { body, headers: { 'x-forwarded-for': network } })).code;
    };

    expect(await from('2001:db8::1', 'ann')).toBe(200);
    expect(await from('2001:db8::2', 'bob')).toBe(200);
    expect(await from('2001:db8::3', 'cleo')).toBe(429);
    expect(await from('2001:db8:0:1::3', 'cleo')).toBe(200);
  });
});

describe('a lane', () => {
  it('does so much at once, lets so much wait, and begins nothing that comes too late', async () => {
    const lane = new Lane(1, 2, () => new Error('full or late'));
    const done: string[] = [];
    let release = (): void => undefined;
    const holding = new Promise<void>((resolve) => (release = resolve));
    const far = performance.now() + 60_000;
    const first = lane.run(far, () => holding);
    const late = lane.run(performance.now() - 1, () => Promise.resolve(done.push('late')));
    const second = lane.run(far, () => Promise.resolve(done.push('second')));

    await expect(lane.run(far, () => Promise.resolve(done.push('third')))).rejects.toThrow('full or late');
    release();

    await first;
    await expect(late).rejects.toThrow('full or late');
    await second;
    expect(done).toEqual(['second']);
    await lane.run(far, () => Promise.resolve(done.push('again')));
    expect(done).toEqual(['second', 'again']);
  });
});
