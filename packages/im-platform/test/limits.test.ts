import { describe, expect, it } from 'vitest';
import { befriend } from './support/friends.ts';
import { openGroup } from './support/groups.ts';
import { say } from './support/messages.ts';
import { call, type Answer, type Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform } from './support/test-platform.ts';

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

  it('of messages is one of its own, and is told beside that of all requests', async () => {
    const test = await startTestPlatform({ store: 'sqlite', platform: { messagesPerMinute: 2 } });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    await befriend(test, ann, bob);
    const path = `${test.url}/v1/conversations/private:${ann.id}:${bob.id}/messages`;
    const headers = {
      authorization: `Bearer ${ann.tokens.accessToken}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ content: { type: 'text', text: 'hi' } });

    await say(ann, bob, 'one');
    const told: (string | null | undefined)[] = [];
    for (let index = 0; index < 2; index++) {
      const answer = await fetch(path, { method: 'POST', headers, body });
      told.push(`${answer.status} ${answer.headers.get('ratelimit')?.replace(/t=\d+/g, 't') ?? ''}`);
    }

    expect(told).toEqual([
      ...['201 "requests";r=1198;t, "messages";r=0;t', '429 "requests";r=1197;t, "messages";r=0;t'],
    ]);
    const message = { recvId: bob.id, content: 'hi', type: 0 };
    expect(await ann.ask('POST', '/message/private/send', message)).toMatchObject(tooMany);
    expect(await ann.ask('GET', '/friend/list')).toMatchObject({ code: 200 });
    await say(bob, ann, 'not held up');
  });

  it('of friends who are brought into groups counts each of them', async () => {
    const test = await startTestPlatform({ store: 'sqlite', platform: { invitationsPerHour: 3 } });
    const ann = await test.register('ann');
    const friends = [await test.register('b'), await test.register('c'), await test.register('d')];
    await befriend(test, ann, ...friends);
    const group = await openGroup(ann, friends.slice(0, 2));

    const invite = (people: readonly Person[]): Promise<Answer> =>
      ann.ask('POST', '/group/invite', { groupId: group.id, friendIds: people.map(({ id }) => id) });

    expect(await invite(friends.slice(1))).toMatchObject(tooMany);
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
    const test = await sharedPlatform({ store: 'sqlite' });
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
    const off = await sharedPlatform({ store: 'sqlite' });
    const register = (url: string, userName: string): Promise<{ code: number }> =>
      call(`${url}/register`, 'POST', { body: { userName, password: 'secret-1' } });

    expect((await register(on.url, 'alerts & script <3')).code).toBe(200);
    for (const [index, text] of scripts.entries())
      expect((await register(off.url, `${index}${text}`.slice(0, 20))).code).toBe(200);
  });
});
