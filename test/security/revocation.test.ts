import { createImClient, type ImClient } from 'im-client';
import { createImServer, type ImServer } from 'im-server';
import {
  connectDevice,
  leastMs,
  makeToken,
  onCleanup,
  testRedis,
  type RawDevice,
  type TestRedis,
} from 'im-test/support';
import { expect, test } from 'vitest';

// What a platform does at a logout, a change of the password and a ban (fault 19): the sessions end at once, and with
// them the tokens that have not expired yet.

const secret = 'only-for-the-security-tests';

async function startServer(at: TestRedis): Promise<ImServer> {
  const server = createImServer({
    redis: { url: at.url, keyPrefix: at.prefix },
    host: '127.0.0.1',
    port: 0,
    drainMs: 0,
    jwtSecret: secret,
  });
  onCleanup(() => server.close());
  await server.start();
  return server;
}

function startClient(at: TestRedis): ImClient {
  const im = createImClient({ service: 'platform', redis: { url: at.url, keyPrefix: at.prefix } });
  onCleanup(() => im.close());
  return im;
}

interface Token {
  readonly text: string;
  readonly endsAt: number;
}

async function tokenFor(terminal: number, expiresInS: number): Promise<Token> {
  const exp = Math.floor(Date.now() / 1_000) + expiresInS;
  const text = await makeToken({ userId: 2, terminal, secret, extra: { exp } });
  return { text, endsAt: exp * 1_000 };
}

async function show(server: ImServer, { text }: Token): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  device.send({ cmd: 0, data: { accessToken: text, devId: 'd' } });
  return device;
}

async function logIn(server: ImServer, token: Token): Promise<RawDevice> {
  const device = await show(server, token);
  await device.next(({ cmd }) => cmd === 0);
  return device;
}

test('a revocation closes the sockets of the user on all servers within a second, and its tokens are no good any more', async () => {
  expect(await leastMs(1_000, revokeOnTwoServers)).toBeLessThan(1_000);
});

async function revokeOnTwoServers(): Promise<number> {
  const at = testRedis();
  const servers = [await startServer(at), await startServer(at)] as const;
  const im = startClient(at);
  const old = { web: await tokenFor(0, 600), app: await tokenFor(1, 600) };
  const devices = [await logIn(servers[0], old.web), await logIn(servers[1], old.app)];

  const since = performance.now();
  const expiringBefore = new Date(Math.max(old.web.endsAt, old.app.endsAt) + 1_000);
  expect(await im.revokeTokens(2, { expiringBefore })).toEqual([0, 1]);
  for (const device of devices) expect((await device.closed).code).toBe(4401);
  const tookMs = performance.now() - since;

  for (const server of servers) {
    for (const token of [old.web, old.app]) {
      expect(await (await show(server, token)).closed).toEqual({ code: 4401, reason: 'token refused' });
    }
  }
  const fresh = await logIn(servers[0], await tokenFor(0, 1_800));
  await im.sendPrivateMessage({ sender: { id: 1, terminal: 0 }, recvId: 2, data: 'welcome back' });
  expect(await fresh.next(({ cmd }) => cmd === 3)).toMatchObject({ data: 'welcome back' });
  return tookMs;
}

test('a device that logs in again and again with a revoked token is out when the revocation is through', async () => {
  const at = testRedis();
  const [server, im] = [await startServer(at), startClient(at)];
  const token = await tokenFor(0, 600);
  let isOver = false;
  const stubborn = Array.from({ length: 3 }, async () => {
    const ends: RawDevice['closed'][] = [];
    for (let n = 0; n < 8 && !isOver; n += 1) {
      const device = await show(server, token);
      ends.push(device.closed);
      await Promise.race([device.closed, device.next(({ cmd }) => cmd === 0).catch(() => undefined)]);
    }
    return ends;
  });

  await im.revokeTokens(2, { expiringBefore: token.endsAt + 1_000 });
  isOver = true;

  const ends = (await Promise.all(stubborn)).flat();
  const codes = new Set((await Promise.all(ends)).map(({ code }) => code)); // every one of them ends
  expect([...codes].filter((code) => code !== 3000 && code !== 4401)).toEqual([]);
  await expect.poll(() => im.isOnline(2)).toBe(false);
});
