import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDevice, makeToken, onCleanup, startRedis, testRedis } from 'im-test/support';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { secret } from '../faults/kit/im-server.ts';
import { runFromSource } from '../faults/kit/program.ts';
import { startTestServer, type TestServer } from '../faults/kit/test-server.ts';
import { exchange, handshakeBytes } from '../support/raw-websocket.ts';

// At the chattiest level and under every kind of traffic, good and bad: what is secret or private is never logged.

const markers = {
  body: 'body-marker-4711',
  binary: 'binary-marker-4712',
  poison: 'poison-marker-4713',
  frame: 'frame-marker-4714',
  devId: 'dev-marker-4715',
  sender: 'sender-marker-4716',
  query: 'query-marker-4717',
  cookie: 'cookie-marker-4718',
  order: 'order-marker-4719',
  tcp: 'tcp-marker-4720',
  header: 'header-marker-4721',
} as const;

function entry(userId: number, data: string, more = ''): string {
  return `{"cmd":3,"receivers":[{"id":${userId},"terminal":0}],"sender":{"id":1,"terminal":0,"name":"${markers.sender}"},"sendResult":true,"serviceName":"app"${more},"data":${data}}`;
}

test('neither tokens nor secrets nor what people write are ever in the logs', async () => {
  const redisServer = await startRedis({ args: ['--requirepass', 'redis-marker-4722'] });
  const at = { url: redisServer.url.replace('//', '//:redis-marker-4722@'), prefix: '' };
  const server = await startTestServer(
    ['--log-level', 'debug', '--tcp-port', '0', '--login-timeout-ms', '500'],
    at,
  );
  const redis = redisServer.client({ password: 'redis-marker-4722' });
  const tokens = await traffic(server, redis);

  // With Redis hung and then gone: commands that carry all this fail, and are told about.
  redisServer.pause();
  await trafficInAnOutage(server, tokens, 4408);
  redisServer.resume();
  await redisServer.kill();
  await trafficInAnOutage(server, tokens, 1013);
  await redisServer.start();
  await connectDevice(server.url);
  const { code } = await server.program.terminate();

  const logs = server.logs();
  expect(code).toBe(0);
  // That it can fail: the log is there, has debug lines and warnings, and tells who logged in and what went wrong.
  expect(logs).toMatch(/"level":20.*device logged in/);
  expect(logs).toMatch(/"level":20.*login refused/);
  expect(logs).toMatch(/"level":40.*an entry could not be read/);
  expect(logs).toMatch(/"level":40.*a force-logout order could not be read/);
  expect(logs).toMatch(/"level":40.*a login could not be carried out/);
  for (const marker of Object.values(markers)) expect(logs).not.toContain(marker);
  expect(logs).not.toContain('redis-marker');
  expect(logs).not.toContain(secret);
  for (const part of tokens.flatMap((token) => token.split('.'))) {
    if (part.length > 8) expect(logs).not.toContain(part);
  }
  console.log(
    `${logs.length} characters of log, ${tokens.length} tokens and ${Object.keys(markers).length} markers`,
  );
});

