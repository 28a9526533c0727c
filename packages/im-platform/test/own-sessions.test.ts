import { describe, expect, it } from 'vitest';
import { createApiClient, unwrap, type ApiClient, type ApiTokens } from '../src/client/index.ts';
import { deviceNameOf } from '../src/sessions/device-name.ts';
import { apiOf } from './support/api.ts';
import { call, type Person } from './support/person.ts';
import { sharedPlatform, startTestPlatform, storeKinds, type TestPlatform } from './support/test-platform.ts';

function refusal(code: string): object {
  return expect.objectContaining({ code }) as object;
}

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly device: string;
  readonly network: string;
  readonly isCurrent: boolean;
  readonly createdAt: string;
  readonly seenAt: string;
}

async function sessionsOf(api: ApiClient): Promise<readonly Shown[]> {
  return (await unwrap(api.GET('/v1/sessions'))).items;
}

function end(api: ApiClient, sessionId: string): Promise<unknown> {
  return unwrap(api.DELETE('/v1/sessions/{sessionId}', { params: { path: { sessionId } } }));
}

async function mayRefresh({ url }: TestPlatform, { tokens }: Person): Promise<boolean> {
  const { code } = await call(`${url}/refreshToken`, 'PUT', {
    headers: { refreshToken: tokens.refreshToken },
  });
  return code === 200;
}

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

describe.each(storeKinds)('the sessions of a user on %s', (store) => {
  it('are listed with what tells them apart, each for its own user', async () => {
    const test = await startTestPlatform({ store });
    await test.register('bob');
    const here = await test.register('ann');
    const body = { userName: 'ann', password: 'secret-1', terminal: 1 };
    await call(`${test.url}/login`, 'POST', { headers: { 'user-agent': chrome }, body });
    let tokens: ApiTokens | undefined;
    const phone = createApiClient({
      url: test.url,
      tokens: { read: () => tokens, write: (fresh) => (tokens = fresh) },
    });
    const signIn = {
      userName: 'ann',
      password: 'secret-1',
      device: 'pc',
      deviceName: ' The  big one ',
    } as const;
    await unwrap(phone.POST('/v1/sessions', { body: signIn }));

    const shown = await sessionsOf(await apiOf(test, here));

    expect(shown.map(({ isCurrent }) => isCurrent)).toEqual([true, false, false]);
    expect(shown.map(({ device, name }) => [device, name])).toEqual(
      expect.arrayContaining([
        ['web', 'node'],
        ['app', 'Chrome on Windows'],
        ['pc', 'The big one'],
      ]),
    );
    expect(new Set(shown.map(({ network }) => network))).toEqual(new Set(['127.0.0.0/24']));
    expect((await sessionsOf(phone)).map(({ isCurrent, device }) => isCurrent && device)).toContain('pc');
  });

  it('end one by one: the device is put out, its tokens are void, and the others go on', async () => {
    const test = await sharedPlatform({ store });
    const [ann, bob] = [await test.register('ann'), await test.register('bob')];
    const lost = await test.logIn('ann', { terminal: 1 });
    const [device, kept] = [await lost.connect(), await ann.connect()];
    const api = await apiOf(test, ann);
    const other = (await sessionsOf(api)).find(({ isCurrent }) => !isCurrent);
    const id = other?.id ?? '';

    await expect(end(await apiOf(test, bob), id)).rejects.toEqual(refusal('NOT_FOUND'));
    await end(api, id);

    expect(await device.closed).toEqual({ code: 4401, reason: 'login ended' });
    expect((await lost.ask('GET', '/user/self')).code).toBe(401);
    expect(await mayRefresh(test, lost)).toBe(false);
    await expect(end(api, id)).rejects.toEqual(refusal('NOT_FOUND'));
    kept.send({ cmd: 1, data: null });
    expect((await kept.next(({ cmd }) => cmd === 1)).cmd).toBe(1);
    expect(await mayRefresh(test, ann)).toBe(true);
  });

  it('end all but the one that asks, also when two of them ask at once: then one is left, or none', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const others = [await test.logIn('ann'), await test.logIn('ann', { terminal: 2 })];
    const device = await others[1]?.connect();
    const endOthers = async (who: Person): Promise<unknown> =>
      unwrap((await apiOf(test, who)).DELETE('/v1/sessions'));

    await endOthers(ann);

    expect(await device?.closed).toEqual({ code: 4401, reason: 'login ended' });
    for (const other of others) expect((await other.ask('GET', '/user/self')).code).toBe(401);
    const rival = await test.logIn('ann', { terminal: 1 });
    const ends = await Promise.allSettled([endOthers(ann), endOthers(rival)]);
    expect(ends.some(({ status }) => status === 'fulfilled')).toBe(true);
    const left = await Promise.all([ann, rival].map((who) => who.ask('GET', '/user/self')));
    expect(left.filter(({ code }) => code === 200).length).toBeLessThanOrEqual(1);
  });

  it('are known to have been used, to a minute, without a statement for each request', async () => {
    const test = await sharedPlatform({ store });
    const ann = await test.register('ann');
    const { sql } = test.platform.database;
    await sql('im_session').update({ issuedTime: 1_000, createdTime: 1_000 });
    const api = await apiOf(test, ann);
    expect((await sessionsOf(api))[0]?.seenAt).toBe('1970-01-01T00:00:01.000Z');
    const other = await test.startAnother();
    const began = Date.now();
    await fetch(`${other.url}/v1/me`, { headers: { authorization: `Bearer ${ann.tokens.accessToken}` } });

    await other.close();

    expect(Date.parse((await sessionsOf(api))[0]?.seenAt ?? '')).toBeGreaterThanOrEqual(began);
    expect(await sql('im_last_seen').select('userId')).toEqual([{ userId: ann.id }]);
  });
});

it('a device is named by what it says of itself, and by nothing that could not be shown', () => {
  const names = [
    [chrome, 'Chrome on Windows'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
      'Safari on iPhone',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
    ['okhttp/4.9.0', 'okhttp/4.9.0'],
    ['<script>alert(1)</script>', ''],
    ['x'.repeat(10_000), 'x'.repeat(64)],
    [undefined, ''],
  ] as const;

  for (const [agent, name] of names) expect(deviceNameOf(agent)).toBe(name);
});
