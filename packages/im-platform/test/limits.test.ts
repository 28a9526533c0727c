import { describe, expect, it } from 'vitest';
import { call } from './support/person.ts';
import { startTestPlatform } from './support/test-platform.ts';

const tooMany = { status: 200, code: 429, message: '请求过于频繁，请稍后再试' };

describe('the limit of requests', () => {
  it('holds up one user, and no other', async () => {
    const test = await startTestPlatform({ store: 'sqlite', platform: { requestsPerMinute: 5 } });
    const [ann, bob] = [await test.signUp('ann'), await test.signUp('bob')];
    const isLet = async (): Promise<number> => (await ann.ask('POST', '/message/private/send', {})).code;

    const codes = [await isLet(), await isLet(), await isLet(), await isLet(), await isLet()];

    expect(codes).not.toContain(429);
    expect(await ann.ask('POST', '/message/private/send', {})).toMatchObject(tooMany);
    expect((await bob.ask('POST', '/message/private/send', {})).code).not.toBe(429);
  });

  it('holds up an address that asks without a token, says for how long, and lets operators ask on', async () => {
    const { url } = await startTestPlatform({ store: 'sqlite', platform: { requestsPerMinute: 2 } });
    const tryIt = (): Promise<{ code: number }> => call(`${url}/login`, 'POST', { body: {} });

    expect([(await tryIt()).code, (await tryIt()).code]).toEqual([500, 500]);
    expect(await tryIt()).toMatchObject(tooMany);
    const answer = await fetch(`${url}/login`, { method: 'POST' });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('takes no body larger than 256 KiB, and of strangers none larger than 16 KiB', async () => {
    const test = await startTestPlatform({ store: 'sqlite' });
    const ann = await test.signUp('ann');
    const register = (bytes: number): Promise<{ code: number }> =>
      call(`${test.url}/register`, 'POST', {
        body: { userName: `user-${bytes}`, password: 'secret-1', more: 'x'.repeat(bytes) },
      });
    const rename = (bytes: number): Promise<{ code: number }> =>
      ann.ask('PUT', '/user/update', {
        ...{ id: ann.id, userName: 'ann', nickName: 'Ann' },
        more: 'x'.repeat(bytes),
      });

    expect((await rename(256 * 1024)).code).toBe(500);
    expect((await rename(200 * 1024)).code).toBe(200);
    expect((await register(16 * 1024)).code).toBe(500);
    expect((await register(15 * 1024)).code).toBe(200);
  });
});

describe('the filter of scripts', () => {
  const scripts = [
    '<script>1',
    '<SCRIPT src>',
    'alert (1)',
    'a.onerror  (x)',
    'go to x?src=1',
    'an iframe',
    'history.back()',
  ];

  it.each(scripts)('refuses %j when it is on, in bodies and in queries', async (text) => {
    const { url } = await startTestPlatform({ store: 'sqlite', platform: { xssFilter: true } });
    const refused = { status: 200, code: 10004, message: '请不要输入非法内容' };

    const body = { userName: text, password: 'secret-1' };
    expect(await call(`${url}/register`, 'POST', { body })).toMatchObject(refused);
    const query = new URLSearchParams({ name: text });
    expect(await call(`${url}/user/findByName?${query.toString()}`, 'GET')).toMatchObject(refused);
  });

  it('lets the rest pass, and everything when it is off', async () => {
    const on = await startTestPlatform({ store: 'sqlite', platform: { xssFilter: true } });
    const off = await startTestPlatform({ store: 'sqlite' });
    const register = (url: string, userName: string): Promise<{ code: number }> =>
      call(`${url}/register`, 'POST', { body: { userName, password: 'secret-1' } });

    expect((await register(on.url, 'alerts & script <3')).code).toBe(200);
    for (const [index, text] of scripts.entries())
      expect((await register(off.url, `${index}${text}`.slice(0, 20))).code).toBe(200);
  });
});