/** Returns every token that was shown. */
async function traffic({ url, program, logs }: TestServer, redis: Redis): Promise<string[]> {
  const good = await makeToken({ userId: 2, terminal: 0, secret });
  const other = await makeToken({ userId: 3, terminal: 0, secret });
  const expired = await makeToken({ userId: 2, terminal: 0, secret, expiresInS: -100 });
  const foreign = await makeToken({ userId: 2, terminal: 0, secret: 'of somebody else' });
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${good.split('.')[1] ?? ''}.`;
  const signature = createHmac('sha256', secret).update('no-user').digest('base64url');
  const broken = `${signature}.${signature}.${signature}`;
  const tokens = [good, other, expired, foreign, unsigned, broken];

  const device = await connectDevice(`${url}?token=${good}&q=${markers.query}`, {
    headers: { Authorization: `Bearer ${good}`, Cookie: `a=${markers.cookie}`, 'X-Own': markers.header },
  });
  await device.login({ token: good, devId: markers.devId });
  for (const text of [
    `{"cmd":1,"data":"${markers.frame}"}`,
    `{"cmd":77,"data":"${markers.frame}"}`,
    `{"cmd":"${markers.frame}"}`,
    `{"${markers.frame}`,
    markers.frame,
    `{"cmd":3,"data":{"content":"${markers.frame}"}}`,
    `{"cmd":6,"data":"${markers.frame}"}`,
  ]) {
    device.send(text);
  }
  device.send(Buffer.from(markers.binary));

  // Bad logins of every kind, each on a socket of its own.
  for (const token of [expired, foreign, unsigned, broken, '', `${good}x`]) {
    const stranger = await connectDevice(`${url}?accessToken=${token}`);
    stranger.send({ cmd: 0, data: { accessToken: token, devId: markers.devId } });
    await stranger.closed;
  }
  device.send({ cmd: 0, data: { accessToken: other, devId: markers.devId } });
  await device.closed; // another user's
  const again = await connectDevice(url);
  await again.login({ token: good, devId: markers.devId });
  const silent = await connectDevice(`${url}?token=${good}`);
  await silent.closed; // never logged in

  // Entries that arrive, that cannot be read and that reach nobody; orders of all kinds.
  const list = (kind: string): string => `im:message:${kind}:${program.id}`;
  await redis.rpush(list('private'), entry(2, `{"content":"${markers.body}"}`));
  await again.next(({ cmd }) => cmd === 3);
  await redis.rpush(
    list('private'),
    markers.poison,
    `{"data":"${markers.poison}`,
    entry(2, `{"content":"${markers.poison}",}`),
    entry(2, `{"content":"${markers.poison}"}`, `,"attempt":"first"`),
    entry(9, `{"content":"${markers.poison}"}`),
    entry(2, `{"content":"${markers.poison}${'x'.repeat(1_100_000)}"}`),
  );
  await redis.rpush(list('group'), entry(2, `"${markers.body}\xff"`), `["${markers.poison}"]`);
  await redis.rpush(list('system'), entry(2, `{"content":"${markers.body}"}`));
  await again.next(({ cmd }) => cmd === 5);
  await redis.rpush(
    `im:user:force_logout:${program.id}`,
    `{"devId":"${markers.order}`,
    `{"devId":"${markers.order}","terminal":0,"userId":"${markers.order} ?"}`,
    `{"devId":"${markers.order}","terminal":0,"userId":2}`,
  );
  await redis.set('im:user:server_id:2:0', '77'); // it is a login on a server of box-im
  await again.closed;

  // Handshakes that fail, with something private in them, and the TCP variant.
  await exchange(url, handshakeBytes(url, { target: `/other?${markers.query}&token=${good}` }));
  await exchange(url, Buffer.from(`GET /${markers.query} HTTP/1.1\r\n${markers.header}\r\n\r\n`));
  const tcp = connect(tcpPortIn(logs()), '127.0.0.1');
  onCleanup(() => tcp.destroy());
  await once(tcp, 'connect');
  for (const text of [
    markers.tcp,
    JSON.stringify({ cmd: 0, data: { accessToken: foreign, devId: markers.devId } }),
  ]) {
    const length = Buffer.alloc(8);
    length.writeBigInt64BE(BigInt(text.length));
    tcp.write(Buffer.concat([length, Buffer.from(text)]));
  }
  await once(tcp.resume(), 'close');
  return tokens;
}

function tcpPortIn(logs: string): number {
  return Number(/"tcpPort":(\d+)/.exec(logs)?.[1]);
}

async function trafficInAnOutage(
  { url }: TestServer,
  [good = '']: readonly string[],
  code: number,
): Promise<void> {
  const device = await connectDevice(url);
  device.send({ cmd: 0, data: { accessToken: good, devId: markers.devId } });
  expect((await device.closed).code).toBe(code);
}

test('a password that Redis refuses is not shown, nor one that makes no address', async () => {
  const redis = await startRedis({ args: ['--requirepass', 'right'] });
  const { port } = new URL(redis.url);
  for (const url of [
    `redis://:password-marker@127.0.0.1:${port}`,
    `redis://:password/marker@127.0.0.1:${port}`,
    `redis:password-marker@127.0.0.1`,
  ]) {
    const program = runFromSource('packages/im-server/src/main.ts', [
      '--port',
      '0',
      '--redis',
      url,
      '--jwt-secret',
      'secret-marker',
    ]);
    const { code } = await program.ended;
    await sleep(0); // what it wrote last is still on its way
    expect(code).not.toBe(0);
    expect(program.output).toMatch(/im-server: .*(WRONGPASS|not an address|expected redis)/);
    expect(program.output).not.toMatch(/marker/);
  }
});

test('one who sends nonsense all day gets no line in the log for it', async () => {
  const server = await startTestServer(['--max-frames-per-second', '1000000'], testRedis());
  const before = server.logs().split('\n').length;
  const device = await connectDevice(server.url);
  let sent = 0;
  for (const text of ['nonsense', '{"cmd":77}', '{"cmd":1,"x":1}', '{"cmd":6,"data":{"count":-1}}', '']) {
    for (let n = 0; n < 500; n += 1, sent += 1) device.send(text);
  }
  device.send({ cmd: 1, data: {} });
  await device.next(({ cmd }) => cmd === 1);

  expect(await server.program.metric('im_frames_in_total{outcome="malformed"}')).toBe(sent);
  expect(server.logs().split('\n').length).toBe(before);
});

test('a thousand entries that cannot be read are told in a few lines that say how many', async () => {
  const server = await startTestServer();
  const redis = new Redis(server.at.url);
  onCleanup(() => redis.disconnect());
  const list = `${server.at.prefix}im:message:private:${server.program.id}`;
  const poison = Array.from({ length: 1_000 }, (_, n) => `poison ${n}`);
  const startedAt = performance.now();

  await redis.rpush(list, ...poison);
  while ((await server.program.metric('im_dead_lettered_total')) < 1_000) await sleep(20);
  const seconds = (performance.now() - startedAt) / 1_000;
  await server.program.terminate();

  const told = server.logs().match(/"msg":"an entry could not be read/g) ?? [];
  expect(told.length).toBeGreaterThanOrEqual(1);
  // The output is in `logs` twice.
  expect(told.length).toBeLessThanOrEqual(2 * (seconds + 2));
});
