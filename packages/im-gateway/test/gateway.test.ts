import { once } from 'node:events';
import { connect } from 'node:net';
import { onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { makeKey } from '../src/http/keys.ts';
import { apiKey, Caller, logIn, startGateway, startWorld } from './support.ts';

// P-17.1 to P-17.3. A Caller checks each request that was taken, and each answer, against /openapi.json.

const sender = { id: 1, terminal: 0 };

test('a message goes to a user, byte for byte, and its end is known with waitMs', async () => {
  const { bus, server } = await startWorld();
  const device = await logIn(server, 2);
  const caller = await Caller.of(await startGateway({ bus }));

  const { status, body } = await caller.post(
    '/v1/push/private',
    '{"sender":{"id":1,"terminal":0},"recvId":2,"waitMs":5000,"data":{"id":9007199254740993, "e":1.50}}',
  );

  expect(await device.nextText()).toBe('{"cmd":3,"data":{"id":9007199254740993, "e":1.50}}');
  expect(status).toBe(200);
  expect(body).toMatchObject({ messageId: expect.any(String) as string, queued: [{ id: '2', terminal: 0 }] });
  expect(body['offline']).toHaveLength(3);
  expect(body['results']).toContainEqual({ id: '2', terminal: 0, code: 0, stage: 'proved' });
});

test('what is not known yet is pending, and the same request again waits for it', async () => {
  const { bus, server } = await startWorld({ proofTimeoutMs: 60_000 });
  const device = await logIn(server, 2);
  const caller = await Caller.of(await startGateway({ bus }));
  const push = { sender, recvId: 2, recvTerminals: [0, 1], messageId: 'order-7', data: 1 };
  const absent = { id: '2', terminal: 1, code: 1, stage: 'queued', reason: 'NOT_ONLINE' };

  device.pause();
  const { body } = await caller.post('/v1/push/private', { ...push, waitMs: 1 });
  expect([body['pending'], body['results']]).toEqual([[{ id: '2', terminal: 0 }], [absent]]);

  device.resume();
  const again = await caller.post('/v1/push/private', { ...push, waitMs: 30_000 });
  expect(again.body['results']).toContainEqual({ id: '2', terminal: 0, code: 0, stage: 'proved' });
  expect(again.body).not.toHaveProperty('pending');
  expect(device.frames.filter(({ cmd }) => cmd === 3)).toHaveLength(1);
});

test('a group, and everyone', async () => {
  const { bus, server } = await startWorld();
  const devices = [await logIn(server, 2), await logIn(server, 3, { terminal: 1 })];
  const caller = await Caller.of(await startGateway({ bus }));

  await caller.post('/v1/push/group', { sender, recvIds: [2, '3'], data: 'hi' });
  await caller.post('/v1/push/system', { recvIds: 'everyone', recvTerminals: [1], data: null });
  await caller.post('/v1/push/system', { recvIds: [2], data: [1] });

  expect((await devices[0]?.next())?.data).toBe('hi');
  expect(await devices[0]?.next()).toEqual({ cmd: 5, data: [1] });
  expect((await devices[1]?.next())?.data).toBe('hi');
  expect(await devices[1]?.next()).toEqual({ cmd: 5, data: null });
});

test('who is online, which servers there are, and out with somebody', async () => {
  const { bus, server } = await startWorld();
  const device = await logIn(server, 2);
  const other = await logIn(server, 3);
  const caller = await Caller.of(await startGateway({ bus }));

  expect((await caller.post('/v1/online', { userIds: [2, 9] })).body).toEqual({ online: { 2: [0] } });
  expect((await caller.get('/v1/servers')).body).toEqual({
    servers: [
      { id: server.id, address: server.url, connections: expect.any(Number) as number, draining: false },
    ],
  });
  expect((await caller.get('/v1/where', null)).body).toEqual({ urls: [server.url], ttlMs: 10_000 });

  expect((await caller.post('/v1/kick', { userId: 2 })).body).toEqual({ terminals: [0] });
  expect((await device.closed).code).toBe(3000);
  const revoked = await caller.post('/v1/revoke', { userId: 3, expiringBefore: Date.now() + 10 * 3_600_000 });
  expect(revoked.body).toEqual({ terminals: [0] });
  expect((await other.closed).code).toBe(4401);
});

test('without a server there is nowhere to connect, and nobody to push to', async () => {
  const { bus, server } = await startWorld();
  const caller = await Caller.of(await startGateway({ bus }));
  await server.close();

  const { status, body, headers } = await caller.get('/v1/where', null);

  expect([status, headers.get('retry-after')]).toEqual([503, '1']);
  const outage = { code: 'NO_SERVER', retryable: true, effect: 'none' };
  expect(body).toMatchObject(outage);
  await caller.post('/v1/topics/add', { topic: 'room', userIds: [2] });
  const pushes = [
    ['private', { sender, recvId: 2 }],
    ['topic', { sender, topic: 'room' }],
    ['system', { recvIds: 'everyone' }],
  ] as const;
  for (const [kind, push] of pushes) {
    const refused = await caller.post(`/v1/push/${kind}`, { ...push, data: 1 });
    expect([kind, refused.status, refused.body]).toEqual([kind, 503, expect.objectContaining(outage)]);
  }
  const kept = { sender, recvId: 2, recvTerminals: [0], keep: { forMs: 60_000 }, data: 1 };
  expect((await caller.post('/v1/push/private', kept)).body['kept']).toHaveLength(1);
});

test('without a good key nothing is answered but where to connect', async () => {
  const { bus } = await startWorld();
  const caller = await Caller.of(await startGateway({ bus }));
  const closed = caller.operations.filter(([, path]) => path !== '/v1/where');
  expect(closed.length).toBeGreaterThan(8);

  for (const key of [null, 'x'.repeat(32)]) {
    for (const [method, path] of closed) {
      const answer = method === 'GET' ? await caller.get(path, key) : await caller.post(path, {}, key);
      expect([path, answer.status, answer.body]).toEqual([
        ...[path, 401],
        expect.objectContaining({ code: 'KEY_REFUSED' }),
      ]);
    }
  }
});

test('a key is good for its scopes', async () => {
  const { bus } = await startWorld();
  const { key, line } = makeKey('shop', ['read']);
  const caller = await Caller.of(await startGateway({ bus, keys: [line] }));

  expect((await caller.post('/v1/online', { userIds: [] }, key)).status).toBe(200);
  const { status, body } = await caller.post('/v1/kick', { userId: 2 }, key);
  expect([status, body]).toEqual([
    403,
    {
      ...{ status: 403, title: 'Forbidden', detail: 'The key shop is not for kick.' },
      ...{ code: 'SCOPE_MISSING', retryable: false, effect: 'none' },
    },
  ]);
  expect((await caller.post('/v1/kick', { userId: 2 })).status).toBe(200); // the other key
});

const bad = [
  ['', 400, 'BODY_REFUSED', /no JSON object/],
  ['[]', 400, 'BODY_REFUSED', /no JSON object/],
  ['{"sender":', 400, 'BODY_REFUSED', /at byte 10/],
  [`{"data":${'['.repeat(300)}`, 400, 'BODY_REFUSED', /Nested deeper/],
  ['{"sender":{"id":1,"terminal":0},"recvId":2}', 400, 'INVALID_ARGUMENT', /^body\.data is missing; /],
  ['{"sender":{"id":1,"terminal":0},"data":1}', 400, 'INVALID_ARGUMENT', /^body\.recvId is missing; /],
  [
    '{"sender":{"terminal":0},"recvId":2,"data":1}',
    400,
    'INVALID_ARGUMENT',
    /^body\.sender\.id is missing; /,
  ],
  [
    '{"sender":{"id":1,"terminal":0},"recvId":[2],"data":1}',
    400,
    'INVALID_ARGUMENT',
    /^body\.recvId: expected a user id: /,
  ],
  ['{"sender":{"id":1,"terminal":0},"recvId":"a b","data":1}', 400, 'INVALID_ARGUMENT', /recvId is "a b"/],
  ['{"sender":{"id":9007199254740993,"terminal":0},"recvId":2,"data":1}', 400, 'INVALID_ARGUMENT', /sender/],
  [
    '{"sender":{"id":1,"terminal":0},"recvId":2,"data":1,"dta":1}',
    400,
    'INVALID_ARGUMENT',
    /^body has unknown members: \["dta"\]; GET/,
  ],
  [
    '{"sender":{"id":1,"terminal":0},"recvId":2,"data":1,"__proto__":{"waitMs":1}}',
    400,
    'INVALID_ARGUMENT',
    /proto/,
  ],
  [
    '{"sender":{"id":1,"terminal":0},"recvId":2,"data":1,"waitMs":1,"sendResult":false}',
    400,
    'INVALID_ARGUMENT',
    /waitMs/,
  ],
  [`{"data":"${'x'.repeat(3_000_000)}"}`, 413, 'BODY_REFUSED', /longer than 2097152 bytes/],
  [
    `{"sender":{"id":1,"terminal":0},"recvId":2,"data":"${'x'.repeat(1_048_576)}"}`,
    413,
    'MESSAGE_TOO_LARGE',
    /maxMessageBytes is 1048576/,
  ],
] as const;

test('a body that is none is refused with words', async () => {
  const { bus } = await startWorld();
  const caller = await Caller.of(await startGateway({ bus }));

  for (const [text, status, code, message] of bad) {
    const answer = await caller.post('/v1/push/private', text);
    expect([text.slice(0, 99), answer.body]).toEqual([
      text.slice(0, 99),
      {
        ...{ status, title: expect.any(String) as string, detail: expect.stringMatching(message) as string },
        ...{ code, retryable: false, effect: 'none' },
      },
    ]);
  }
});

test('a body of another type is told which one is expected', async () => {
  const { bus } = await startWorld();
  const { url } = await startGateway({ bus });
  const headers = { authorization: `Bearer ${apiKey}` };
  const answer = await fetch(`${url}/v1/push/private`, { method: 'POST', headers, body: '{}' });
  expect(answer.status).toBe(415);
  expect(await answer.json()).toMatchObject({
    code: 'BODY_REFUSED',
    detail: 'The content-type is text/plain;charset=UTF-8; expected application/json.',
  });
});

test('a bus that is away is an outage, and says whether the message may have gone', async () => {
  const { bus } = await startWorld();
  const gateway = await startGateway({ bus });
  const caller = await Caller.of(gateway);
  expect(await gateway.health()).toMatchObject({ live: true, ready: true });
  await bus.close();

  const { status, body } = await caller.post('/v1/push/private', { sender, recvId: 2, data: 1 });

  expect(status).toBe(503);
  expect(body).toMatchObject({ effect: 'none' });
});

test('more requests than a key may have are answered with 429, and other keys go on', async () => {
  const { bus } = await startWorld();
  const { key, line } = makeKey('greedy', ['read']);
  const caller = await Caller.of(await startGateway({ bus, keys: [line], requestsPerSecond: 1 }));

  const statuses = await Promise.all(
    Array.from({ length: 12 }, async () => (await caller.get('/v1/servers', key)).status),
  );

  expect(statuses.filter((status) => status === 429)).toHaveLength(2);
  expect((await caller.get('/v1/servers', apiKey)).status).toBe(200);
});

test('a request that comes in too slowly is cut off', async () => {
  const { bus } = await startWorld();
  const { url } = await startGateway({ bus, requestTimeoutMs: 200 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write('POST /v1/online HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{');

  const said = await new Promise<string>((resolve) => {
    let text = '';
    socket.on('data', (data) => (text += String(data)));
    socket.on('close', () => resolve(text));
  });

  expect(said).toMatch(/^HTTP\/1\.1 40[18] /);
});

test('a path that is none says what there is', async () => {
  const { bus } = await startWorld();
  const { url } = await startGateway({ bus });
  for (const path of ['/', '/v1/push/topic/x', '/%zz', '/v1/push/private?x=%']) {
    const answer = await fetch(url + path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({
      ...{ code: 'NOT_FOUND', detail: expect.stringContaining('/openapi.json') as string },
    });
  }
});

test('its end answers who waits for results', async () => {
  const { bus, server } = await startWorld();
  const device = await logIn(server, 2, { autoPong: false });
  const gateway = await startGateway({ bus });
  const caller = await Caller.of(gateway);

  const waiting = caller.post('/v1/push/private', { sender, recvId: 2, data: 1, waitMs: 30_000 });
  await device.next(({ cmd }) => cmd === 3);
  // Nothing ever comes on it.
  const silent = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  onCleanup(() => silent.destroy());
  await once(silent, 'connect');
  await gateway.close();

  const { body } = await waiting;
  expect(body['pending']).toEqual([{ id: '2', terminal: 0 }]);
  expect(body['results']).toHaveLength(3);
});
