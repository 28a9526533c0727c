import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import {
  connectDevice,
  leastMs,
  makeToken,
  onCleanup,
  testRedis,
  type RawDevice,
  type TestRedis,
} from 'im-test/support';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { exchange, handshakeBytes } from '../support/raw-websocket.ts';

// P-1.3, P-9.5.

const secret = 'only-for-the-security-tests';

async function start(options: Partial<ImServerOptions> = {}, at: TestRedis = testRedis()): Promise<ImServer> {
  const server = createImServer({
    redis: { url: at.url, keyPrefix: at.prefix },
    host: '127.0.0.1',
    port: 0,
    drainMs: 0,
    ...(!options.authenticate && { jwtSecret: secret }),
    ...options,
  });
  onCleanup(() => server.close());
  await server.start();
  return server;
}

async function logIn(server: ImServer, userId: number, expiresInS = 600): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId, terminal: 0, secret, expiresInS }), devId: 'd' });
  return device;
}

test('a connection ends with its token, five seconds late and no more', async () => {
  const server = await start();
  // One after the other, so that not all of them are held up by what the machine has to do besides.
  const lates = await Promise.all(
    [-4, -3, -2].map(async (leftS, index) => {
      const endsAt = (Math.floor(Date.now() / 1_000) + leftS) * 1_000;
      const device = await logIn(server, 2 + index, leftS);
      expect(await device.closed).toEqual({ code: 4401, reason: 'token expired' });
      return Date.now() - endsAt;
    }),
  );

  const least = Math.min(...lates);
  expect(least).toBeGreaterThanOrEqual(4_900);
  expect(least).toBeLessThan(7_500); // 5 s, half a second until it is looked at, and what the login took
});

test('a user who is put out hears of it at once and is gone within a second', async () => {
  const at = testRedis();
  const server = await start({}, at);
  const redis = new Redis(at.url);
  onCleanup(() => redis.disconnect());
  const took = await leastMs(1_000, async () => {
    const device = await logIn(server, 2);
    const since = performance.now();
    await redis.rpush(`${at.prefix}im:user:force_logout:${server.id}`, '{"terminal":0,"userId":2}');
    await device.next(({ cmd }) => cmd === 2);
    // From here on it gets nothing more, whatever it does.
    await redis.rpush(
      `${at.prefix}im:message:private:${server.id}`,
      '{"receivers":[{"id":2,"terminal":0}],"data":"late"}',
    );
    expect((await device.closed).code).toBe(3000);
    const tookMs = performance.now() - since;
    expect(tookMs).toBeGreaterThan(450);
    expect(device.frames.map(({ cmd }) => cmd)).toEqual([0, 2]);
    expect(await redis.exists(`${at.prefix}im:user:server_id:2:0`)).toBe(0);
    return tookMs;
  });
  expect(took).toBeLessThan(1_000);
});

test('the answer to a second login is never another user’s session', async () => {
  const server = await start();
  const device = await logIn(server, 2);

  device.send({
    cmd: 0,
    data: { accessToken: await makeToken({ userId: 3, terminal: 0, secret }), devId: 'd' },
  });

  expect(await device.closed).toEqual({ code: 4401, reason: 'token refused' });
});

test('a login while another one is under way is ignored (P-2.8)', async () => {
  const seen: string[] = [];
  let letIn = (): void => undefined;
  const server = await start({
    authenticate: async (token) => {
      seen.push(token);
      await new Promise<void>((resolve) => (letIn = resolve));
      return { userId: token, terminal: 0 };
    },
  });
  const device = await connectDevice(server.url);
  for (const accessToken of ['first', '', 'second', 'third']) device.send({ cmd: 0, data: { accessToken } });
  device.send({ cmd: 1, data: {} });
  await device.next(({ cmd }) => cmd === 1); // it has read them all

  letIn();

  await device.next(({ cmd }) => cmd === 0);
  expect(seen).toEqual(['first']);
});

test('a page of another origin is refused, whatever it calls its origin', async () => {
  const server = await start({ allowedOrigins: ['https://chat.example.com'] });
  const statusFor = async (headers: Record<string, string | readonly string[]>): Promise<number> => {
    const { answer } = await exchange(server.url, handshakeBytes(server.url, { headers }), { quietMs: 500 });
    return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1]);
  };
  expect(await statusFor({ Origin: 'https://chat.example.com' })).toBe(101);
  for (const origin of [
    'https://chat.example.com.',
    'https://chat.example.com/',
    'https://CHAT.example.com',
    'https://chat.example.com:443',
    'https://chat.example.com@evil.org',
    'https://evil.org#https://chat.example.com',
    'https://chat.example.com, https://evil.org',
    'https://chat.example.com\thttps://evil.org',
    '*',
    '',
    'null',
    'file://',
  ]) {
    expect([origin, await statusFor({ Origin: origin })]).toEqual([origin, 403]);
  }
  expect(await statusFor({ Origin: ['https://chat.example.com', 'https://evil.org'] })).toBe(403);
  // What pages of the time of version 8 sent.
  expect(await statusFor({ 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Origin': 'https://evil.org' })).toBe(
    403,
  );
});

test('the limit per address is that of the socket, or of the last proxy where one is trusted', async () => {
  const direct = await start({ maxConnectionsPerAddress: 1 });
  const behind = await start({ maxConnectionsPerAddress: 1, trustProxy: true });
  const open = async (server: ImServer, forwarded: string): Promise<boolean> =>
    connectDevice(server.url, { headers: { 'X-Forwarded-For': forwarded } }).then(
      () => true,
      () => false,
    );

  // Whoever writes the header himself gains nothing by it.
  expect([await open(direct, '10.0.0.1'), await open(direct, '10.0.0.2')]).toEqual([true, false]);
  expect([await open(behind, '10.0.0.1, 10.9.9.9'), await open(behind, '10.0.0.2, 10.9.9.9')]).toEqual([
    true,
    false,
  ]);
  expect(await open(behind, '10.9.9.9, 10.0.0.3')).toBe(true);
});

test('strangers from one address have a limit of their own, and so do their handshakes', async () => {
  const server = await start({ maxUnauthenticatedPerAddress: 3 });
  const strangers = [
    await connectDevice(server.url),
    await connectDevice(server.url),
    await connectDevice(server.url),
  ];
  await expect(connectDevice(server.url)).rejects.toThrow();

  const [known] = strangers;
  await known?.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 'd' });

  // One of the three is known now; one more may come, and one only.
  const another = await connectDevice(server.url);
  await expect(connectDevice(server.url)).rejects.toThrow();
  await another.close();
  const half = exchange(server.url, handshakeBytes(server.url).subarray(0, 20), { quietMs: 1_500 });
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expect(connectDevice(server.url)).rejects.toThrow();
  expect((await half).ended).toBe(false);
  expect(await server.metrics.text()).toMatch(
    /im_refused_connections_total\{reason="unauthenticated"\} [1-9]/,
  );
});

test('behind a trusted proxy strangers are refused with 429, by the address that it names', async () => {
  const server = await start({ maxUnauthenticatedPerAddress: 1, trustProxy: true });
  const statusFrom = async (address: string): Promise<string> => {
    const bytes = handshakeBytes(server.url, { headers: { 'X-Forwarded-For': address } });
    return (await exchange(server.url, bytes, { quietMs: 300 })).answer.slice(0, 12);
  };
  await connectDevice(server.url, { headers: { 'X-Forwarded-For': '10.0.0.1' } });

  expect(await statusFrom('10.0.0.1')).toBe('HTTP/1.1 429');
  expect(await statusFrom('10.0.0.2')).toBe('HTTP/1.1 101');
});
