import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { randomBytes } from 'node:crypto';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { makeKey } from '../src/http/keys.ts';
import { apiKey, Caller, logIn, startGateway, startWorld } from './support.ts';

// P-17.2, P-17.6: whoever calls too much, and whoever is called and behaves badly.

const sender = { id: 1, terminal: 0 };
const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;

function post(path: string, body: string, key: string | undefined, more = ''): string {
  const shown = key === undefined ? '' : `Authorization: Bearer ${key}\r\n`;
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\n${shown}Content-Type: application/json\r\n`;
  return `${head}Content-Length: ${body.length}\r\n${more}\r\n${body}`;
}

/** Sends all at once over one connection, without waiting for answers; resolves with what came until `count` answers or the end. */
async function pipeline(url: string, requests: string, count: number): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  onCleanup(() => socket.destroy());
  socket.on('error', () => undefined);
  socket.write(requests);
  let text = '';
  for await (const piece of socket) {
    text += String(piece);
    if (statusesIn(text).length >= count) break;
  }
  return text;
}

function statusesIn(answers: string): string[] {
  return Array.from(answers.matchAll(/^HTTP\/1\.1 (\d+)/gm), ([, status]) => status ?? '');
}

test('strangers who send a crowd of requests at once lose their connection, and nobody else notices', async () => {
  const { bus } = await startWorld();
  const { url } = await startGateway({ bus });
  const crowd = post('/v1/push/private', 'x'.repeat(1_000), 'k'.repeat(43)).repeat(500);

  const answers = await Promise.all(Array.from({ length: 3 }, () => pipeline(url, crowd, 500)));

  for (const answer of answers) {
    expect(new Set(statusesIn(answer).map((status) => ['401', '429'].includes(status)))).toEqual(
      new Set([true]),
    );
    expect(answer).toContain('connection: close');
  }
  const caller = await Caller.of({ url });
  expect((await caller.get('/v1/servers')).status).toBe(200);
});

test('what is more than may be under way at once is refused with words, and the rest is done', async () => {
  const { bus, server } = await startWorld();
  await logIn(server, 2, { autoPong: false });
  const caller = await Caller.of(await startGateway({ bus, maxRequests: 8 }));
  const slow = { sender, recvId: 2, recvTerminals: [0], waitMs: 3_000, data: 1 };

  const answers = await Promise.all(Array.from({ length: 30 }, () => caller.post('/v1/push/private', slow)));

  const done = answers.filter(({ status }) => status === 200);
  expect(done.length).toBeGreaterThanOrEqual(8);
  for (const { status, headers, body } of answers.filter((answer) => !done.includes(answer))) {
    expect([status, headers.get('retry-after')]).toEqual([503, '1']);
    expect(body).toMatchObject({ code: 'OVERLOADED', retryable: true, effect: 'none' });
  }
  expect(done.length).toBeLessThan(30);
  expect((await caller.get('/v1/servers')).status).toBe(200);
});

test('one of several keys cannot take every place', async () => {
  const { bus, server } = await startWorld();
  await logIn(server, 2, { autoPong: false });
  const { key, line } = makeKey('greedy', ['push']);
  const { url } = await startGateway({ bus, keys: [line], maxRequests: 4 });
  const caller = await Caller.of({ url });
  const slow = { sender, recvId: 2, recvTerminals: [0], waitMs: 300, data: 1 };

  const greedy = Array.from({ length: 6 }, () => caller.post('/v1/push/private', slow, key));
  const other = await caller.get('/v1/servers');

  const answers = await Promise.all(greedy);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(2);
  expect(answers.find(({ status }) => status === 429)).toMatchObject({
    body: { code: 'TOO_MANY_REQUESTS', retryable: true, effect: 'none' },
  });
  expect(other.status).toBe(200);
});

test('bodies that never come hold no more memory than there is for them', async () => {
  const { bus } = await startWorld();
  const gateway = await startGateway({ bus, maxBodyBytes: 1_000 });
  const half = post('/v1/online', '', apiKey).replace('Content-Length: 0', 'Content-Length: 1000');
  const sockets = Array.from({ length: 64 }, () => {
    const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
    onCleanup(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.write(half);
    return socket;
  });
  const caller = await Caller.of(gateway);
  const ask = async (): Promise<number> => (await caller.post('/v1/online', { userIds: [] })).status;

  await expect.poll(ask).toBe(503);
  for (const socket of sockets) socket.destroy();
  await expect.poll(ask).toBe(200);
});

test('more connections than may be are dropped', async () => {
  const { bus } = await startWorld();
  const { url } = await startGateway({ bus, maxConnections: 2 });
  const sockets = Array.from({ length: 3 }, () => connect(Number(new URL(url).port), '127.0.0.1'));
  onCleanup(() => {
    for (const socket of sockets) socket.destroy();
  });

  const dropped = sockets.map(async (socket) => {
    socket.on('error', () => undefined);
    await once(socket, 'close');
  });
  await Promise.race(dropped);
});

/** Somebody's back end of which each answer is written by hand. */
async function receive(answer: (body: string, response: ServerResponse) => void): Promise<string> {
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => (body += String(piece)));
    request.on('end', () => answer(body, response));
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onCleanup(() => {
    receiver.closeAllConnections();
    receiver.close();
  });
  return `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
}

test('an answer with 2xx takes a webhook, also one that never ends', async () => {
  const { bus } = await startWorld();
  const bodies: string[] = [];
  const webhookUrl = await receive((body, response) => {
    bodies.push(body);
    response.writeHead(200);
    const talking = setInterval(() => response.write('and so on, '), 10);
    response.on('close', () => clearInterval(talking));
  });
  const gateway = await startGateway({ bus, webhookUrl, webhookSecret });
  const caller = await Caller.of(gateway);

  for (const data of ['one', 'two', 'three']) {
    await caller.post('/v1/push/private', { sender, recvId: 2, recvTerminals: [0], data });
    await expect.poll(() => bodies.at(-1)).toContain(`"data":"${data}"`);
  }

  expect(bodies).toHaveLength(3);
  expect(await gateway.health()).toMatchObject({ ready: true, degraded: false });
});

test('a receiver that hangs, redirects or breaks off gets the same again, and nobody else gets it', async () => {
  const { bus } = await startWorld();
  const elsewhere: string[] = [];
  const inner = await receive((body, response) => {
    elsewhere.push(body);
    response.end();
  });
  const bodies: string[] = [];
  const ways: ((response: ServerResponse) => void)[] = [
    () => undefined,
    (response) => response.writeHead(307, { location: inner }).end('x'.repeat(1_000_000)),
    (response) => response.destroy(),
    (response) => response.writeHead(204).end(),
  ];
  const webhookUrl = await receive((body, response) => {
    ways[Math.min(bodies.length, 3)]?.(response);
    bodies.push(body);
  });
  const gateway = await startGateway({ bus, webhookUrl, webhookSecret, webhookTimeoutMs: 200 });
  const caller = await Caller.of(gateway);

  // A result that other requests wait for does not wait for the receiver.
  await caller.post('/v1/push/private', { sender, recvId: 2, recvTerminals: [0], data: 1 });
  const { body } = await caller.post('/v1/push/private', { sender, recvId: 2, data: 2, waitMs: 1_000 });
  expect(body['results']).toHaveLength(4);

  await expect.poll(() => bodies.length).toBe(5);
  expect(new Set(bodies.slice(0, 4)).size).toBe(1);
  expect(elsewhere).toEqual([]);
});
