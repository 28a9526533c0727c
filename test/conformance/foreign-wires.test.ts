import { once } from 'node:events';
import type { PrivateResult } from 'im-client';
import { createIm, type CreateImOptions, type Im } from 'im-embedded';
import type { TextWire, Wire } from 'im-server';
import { connectDevice, makeToken, onCleanup, type RawDevice } from 'im-test/support';
import { describe, expect, test } from 'vitest';
import { WebSocket, type RawData } from 'ws';

// P-18.4.

const secret = 'secret-of-at-least-32-bytes-for-tests';
const sender = { id: 1, terminal: 0 };

/** Frames of ours with a mark before them. */
const marked: TextWire = {
  protocol: 'im.marked',
  toDevice: (frame) => `said ${frame}`,
  fromDevice: (said) => (said.startsWith('says ') ? said.slice('says '.length) : undefined),
};
const reversed: Wire = {
  protocol: 'im.reversed',
  isBinary: true,
  toDevice: (frame) => Buffer.from(frame).toReversed(),
  fromDevice: (said) => Buffer.from(said.toReversed()).toString(),
};

async function startIm(wires: readonly Wire[], options: Partial<CreateImOptions> = {}): Promise<Im> {
  const im = createIm({ host: '127.0.0.1', port: 0, jwtSecret: secret, drainMs: 0, wires, ...options });
  onCleanup(() => im.close());
  await im.start();
  return im;
}

/** What comes, in its order, for one reader. */
class Peer {
  readonly socket: WebSocket;
  readonly closed: Promise<[code: number, reason: Buffer]>;
  readonly #came: Buffer[] = [];

  constructor(url: string, protocols: string | string[]) {
    this.socket = new WebSocket(url, protocols);
    onCleanup(() => this.socket.terminate());
    this.closed = once(this.socket, 'close') as Promise<[number, Buffer]>;
    this.closed.catch(() => undefined);
    this.socket.on('message', (data: RawData) => this.#came.push(data as Buffer));
  }

  async next(): Promise<Buffer> {
    await expect.poll(() => this.#came.length, { interval: 5 }).toBeGreaterThan(0);
    return this.#came.shift() ?? Buffer.alloc(0);
  }
}

async function open({ server }: Im, protocols: string | string[]): Promise<Peer> {
  const peer = new Peer(server.url, protocols);
  await once(peer.socket, 'open');
  return peer;
}

async function loginFrame(userId: number): Promise<string> {
  const accessToken = await makeToken({ userId, terminal: 0, secret });
  return JSON.stringify({ cmd: 0, data: { accessToken, devId: userId } });
}

async function plainDevice({ server }: Im, userId: number): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId, terminal: 0, secret }), devId: userId });
  return device;
}

const message = { sender, sendToSelf: false, recvTerminals: [0] };

test('devices on wires of others log in and are sent messages beside ours, each in its own frames', async () => {
  const im = await startIm([marked, reversed]);
  const [text, binary] = [await open(im, ['x', 'im.marked', 'im.reversed']), await open(im, 'im.reversed')];
  const plain = await plainDevice(im, 4);
  expect(text.socket.protocol).toBe('im.marked');
  text.socket.send(`says ${await loginFrame(2)}`);
  binary.socket.send(Buffer.from(await loginFrame(3)).toReversed());
  expect(String(await text.next())).toBe('said {"cmd":0,"data":null}');
  expect(String(Buffer.from((await binary.next()).toReversed()))).toBe('{"cmd":0,"data":null}');

  const data = { n: 'grüß dich' };
  const receipt = await im.client.sendGroupMessage({ ...message, recvIds: [2, 3, 4], data });

  const frame = `{"cmd":4,"data":${JSON.stringify(data)}}`;
  expect(String(await text.next())).toBe(`said ${frame}`);
  expect(String(Buffer.from((await binary.next()).toReversed()))).toBe(frame);
  expect(await plain.nextText()).toBe(frame);
  expect((await receipt.results()).map(({ stage }) => stage)).toEqual(['proved', 'proved', 'proved']);
  // What is no frame is counted, and harms nobody.
  text.socket.send('nonsense');
  text.socket.send('says {"cmd":1}');
  expect(String(await text.next())).toBe('said {"cmd":1,"data":null}');
  expect(await im.server.metrics.text()).toContain('im_frames_in_total{outcome="malformed"} 1');
});

