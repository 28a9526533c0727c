import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { createDevice, type DeviceMessage } from 'im-device';
import { overProtobuf } from 'im-device/protobuf';
import { createIm, type Im } from 'im-embedded';
import { connectDevice, makeToken, onCleanup } from 'im-test/support';
import protobufjs from 'protobufjs';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';

// P-18, with a library of somebody else's that reads the im.proto which we ship.

const secret = 'secret-of-at-least-32-bytes-for-tests';
const proto = await readFile(new URL('../../packages/im-server/im.proto', import.meta.url), 'utf8');
const Frame = protobufjs.parse(proto).root.lookupType('im.Frame');
const sender = { id: 1, terminal: 0 };

interface ProtobufFrame {
  readonly cmd: number;
  /** As text. */
  readonly data?: string;
  readonly id?: string;
  readonly attempt?: number;
  readonly more?: string;
}

function encode(cmd: number, data?: string): Uint8Array {
  return Frame.encode({ cmd, ...(data !== undefined && { data: Buffer.from(data) }) }).finish();
}

function decode(bytes: Uint8Array): ProtobufFrame {
  const frame = Frame.toObject(Frame.decode(bytes)) as Record<string, unknown>;
  const texts = Object.entries(frame).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString() : value,
  ]);
  return { cmd: 0, ...(Object.fromEntries(texts) as object) };
}

async function login(userId: number, more: object = {}): Promise<string> {
  const accessToken = await makeToken({ userId, terminal: 0, secret });
  return JSON.stringify({ accessToken, devId: userId, ...more });
}

async function startIm(): Promise<Im> {
  const im = createIm({ host: '127.0.0.1', port: 0, tcpPort: 0, jwtSecret: secret, drainMs: 0 });
  onCleanup(() => im.close());
  await im.start();
  return im;
}

interface Peer {
  send(cmd: number, data?: string): void;
  next(): Promise<ProtobufFrame>;
}

/** Frames in the order in which they came, for one reader. */
function inbox(): { readonly put: (frame: ProtobufFrame) => void; readonly next: Peer['next'] } {
  const frames: ProtobufFrame[] = [];
  const waiting: ((frame: ProtobufFrame) => void)[] = [];
  return {
    put: (frame) => {
      const reader = waiting.shift();
      if (reader) reader(frame);
      else frames.push(frame);
    },
    next: () => {
      const frame = frames.shift();
      return frame ? Promise.resolve(frame) : new Promise((resolve) => waiting.push(resolve));
    },
  };
}

async function webSocket({ server }: Im): Promise<Peer & { readonly socket: WebSocket }> {
  const socket = new WebSocket(server.url, ['other', 'im.protobuf']);
  onCleanup(() => socket.terminate());
  const { put, next } = inbox();
  socket.on('message', (data: Buffer, isBinary) => {
    expect(isBinary).toBe(true);
    put(decode(data));
  });
  await once(socket, 'open');
  return { socket, next, send: (cmd, data) => socket.send(encode(cmd, data)) };
}

const headerSize = 16;

function tcpFrame(cmd: number, body: Uint8Array): Buffer {
  const header = Buffer.from('494d010000000000000000000000000a', 'hex');
  header.writeUInt32BE(body.length, 4);
  header.writeUInt32BE(cmd, 8);
  return Buffer.concat([header, body]);
}

async function tcp({ server }: Im): Promise<Peer & { readonly socket: Socket }> {
  const socket = connect(server.tcpPort ?? 0, '127.0.0.1');
  onCleanup(() => socket.destroy());
  socket.on('error', () => undefined);
  const { put, next } = inbox();
  let received: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= headerSize && received.length >= headerSize + received.readUInt32BE(4)) {
      const end = headerSize + received.readUInt32BE(4);
      expect(received.subarray(0, 4).toString('hex')).toBe('494d0100');
      const frame = decode(received.subarray(headerSize, end));
      expect(received.readUInt32BE(8)).toBe(frame.cmd);
      put(frame);
      received = received.subarray(end);
    }
  });
  await once(socket, 'connect');
  // The command of the header counts.
  return { socket, next, send: (cmd, data) => socket.write(tcpFrame(cmd, encode(99, data))) };
}

