import { expect, test } from 'vitest';
import { openRaw, type RawWebSocket } from './raw-websocket.ts';
import { connectDevice } from 'im-test/support';
import { corner, startServer, tokenOf, until } from './support.ts';

const [text, ping, close] = [1, 9, 8];
const heartbeat = '{"cmd":1,"data":{}}';

test.each([
  ['a frame without a mask', 1002, (raw: RawWebSocket) => raw.send(text, heartbeat, { masked: false })],
  ['a reserved bit', 1002, (raw: RawWebSocket) => raw.send(text, heartbeat, { first: 0xc0 })],
  ['an unknown opcode', 1002, (raw: RawWebSocket) => raw.send(5, heartbeat)],
  ['a ping that is too long', 1002, (raw: RawWebSocket) => raw.send(ping, 'x'.repeat(126))],
  ['a ping in pieces', 1002, (raw: RawWebSocket) => raw.send(ping, 'x', { first: 0 })],
  ['a continuation of nothing', 1002, (raw: RawWebSocket) => raw.send(0, 'x')],
  ['text that is no UTF-8', 1007, (raw: RawWebSocket) => raw.send(text, Buffer.from([0xff, 0xfe]))],
  [
    'a close code that must not be sent',
    1002,
    (raw: RawWebSocket) => raw.send(close, Buffer.from([3, 0xed])),
  ],
])('%s closes with %i, and the neighbours notice nothing', async (_name, code, act) => {
  const server = await startServer(corner());
  const neighbour = await connectDevice(server.url);
  const raw = await openRaw(server);

  act(raw);

  expect(await raw.closed).toBe(code);
  neighbour.send(heartbeat);
  expect((await neighbour.next()).cmd).toBe(1);
});

test.each([
  ['says goodbye', (raw: RawWebSocket) => raw.send(close, Buffer.from([3, 0xe8]))],
  ['breaks the protocol', (raw: RawWebSocket) => raw.send(5, '')],
])('a device that %s and keeps the wire is offline within seconds', async (_name, act) => {
  const at = corner();
  const server = await startServer(at);
  const raw = await openRaw(server);
  raw.send(text, JSON.stringify({ cmd: 0, data: { accessToken: await tokenOf(2), devId: 1 } }));
  const route = at.key('im:user:server_id:2:0');
  await until('it is logged in', async () => (await at.redis.exists(route)) === 1);

  act(raw);

  await until('its route is gone', async () => (await at.redis.exists(route)) === 0);
});

test('a text in two pieces is one frame', async () => {
  const server = await startServer(corner());
  const raw = await openRaw(server);

  raw.send(text, heartbeat.slice(0, 7), { first: 0 });
  raw.send(0, heartbeat.slice(7));
  raw.send(close, Buffer.from([3, 0xe8]));

  expect(await raw.closed).toBe(1000);
  expect(await server.metrics.text()).toMatch(/im_frames_in_total\{[^}]*outcome="ok"[^}]*\} 1/);
});