test('a frame for which a wire has no words is not sent, and the device stays', async () => {
  const im = await startIm([
    { ...marked, toDevice: (frame) => (frame.includes('"cmd":1,') ? undefined : frame) },
  ]);
  const peer = await open(im, 'im.marked');
  peer.socket.send('says {"cmd":1}');
  peer.socket.send(`says ${await loginFrame(2)}`);

  expect(String(await peer.next())).toBe('{"cmd":0,"data":null}');
});

const fail = (): never => {
  throw new Error('of an adapter');
};
const isLogin = (frame: string): boolean => frame.startsWith('{"cmd":0');
/** Logs in, and then goes wrong. */
const going = (wrong: (frame: string) => unknown, wire: Wire): Wire =>
  ({ ...wire, toDevice: (frame: string) => (isLogin(frame) ? wire.toDevice(frame) : wrong(frame)) }) as Wire;

describe('an adapter that goes wrong costs its device the connection, and nobody else anything', () => {
  test.each([
    ['throws', going(fail, marked)],
    ['gives an object', going(() => ({}), marked)],
    ['gives a promise', going((frame) => Promise.resolve(frame), marked)],
    ['gives bytes that are no text', going(() => new Uint8Array([0xff]), marked)],
    ['gives a text instead of bytes', going((frame) => frame, reversed)],
  ])('on the way to the device it %s', async (_, wire) => {
    const im = await startIm([wire]);
    const peer = await open(im, wire.protocol);
    const login = await loginFrame(2);
    peer.socket.send(wire.isBinary ? Buffer.from(login).toReversed() : `says ${login}`);
    await peer.next();
    const plain = await plainDevice(im, 3);
    const told: PrivateResult[] = [];
    im.client.on('private', (results) => void told.push(...results));

    const receipts = await Promise.all(
      [2, 3, 2].map((recvId) => im.client.sendPrivateMessage({ ...message, recvId, data: 1 })),
    );

    const [code, reason] = await peer.closed;
    expect([code, String(reason)]).toEqual([1011, `the wire ${wire.protocol} failed`]);
    expect(await plain.nextText()).toBe('{"cmd":3,"data":1}');
    const results = await Promise.all(receipts.map((receipt) => receipt.results()));
    expect(results.flat().map(({ reason: why }) => why)).toEqual([
      'CLOSED_BEFORE_PROOF',
      undefined,
      'CLOSED_BEFORE_PROOF',
    ]);
  });

  test.each([
    ['throws', fail],
    ['gives a number', () => 7],
    ['gives a promise', (said: string) => Promise.resolve(said)],
  ])('on the way from the device it %s', async (_, fromDevice) => {
    const im = await startIm([{ ...marked, fromDevice } as unknown as Wire]);
    const plain = await plainDevice(im, 3);
    const peer = await open(im, 'im.marked');

    peer.socket.send('says anything');
    peer.socket.send('and goes on');

    const [code, reason] = await peer.closed;
    expect([code, String(reason)]).toEqual([1011, 'the wire im.marked failed']);
    plain.send('{"cmd":1}');
    expect(await plain.nextText()).toBe('{"cmd":1,"data":null}');
  });
});

test.each([
  [[{ ...marked, protocol: 'with space' }]],
  [[{ ...marked, protocol: 'im.protobuf' }]],
  [[marked, { ...reversed, protocol: marked.protocol }]],
  [[{ protocol: 'im.x', toDevice: fail }]],
  ['im.x'],
])('options that name no wires are refused: %o', (wires) => {
  expect(() => createIm({ port: 0, jwtSecret: secret, wires: wires as unknown as Wire[] })).toThrow(/wires/);
});
