import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMemoryBus } from 'im-common/bus';
import { createDevice } from 'im-device';
import { withUplink } from 'im-device/uplink';
import { createImServer } from 'im-server';
import { makeToken, onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Caller, logIn, secret, startGateway, startWorld } from './support.ts';

// Topics, sessions and uplinks through the gateway.

const sender = { id: 1, terminal: 0 };

test('topics are declared, asked, and sent to', async () => {
  const { bus, server } = await startWorld();
  const [two, three] = [await logIn(server, 2), await logIn(server, 3)];
  const caller = await Caller.of(await startGateway({ bus }));

  expect((await caller.post('/v1/topics/add', { topic: 'room:1', userIds: [2, 3, 4] })).body).toEqual({
    refused: [],
  });
  await caller.post('/v1/topics/remove', { topic: 'room:1', userIds: [3] });
  expect((await caller.post('/v1/topics/of', { userId: 2 })).body).toEqual({ topics: ['room:1'] });
  expect((await caller.post('/v1/topics/online', { topic: 'room:1' })).body).toEqual({ userIds: ['2'] });
  const push = { topic: 'room:1', sender, data: 'hi', waitMs: 5_000 };
  expect((await caller.post('/v1/push/topic', push)).body).toMatchObject({
    counts: [{ serverId: server.id, code: 0, stage: 'proved', count: 1 }],
  });
  expect((await two.next()).data).toBe('hi');
  two.pause();
  const soon = await caller.post('/v1/push/topic', { ...push, data: 'slow', waitMs: 1 });
  expect([soon.body['counts'], soon.body['pendingServers']]).toEqual([[], [server.id]]);
  two.resume();
  expect((await two.next()).data).toBe('slow');

  await caller.post('/v1/topics/replace', { topic: 'room:1', userIds: [3] });
  await caller.post('/v1/push/topic', {
    ...{ ...push, data: 'again', trackMembers: true },
    keep: { forMs: 60_000, most: 10 },
  });
  expect(await bus.topics.history.since('room:1', undefined)).toBeDefined();
  expect((await three.next()).data).toBe('again');
  expect(two.frames.filter(({ cmd }) => cmd === 4)).toHaveLength(2);
});

test('sessions are listed, and ended one by one', async () => {
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  const server = createImServer({
    bus,
    host: '127.0.0.1',
    port: 0,
    jwtSecret: secret,
    sessions: 'newest',
    drainMs: 0,
  });
  onCleanup(() => server.close());
  await server.start();
  const device = await logIn(server, 2);
  const caller = await Caller.of(await startGateway({ bus }));

  const { body } = await caller.post('/v1/sessions', { userId: 2 });
  const [session] = body['sessions'] as { session: string }[];
  expect(session).toMatchObject({
    userId: '2',
    terminal: 0,
    server: server.id,
    address: '127.0.0.1',
    devId: '2',
  });
  const which = { userId: 2, terminal: 0, session: session?.session };
  expect((await caller.post('/v1/sessions/end', { ...which, reason: 'banned' })).body).toEqual({
    ended: true,
  });
  expect((await device.closed).code).toBe(3000);
});

test('what devices say is posted, and what the back end answers is the reply', async () => {
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  const server = createImServer({
    bus,
    host: '127.0.0.1',
    port: 0,
    jwtSecret: secret,
    uplinkTo: ['chat'],
    drainMs: 0,
  });
  onCleanup(() => server.close());
  await server.start();
  const heard: Record<string, unknown>[] = [];
  const bodies: string[] = [];
  const backEnd = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece));
    request.on('end', () => {
      const { uplink } = JSON.parse(body) as { uplink: Record<string, unknown> };
      heard.push(uplink);
      bodies.push(body);
      if (uplink['data'] === 'bad') response.writeHead(422).end('not this');
      else if (uplink['user'] === '3') response.end('{"id":9007199254740993, "x":1.0}\n');
      else response.end(JSON.stringify({ heard: uplink['data'] }));
    });
  });
  onCleanup(() => {
    backEnd.closeAllConnections();
    backEnd.close();
  });
  await new Promise<void>((resolve) => backEnd.listen(0, '127.0.0.1', resolve));
  await startGateway({
    ...{ bus, uplinks: ['chat'], webhookSecret: `whsec_${randomBytes(32).toString('base64')}` },
    webhookUrl: `http://127.0.0.1:${(backEnd.address() as AddressInfo).port}/`,
  });
  const token = await makeToken({ userId: 2, terminal: 0, secret });
  const device = withUplink(createDevice({ url: server.url, token, WebSocket }));
  onCleanup(() => device.close());
  device.start();

  expect(await device.request('chat', { text: 'hello' })).toEqual({ heard: { text: 'hello' } });
  await expect(device.request('chat', 'bad')).rejects.toThrow(/422 not this/);
  expect(heard[0]).toMatchObject({
    to: 'chat',
    user: '2',
    terminal: 0,
    wantsReply: true,
    data: { text: 'hello' },
  });

  // Byte for byte, both ways.
  const other = await logIn(server, 3);
  const say = (n: number, data: string): void =>
    other.send(`{"cmd":20,"data":{"to":"chat","box":"b","n":${n},"ask":true,"data":${data}}}`);
  say(1, '{"id":9007199254740993, "b":1.50, "a":"\\u00e9"}');
  expect(await other.nextText()).toContain('"n":1');
  expect(await other.nextText()).toContain('{"id":9007199254740993, "x":1.0}');
  expect(bodies.at(-1)).toMatch(/"data":\{"id":9007199254740993, "b":1\.50, "a":"\\u00e9"\}\}\}$/);
});
