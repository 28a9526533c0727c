import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ImServer } from 'im-server';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { corner, entry, logIn, push, startServer, tokenOf, until } from './support.ts';

// P-1.8, P-1.9.

const heartbeat = '{"cmd":1,"data":{}}';
const heartbeatAnswer = '{"cmd":1,"data":null}';

function framed(text: string): Buffer {
  const body = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigInt64BE(BigInt(body.length));
  return Buffer.concat([length, body]);
}

/** A TCP device made by hand: eight bytes of big-endian length, then JSON. */
class TcpDevice {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);
  #wake = (): void => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        resolve();
        this.#wake();
      });
    });
  }

  async nextText(): Promise<string> {
    for (;;) {
      if (this.#received.length >= 8) {
        const end = 8 + Number(this.#received.readBigInt64BE(0));
        if (this.#received.length >= end) {
          const text = this.#received.toString('utf8', 8, end);
          this.#received = this.#received.subarray(end);
          return text;
        }
      }
      if (this.socket.closed) throw new Error('closed');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async logIn(userId: number): Promise<void> {
    const data = { accessToken: await tokenOf(userId), devId: 1 };
    this.socket.write(framed(JSON.stringify({ cmd: 0, data })));
    expect(await this.nextText()).toBe('{"cmd":0,"data":null}');
  }
}

async function connectTcp(server: ImServer): Promise<TcpDevice> {
  const socket = connect(server.tcpPort!, '127.0.0.1');
  onCleanup(() => socket.destroy());
  await once(socket, 'connect');
  return new TcpDevice(socket);
}

test('login, heartbeat, push and a result of stage written', async () => {
  const at = corner();
  const server = await startServer(at, { tcpPort: 0 });
  const device = await connectTcp(server);
  await device.logIn(2);
  const data = '{"s":"é😀","n":9007199254740993}';

  device.socket.write(framed(heartbeat));
  expect(await device.nextText()).toBe(heartbeatAnswer);
  await push(at, server, 'private', entry(2, { data }));

  expect(await device.nextText()).toBe(`{"cmd":3,"data":${data}}`);
  expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'written' });
  expect(await at.redis.get(at.key('im:user:server_id:2:0'))).toBe(String(server.id));
});

test('without the option there is no TCP port', async () => {
  expect((await startServer(corner())).tcpPort).toBeUndefined();
});

test('a frame split at every offset is read, byte for byte too', async () => {
  const server = await startServer(corner(), { tcpPort: 0, maxFramesPerSecond: 100 });
  const device = await connectTcp(server);
  const bytes = framed(heartbeat);

  for (let cut = 1; cut < bytes.length; cut += 1) {
    device.socket.write(bytes.subarray(0, cut));
    await new Promise(setImmediate); // so that the halves go in packets of their own
    device.socket.write(bytes.subarray(cut));
    expect(await device.nextText()).toBe(heartbeatAnswer);
  }
});

test('the pieces of a frame do not count as frames', async () => {
  const server = await startServer(corner(), { tcpPort: 0, maxFramesPerSecond: 5 });
  const device = await connectTcp(server);

  for (const byte of framed(heartbeat)) {
    device.socket.write(Buffer.of(byte));
    await new Promise(setImmediate);
  }

  expect(await device.nextText()).toBe(heartbeatAnswer);
});

test('more bytes in a second than allowed close the connection', async () => {
  const server = await startServer(corner(), { tcpPort: 0, maxBytesPerSecond: 100_000 });
  const device = await connectTcp(server);

  for (let n = 0; n < 5; n += 1) device.socket.write(framed(`{"cmd":1,"data":"${'x'.repeat(50_000)}"}`));

  await device.closed;
});

test('many frames in one packet are all read, with the last one incomplete', async () => {
  const server = await startServer(corner(), { tcpPort: 0 });
  const device = await connectTcp(server);
  const bytes = framed(heartbeat);

  device.socket.write(Buffer.concat([...Array.from({ length: 20 }, () => bytes), bytes.subarray(0, 5)]));
  for (let n = 0; n < 20; n += 1) expect(await device.nextText()).toBe(heartbeatAnswer);
  device.socket.write(bytes.subarray(5));

  expect(await device.nextText()).toBe(heartbeatAnswer);
});

test.each([
  ['-1', -1n],
  ['the smallest', -(2n ** 63n)],
  ['one more than maxFrameBytes', 1_001n],
  ['4 GB', 2n ** 32n],
  ['beyond 2^53', 2n ** 53n + 1n],
  ['the largest', 2n ** 63n - 1n],
])('a length of %s closes the connection', async (_name, length) => {
  const server = await startServer(corner(), { tcpPort: 0, maxFrameBytes: 1_000 });
  const device = await connectTcp(server);
  const prefix = Buffer.alloc(8);
  prefix.writeBigInt64BE(length);

  device.socket.write(prefix);

  await device.closed;
});

test('frames of maxFrameBytes and of nothing leave the connection open', async () => {
  const server = await startServer(corner(), { tcpPort: 0, maxFrameBytes: 1_000 });
  const device = await connectTcp(server);
  const around = '{"cmd":1,"data":""}'.length;

  device.socket.write(framed(''));
  device.socket.write(framed(`{"cmd":1,"data":"${'x'.repeat(1_000 - around)}"}`));

  expect(await device.nextText()).toBe(heartbeatAnswer);
});

test.each(['nonsense', '[]', '{"cmd":77,"data":{}}', '\u0000', '{"cmd":1,"data":{},"x":1}'])(
  'the frame %j is ignored',
  async (text) => {
    const server = await startServer(corner(), { tcpPort: 0 });
    const device = await connectTcp(server);

    device.socket.write(framed(text));
    device.socket.write(framed(heartbeat));

    expect(await device.nextText()).toBe(heartbeatAnswer);
  },
);

