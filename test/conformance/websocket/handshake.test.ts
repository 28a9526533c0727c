import { beforeAll, expect, test } from 'vitest';
import {
  connectRaw,
  exchange,
  handshakeBytes,
  RawWebSocket,
  sampleAccept,
  type HandshakeParts,
} from '../../support/raw-websocket.ts';
import { heartbeat, heartbeatAnswer } from './cases.ts';
import { startServerUnderTest } from './server-under-test.ts';

// P-1.4.
// RFC 6455, section 4.2, byte by byte: who is let in, and with what answer everybody else is turned away.

let url = '';

beforeAll(async () => {
  url = await startServerUnderTest();
});

const header = (name: string, value: string | readonly string[] | undefined): HandshakeParts => ({
  headers: { [name]: value },
});
const version = 'Sec-WebSocket-Version';
const key = 'Sec-WebSocket-Key';
const extensions = 'Sec-WebSocket-Extensions';

test.for<readonly [what: string, parts: HandshakeParts]>([
  ['as in the example of RFC 6455', {}],
  ['with its header names in lower case', lowerCase()],
  ['with WebSocket in capitals', header('Upgrade', 'WebSocket')],
  ['with more than one word in Connection', header('Connection', 'keep-alive, Upgrade')],
  ['with a query', { target: '/im?token=x&y=//' }],
  ['with an absolute address', { target: 'http://example.com/im' }],
  ['with a body of no bytes', header('Content-Length', '0')],
  ['of version 8, which is the same on the wire', header(version, '8')],
  ['that offers compression', header(extensions, 'permessage-deflate; client_max_window_bits')],
  [
    'that offers all of its parameters',
    header(
      extensions,
      'permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=8; client_max_window_bits=8',
    ),
  ],
  [
    'that offers compression twice',
    header(extensions, 'permessage-deflate, permessage-deflate; server_max_window_bits=8'),
  ],
  ['that offers the compression of old browsers', header(extensions, 'x-webkit-deflate-frame')],
  ['that offers what nobody knows', header(extensions, 'mux; max-channels=4, x-unknown="a,b"')],
  ['whose extensions cannot be read', header(extensions, ';;,=')],
  ['that offers sub-protocols', header('Sec-WebSocket-Protocol', 'mqtt, stomp')],
  ['with cookies and an authorization', { headers: { Cookie: 'a=b', Authorization: 'Basic eDp5' } }],
  [
    'with a thousand headers',
    header(
      'X',
      Array.from({ length: 1_000 }, () => 'y'),
    ),
  ],
])('a handshake %s is accepted, and nothing that it offers is', async ([, parts]) => {
  const socket = await connectRaw(url);
  let answer = '';
  socket.on('data', (chunk: Buffer) => (answer += chunk.toString('latin1')));
  const opening = RawWebSocket.upgrade(socket);
  socket.write(handshakeBytes(url, parts));

  const wire = await opening;

  expect(answer).toMatch(/^HTTP\/1\.1 101 /);
  expect(answer).toMatch(/^upgrade: websocket\r$/im);
  expect(answer).toMatch(/^connection: upgrade\r$/im);
  expect(answer).toContain(`Sec-WebSocket-Accept: ${sampleAccept}\r\n`);
  expect(answer).not.toMatch(/^Sec-WebSocket-(Extensions|Protocol)/im);
  wire.text(heartbeat());
  await wire.until('the answer to a heartbeat', () => wire.frames[0]);
  expect(wire.describe()).toEqual([heartbeatAnswer]);
});