test.each([
  ['WebSocket', webSocket, 'proved'],
  ['TCP', tcp, 'written'],
])(
  'a device on %s logs in, is sent messages byte for byte, and is put out',
  async (_name, connectTo, stage) => {
    const im = await startIm();
    const device = await connectTo(im);

    device.send(1, '{}');
    expect(await device.next()).toEqual({ cmd: 1 });
    device.send(0, await login(2));
    expect(await device.next()).toEqual({ cmd: 0 });

    const texts = [
      '{"n":9007199254740993, "ä":"\\u00e9"}',
      '"x"',
      'null',
      JSON.stringify('y'.repeat(70_000)),
    ];
    const { jsonText } = await import('im-client');
    for (const text of texts) {
      const data = jsonText(text);
      const sent = await im.client.sendPrivateMessage({ sender, recvId: 2, recvTerminals: [0], data });
      expect(await device.next()).toEqual({ cmd: 3, ...(text !== 'null' && { data: text }) });
      expect(await sent.results()).toMatchObject([{ code: 0, stage }]);
    }

    await im.client.forceLogout(2);
    const goodbye = await device.next();
    expect(goodbye).toMatchObject({ cmd: 2, data: expect.stringMatching(/^"/) as string });
    await once(device.socket, 'close');
  },
);

test('acknowledgements, ids and what else a frame may have', async () => {
  const im = await startIm();
  const [device, second] = [await webSocket(im), await webSocket(im)];
  device.send(0, await login(2, { ack: true }));
  const { data = '' } = await device.next();
  expect(JSON.parse(data)).toMatchObject({ ack: true });

  const sent = await im.client.sendPrivateMessage({ sender, recvId: 2, recvTerminals: [0], data: { a: 1 } });
  expect(await device.next()).toEqual({ cmd: 3, id: sent.messageId, data: '{"a":1}' });
  device.send(6, '{"count":1}');
  expect(await sent.results()).toMatchObject([{ code: 0, stage: 'acknowledged' }]);

  second.send(0, await login(2, { devId: 'another one' }));
  const { more = '{}', ...kicked } = await device.next();
  expect(kicked).toMatchObject({ cmd: 2 });
  expect(JSON.parse(more)).toEqual({ why: 'elsewhere' });
});

test('what is no frame harms nobody, and ends nothing but a broken stream', async () => {
  const im = await startIm();
  const device = await webSocket(im);
  const bad = [
    // Cut off, no protobuf, too long a number, data that is not JSON, not UTF-8, or more than one value.
    ...['ff', '08', '0aff', '12056162', '0b', '08018080808080808080808001', '0801120161', '0801120322ff22'],
    Buffer.from(encode(1, '1},"cmd":2')).toString('hex'),
    Buffer.from(encode(1, '1,"more":2')).toString('hex'),
  ];
  for (const hex of bad) device.socket.send(Buffer.from(hex, 'hex'));
  device.socket.send('{"cmd":1}'); // a text frame, on this protocol
  device.socket.send(Buffer.concat([encode(1, '{}'), Buffer.from('fa3e0178', 'hex')])); // with a field of later versions
  expect(await device.next()).toEqual({ cmd: 1 });
  const text = await im.server.metrics.text();
  expect(Number(/im_frames_in_total\{outcome="malformed"\} (\d+)/.exec(text)?.[1])).toBeGreaterThan(6);

  // Another magic, another version, and longer than any frame may be.
  const streams = ['50', '494e0100', '494d0200', '494d0100ffffffff00000001'];
  for (const start of streams) {
    const { socket } = await tcp(im);
    const closed = once(socket, 'close');
    socket.write(Buffer.concat([Buffer.from(start, 'hex'), Buffer.alloc(16)]));
    await closed;
  }
  const slow = await tcp(im);
  for (const byte of tcpFrame(1, encode(1, '{}'))) slow.socket.write(Buffer.from([byte]));
  expect(await slow.next()).toEqual({ cmd: 1 });
});

test('the same port serves JSON to whoever does not ask', async () => {
  const im = await startIm();
  const [json, protobuf] = [await connectDevice(im.server.url), await webSocket(im)];
  await json.login({ token: await makeToken({ userId: 3, terminal: 0, secret }), devId: 3 });
  protobuf.send(0, await login(2));
  await protobuf.next();

  await im.client.sendGroupMessage({ sender, recvIds: [2, 3], data: 'hi' });

  expect(await json.next(({ cmd }) => cmd === 4)).toEqual({ cmd: 4, data: 'hi' });
  expect(await protobuf.next()).toEqual({ cmd: 4, data: '"hi"' });
});

test('im-device speaks it by its second door', async () => {
  const im = await startIm();
  const device = createDevice({
    url: im.server.url,
    token: () => makeToken({ userId: 2, terminal: 0, secret }),
    WebSocket: overProtobuf(WebSocket),
  });
  onCleanup(() => device.close());
  const messages: DeviceMessage[] = [];
  device.on('message', (message) => void messages.push(message));
  const kicked = new Promise((resolve) => device.on('kicked', (_by, why) => resolve(why)));
  const online = new Promise<void>((resolve) => {
    device.on('state', ({ kind }) => {
      if (kind === 'online') resolve();
    });
  });
  device.start();
  await online;
  expect(device.state).toMatchObject({ acknowledges: true });

  const data = { text: 'ä€😀', list: [1, null] };
  const sent = await im.client.sendPrivateMessage({ sender, recvId: 2, recvTerminals: [0], data });

  expect(await sent.results()).toMatchObject([{ code: 0, stage: 'acknowledged' }]);
  expect(messages).toMatchObject([{ kind: 'private', data, id: sent.messageId, attempt: 1 }]);
  await im.client.forceLogout(2);
  expect(await kicked).toBe('ended');
});