test('bytes that are no UTF-8 are ignored', async () => {
  const server = await startServer(corner(), { tcpPort: 0 });
  const device = await connectTcp(server);

  device.socket.write(
    Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 3, 0xff, 0xfe, 0x80]), framed(heartbeat)]),
  );

  expect(await device.nextText()).toBe(heartbeatAnswer);
});

test('a refused login, a missing login and too many frames close the connection', async () => {
  const server = await startServer(corner(), { tcpPort: 0, loginTimeoutMs: 600, maxFramesPerSecond: 20 });
  const [refused, silent, flooding] = [
    await connectTcp(server),
    await connectTcp(server),
    await connectTcp(server),
  ];

  refused.socket.write(framed('{"cmd":0,"data":{"accessToken":"x"}}'));
  for (let n = 0; n < 60; n += 1) flooding.socket.write(framed(heartbeat));

  await Promise.all([refused.closed, silent.closed, flooding.closed]);
});

test('half a frame does not keep a logged-in device from being idle', async () => {
  const at = corner();
  const server = await startServer(at, { tcpPort: 0, tcpIdleTimeoutMs: 400 });
  const device = await connectTcp(server);
  await device.logIn(2);
  const dribbling = setInterval(() => device.socket.write(Buffer.of(0)), 50);
  onCleanup(() => clearInterval(dribbling));
  device.socket.write(Buffer.from([0, 0, 0, 0, 0, 0, 0xff, 0xff]));

  await device.closed;
  await until(
    'the route is gone',
    async () => (await at.redis.exists(at.key('im:user:server_id:2:0'))) === 0,
  );
});

test('a TCP device has an idle time of its own', async () => {
  const server = await startServer(corner(), { tcpPort: 0, idleTimeoutMs: 60_000, tcpIdleTimeoutMs: 300 });
  const device = await connectTcp(server);
  await device.logIn(2);

  await device.closed;
});

test('a TCP device is kicked by a WebSocket one with cmd 2 and a close', async () => {
  const server = await startServer(corner(), { tcpPort: 0, kickGraceMs: 100 });
  const device = await connectTcp(server);
  await device.logIn(2);

  await logIn(server, 2, { devId: 'other' });

  expect(await device.nextText()).toBe('{"cmd":2,"data":"您已在其他地方登录，将被强制下线"}');
  await device.closed;
});

test('one group message reaches devices of both kinds', async () => {
  const at = corner();
  const server = await startServer(at, { tcpPort: 0 });
  const tcp = await connectTcp(server);
  await tcp.logIn(2);
  const web = await logIn(server, 3);

  await push(
    at,
    server,
    'group',
    entry(0, { receivers: '[{"id":2,"terminal":0},{"id":3,"terminal":0}]', data: '"é"' }),
  );

  expect(await tcp.nextText()).toBe('{"cmd":4,"data":"é"}');
  expect(await web.nextText()).toBe('{"cmd":4,"data":"é"}');
});

test('messages for a TCP device that breaks off are no success once the system stops taking them', async () => {
  const at = corner();
  const server = await startServer(at, { tcpPort: 0, maxBufferedBytes: 1_000_000_000 });
  const device = await connectTcp(server);
  await device.logIn(2);
  const witness = await logIn(server, 3);
  const count = 30;

  device.socket.pause();
  for (let n = 0; n < count; n += 1) {
    await push(at, server, 'private', entry(2, { data: `"${'x'.repeat(1_000_000)}"` }));
  }
  await push(at, server, 'private', entry(3));
  await witness.next();
  device.socket.resetAndDestroy();

  const results = [];
  for (let n = 0; n <= count; n += 1) results.push(await at.nextResult());
  expect(results.filter(({ reason }) => reason === 'CLOSED_BEFORE_PROOF').length).toBeGreaterThan(count / 3);
});

test('a TCP device that does not read is cut off', async () => {
  const at = corner();
  const server = await startServer(at, { tcpPort: 0 });
  const device = await connectTcp(server);
  await device.logIn(2);
  device.socket.pause();

  for (let n = 0; n < 30; n += 1) {
    await push(at, server, 'private', entry(2, { data: `"${'x'.repeat(1_000_000)}"` }));
  }

  const reasons = new Set();
  for (let n = 0; n < 30; n += 1) reasons.add((await at.nextResult())['reason']);
  expect(reasons).toContain('SLOW_READER');
});

test('TCP connections count against the limits', async () => {
  const server = await startServer(corner(), { tcpPort: 0, maxConnections: 1 });
  const first = await connectTcp(server);
  await first.logIn(2);

  const second = await connectTcp(server);

  await second.closed;
  first.socket.write(framed(heartbeat));
  expect(await first.nextText()).toBe(heartbeatAnswer);
});

test('a TCP device is closed when the server closes', async () => {
  const server = await startServer(corner(), { tcpPort: 0 });
  const device = await connectTcp(server);
  await device.logIn(2);

  await server.close();

  await device.closed;
});

test('who has no close codes is told in words that his token was revoked', async () => {
  const at = corner();
  const server = await startServer(at, { tcpPort: 0 });
  const device = await connectTcp(server);
  await device.logIn(2);

  const list = at.key(`im:user:force_logout:${server.id}`);
  await at.redis.rpush(list, '{"terminal":0,"userId":2,"expiringBefore":9000000000000}');

  expect(await device.nextText()).toBe('{"cmd":2,"data":"您的登录已被终止，将被强制下线"}');
  await device.closed;
});