test.for<readonly [what: string, status: number, parts: HandshakeParts]>([
  ['without a version', 400, header(version, undefined)],
  ...['0', '7', '12', '14', '255', '-13', '1.3e1', '13.0', '0x0d', 'thirteen', '13, 8'].map(
    (value) => [`of version ${value}`, 400, header(version, value)] as const,
  ),
  ['of version 13 and 13', 400, header(version, ['13', '13'])],
  ['without a key', 400, header(key, undefined)],
  ['with an empty key', 400, header(key, '')],
  ['with a short key', 400, header(key, 'dGhlIHNhbXBsZQ==')],
  ['with a long key', 400, header(key, 'dGhlIHNhbXBsZSBub25jZQ==dGhlIHNhbXBsZSBub25jZQ==')],
  ['with a key that is no base64', 400, header(key, '**hlIHNhbXBsZSBub25jZQ==')],
  ['with two keys', 400, header(key, ['dGhlIHNhbXBsZSBub25jZQ==', 'dGhlIHNhbXBsZSBub25jZQ=='])],
  ['that is a POST', 405, { method: 'POST' }],
  ['that is a PUT', 405, { method: 'PUT' }],
  ['with a method of its own', 400, { method: 'GIMME' }],
  ['with a method in lower case', 400, { method: 'get' }],
  ['in HTTP/1.0', 400, { version: 'HTTP/1.0' }],
  ['in HTTP/2.0', 400, { version: 'HTTP/2.0' }],
  ['in HTTP/1.15', 400, { version: 'HTTP/1.15' }],
  ['to another protocol', 400, header('Upgrade', 'h2c')],
  ['to two protocols', 400, header('Upgrade', 'h2c, websocket')],
  ['without Upgrade', 426, header('Upgrade', undefined)],
  ['without Connection', 426, header('Connection', undefined)],
  ['with another Connection', 426, header('Connection', 'keep-alive')],
  ['without a Host', 400, header('Host', undefined)],
  ['with two Hosts', 400, header('Host', ['one', 'two'])],
  ['with sub-protocols named twice', 400, header('Sec-WebSocket-Protocol', 'a, a')],
  ['with sub-protocols that are no words', 400, header('Sec-WebSocket-Protocol', ',,@')],
  ['with a header of 20 KB', 431, header('X', 'x'.repeat(20_000))],
  ['with an address of 20 KB', 431, { target: `/im?${'x'.repeat(20_000)}` }],
  ['with a zero byte in a header', 400, header('X', 'a\0b')],
  ['with a header without a name', 400, header('', 'x')],
  ['for another path', 404, { target: '/other' }],
  ['for // , which once killed the server', 404, { target: '//' }],
  ['for an address that is none', 404, { target: 'http://[' }],
])('a handshake %s is answered with %i and closed', async ([, status, parts]) => {
  const { answer, ended } = await exchange(url, handshakeBytes(url, parts));

  expect(ended).toBe(true);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test.for<readonly [what: string, bytes: string | Buffer]>([
  ['a hello of TLS', Buffer.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a header folded onto a second line', 'GET /im HTTP/1.1\r\nHost: x\r\nX: a\r\n b\r\n\r\n'],
  ['bare line feeds', 'GET /im HTTP/1.1\nHost: x\nUpgrade: websocket\n\n'],
  ['bare carriage returns', 'GET /im HTTP/1.1\rHost: x\rUpgrade: websocket\r\r'],
  ['a space before a colon', 'GET /im HTTP/1.1\r\nHost : x\r\n\r\n'],
  ['zeros', Buffer.alloc(1_000)],
  ['a proxy protocol header', 'PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\nGET /im HTTP/1.1\r\nHost: x\r\n\r\n'],
])('%s is answered with 400 and closed', async ([, bytes]) => {
  const { answer, ended } = await exchange(url, Buffer.from(bytes as string));

  expect(ended).toBe(true);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

test('a CONNECT is closed without a word', async () => {
  const { answer, ended } = await exchange(url, handshakeBytes(url, { method: 'CONNECT', target: 'x:80' }));

  expect({ answer, ended }).toEqual({ answer: '', ended: true });
});

test('a handshake that comes byte by byte is accepted', async () => {
  const socket = await connectRaw(url);
  const opening = RawWebSocket.upgrade(socket);

  for (const byte of handshakeBytes(url)) {
    socket.write(Buffer.of(byte));
    await new Promise(setImmediate);
  }

  await opening;
});

test('frames in one packet with the handshake are read', async () => {
  const socket = await connectRaw(url);
  const opening = RawWebSocket.upgrade(socket);
  const ping = Buffer.of(0x89, 0x82, 0, 0, 0, 0, 0x68, 0x69);

  socket.write(Buffer.concat([handshakeBytes(url), ping]));

  const wire = await opening;
  await wire.until('the pong', () => wire.frames[0]);
  expect(wire.describe()).toEqual(['pong:hi']);
});

test('half a handshake and a goodbye leave the server as it was', async () => {
  for (const length of [0, 1, 50]) {
    const socket = await connectRaw(url);
    socket.end(handshakeBytes(url).subarray(0, length));
    await new Promise((resolve) => void socket.resume().once('close', resolve));
  }
  await RawWebSocket.open(url);
});

function lowerCase(): HandshakeParts {
  const given = handshakeBytes('ws://h/im').toString('latin1').split('\r\n').slice(1, -2);
  const names = given.map((line) => line.split(': ') as [string, string]);
  return {
    headers: Object.fromEntries(
      names.flatMap(([name, value]) => [
        [name, undefined],
        [name.toLowerCase(), value],
      ]),
    ),
  };
}
