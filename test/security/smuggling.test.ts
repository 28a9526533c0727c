import { beforeAll, expect, test } from 'vitest';
import { startServerUnderTest } from '../conformance/websocket/server-under-test.ts';
import { exchange, handshakeBytes, RawWebSocket } from '../support/raw-websocket.ts';

// Requests whose end two readers may see in different places. Behind a proxy, what one of them takes for a second request
// would be carried out in somebody else's name. So there is one answer at most, and then the connection is over.

let url = '';

beforeAll(async () => {
  url = await startServerUnderTest();
});

const host = 'Host: x\r\n';
const plain = (head: string, body = ''): string => `${head} HTTP/1.1\r\n${host}${body}`;
const upgradeWith = (headers: Record<string, string | readonly string[]>) => (): Buffer =>
  handshakeBytes(url, { headers });
const second = (): Buffer => handshakeBytes(url);

test.for<readonly [what: string, status: number, first: (() => Buffer) | string]>([
  ['an upgrade with a body', 400, upgradeWith({ 'Content-Length': '5' })],
  ['an upgrade with a chunked body', 400, upgradeWith({ 'Transfer-Encoding': 'chunked' })],
  ['an upgrade with a body of an unknown encoding', 400, upgradeWith({ 'Transfer-Encoding': 'x' })],
  [
    'an upgrade with both kinds of length',
    400,
    upgradeWith({ 'Transfer-Encoding': 'chunked', 'Content-Length': '3' }),
  ],
  ['an upgrade with two lengths', 400, upgradeWith({ 'Content-Length': ['0', '5'] })],
  ['an upgrade with a length that is signed', 400, upgradeWith({ 'Content-Length': '+0' })],
  ['an upgrade with a length of -1', 400, upgradeWith({ 'Content-Length': '-1' })],
  ['an upgrade with a length in hexadecimal', 400, upgradeWith({ 'Content-Length': '0x0' })],
  ['an upgrade with a huge length', 400, upgradeWith({ 'Content-Length': '99999999999999999999' })],
  ['an upgrade that fails', 400, upgradeWith({ 'Sec-WebSocket-Key': 'x' })],
  ['a request', 426, plain('GET /', '\r\n')],
  ['two requests', 426, plain('GET /', '\r\n') + plain('GET /', '\r\n')],
  ['a request with a body', 426, plain('POST /', 'Content-Length: 3\r\n\r\nabc')],
  ['a chunked request', 426, plain('POST /', 'Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n')],
  [
    'a request with both kinds of length',
    400,
    plain('POST /', 'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n'),
  ],
  ['a request with two lengths', 400, plain('POST /', 'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc')],
  [
    'a request with an identity and a length',
    400,
    plain('POST /', 'Transfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc'),
  ],
  [
    'a request with a space before the colon',
    400,
    plain('POST /', 'Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n'),
  ],
  [
    'a request with a tab before the encoding',
    426,
    plain('POST /', 'Transfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n'),
  ],
  [
    'a request with a chunk size that is cut',
    426,
    plain('POST /', 'Transfer-Encoding: chunked\r\n\r\n5;\nx\r\nhello\r\n0\r\n\r\n'),
  ],
  [
    'a request that waits for 100',
    426,
    plain('POST /', 'Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc'),
  ],
  [
    'a request that expects something else',
    426,
    plain('POST /', 'Expect: tea\r\nContent-Length: 3\r\n\r\nabc'),
  ],
  ['a request that wants to be kept alive', 426, plain('GET /', 'Connection: keep-alive\r\n\r\n')],
])('%s is answered with %i, and an upgrade behind it with nothing', async ([, status, first]) => {
  const bytes = typeof first === 'string' ? Buffer.from(first) : first();

  const { answer, ended } = await exchange(url, Buffer.concat([bytes, second()]));

  expect(ended).toBe(true);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test('a second request behind an upgrade is not answered as one', async () => {
  const { answer, ended } = await exchange(url, Buffer.concat([second(), second()]));

  // Its letters are a frame that is not masked.
  expect(ended).toBe(true);
  expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(answer).toMatch(/^HTTP\/1\.1 101 /);
  expect(answer.endsWith('\r\n\r\n\x88\x02\x03\xea')).toBe(true); // closed with 1002
});

test('and the server goes on', async () => {
  await RawWebSocket.open(url);
});
