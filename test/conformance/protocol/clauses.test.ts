import { inTime } from 'im-test/support';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  frameBytes,
  handshakeBytes,
  Opcode,
  RawWebSocket,
  connectRaw,
  exchange,
} from '../../support/raw-websocket.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { ServerUnderTest } from './server-under-test.ts';

// PROTOCOL.md as a stranger would test it: bytes on the socket, commands to Redis, and clause numbers for names. What
// takes a server of its own options, or two of them, is tested in packages/im-server/test and test/path.

let server: ServerUnderTest;

beforeAll(async () => {
  server = await ServerUnderTest.start();
});

const beat = '{"cmd":1,"data":{}}';
const answer = 'text:{"cmd":1,"data":null}';

let questions = 0;

/** All that the server has sent by the time that it has read everything that was sent before. */
async function heardBy(wire: RawWebSocket): Promise<string[]> {
  questions += 1;
  const sign = `question ${questions}`;
  wire.send({ opcode: Opcode.PING, payload: sign });
  await wire.until('the pong', () => wire.describe().includes(`pong:${sign}`) || undefined);
  return wire.describe().filter((frame) => !frame.startsWith('pong:question'));
}

/** Answers pings, as every WebSocket stack does. */
function answersPings(wire: RawWebSocket): RawWebSocket {
  let answered = 0;
  wire.socket.on('data', () => {
    for (; answered < wire.frames.length; answered += 1) {
      const frame = wire.frames[answered];
      if (frame?.opcode === Opcode.PING) wire.send({ opcode: Opcode.PONG, payload: frame.payload });
    }
  });
  return wire;
}

const texts = (wire: RawWebSocket): string[] =>
  wire.frames.filter(({ opcode }) => opcode === Opcode.TEXT).map(({ payload }) => payload.toString());

async function nextText(wire: RawWebSocket, matches: RegExp): Promise<string> {
  return wire.until(`a text like ${String(matches)}`, () => texts(wire).find((text) => matches.test(text)));
}

interface EntryParts {
  readonly data?: string;
  readonly service?: string;
  readonly more?: string;
  readonly receivers?: string;
  readonly sendResult?: string;
}

function entry(userId: number, parts: EntryParts = {}): string {
  const { data = '{}', service = 'conformance', more = '', sendResult = 'true' } = parts;
  const { receivers = `[{"id":${userId},"terminal":0}]` } = parts;
  return `{"cmd":3,"receivers":${receivers},"sendResult":${sendResult},"sender":{"id":1,"terminal":2},"serviceName":"${service}"${more},"data":${data}}`;
}

describe('P-1 transport', () => {
  test('P-1.1: the path must be equal, and a query does not count', async () => {
    const { pathname } = new URL(server.url);
    for (const target of [`${pathname}/`, `${pathname}x`, '/']) {
      const { answer: status } = await exchange(server.url, handshakeBytes(server.url, { target }));
      expect(status).toMatch(/^HTTP\/1\.1 404 /);
    }
    await RawWebSocket.open(`${server.url}?a=b`);
  });

  test('P-1.2: a plain request is answered with 426', async () => {
    const { answer: status } = await exchange(server.url, Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    expect(status).toMatch(/^HTTP\/1\.1 426 /);
  });

  test('P-1.5: a binary frame is ignored, also one with a command in it', async () => {
    const wire = await server.open();
    wire.send({ opcode: Opcode.BINARY, payload: beat });
    expect(await heardBy(wire)).toEqual([]);
  });

  test('P-1.6: a ping is answered, before and after the login', async () => {
    const wire = await server.enter(server.newUser());
    wire.send({ opcode: Opcode.PING, payload: 'x' });
    expect(await heardBy(wire)).toEqual(['text:{"cmd":0,"data":null}', 'pong:x']);
  });
});

describe('P-2 frames and commands', () => {
  test.for([
    '{"cmd":1}',
    '{"cmd":1,"data":null}',
    '{"data":{},"cmd":1}',
    ' {\t"cmd" :\n1 , "data": [1,2] } ',
    '{"cmd":"1","data":{}}',
    '{"cmd":"000000001","data":{}}',
    '{"cmd":1.0,"data":{}}',
    '{"cmd":1e0}',
    '{"\\u0063md":1}',
    '{"cmd":77,"cmd":1}',
    `{"cmd":1,"data":${'['.repeat(200)}${']'.repeat(200)}}`,
  ])('P-2.1, P-2.2: %s is a heartbeat', async (text) => {
    const wire = await server.open();
    wire.text(text);
    expect(await heardBy(wire)).toEqual([answer]);
  });

  test.for([
    '{"cmd":"0000000001","data":{}}',
    '{"cmd":"+1"}',
    '{"cmd":"1.0"}',
    '{"cmd":"0x1"}',
    '{"cmd":""}',
    '{"CMD":1}',
    '{"cmd":1,"data":{},"":1}',
    '{"cmd":1,"id":"x","data":{}}',
    '{"cmd":1}{"cmd":1}',
    '{"cmd":1,}',
    "{'cmd':1}",
    '{"cmd":01}',
    '\ufeff{"cmd":1}',
    '{"cmd":7}',
    '{"cmd":-0.5}',
    '{"cmd":6,"data":{"count":0}}',
    `{"cmd":1,"data":${'['.repeat(201)}${']'.repeat(201)}}`,
    `{"cmd":1,${Array.from({ length: 3_000 }, (_, n) => `"k${n}":1`).join()}}`,
  ])('P-2.3: %s is ignored without a word', async (text) => {
    const wire = await server.open();
    wire.text(text);
    expect(await heardBy(wire)).toEqual([]);
  });

  test('P-2.2: commands of the other direction have no effect', async () => {
    const user = server.newUser();
    const wire = await server.enter(user);
    for (const cmd of [2, 3, 4, 5]) wire.text(`{"cmd":${cmd},"data":{"userId":${user}}}`);
    expect(await heardBy(wire)).toEqual(['text:{"cmd":0,"data":null}']);
    expect(await server.serverOf(user)).toMatch(/^\d+$/);
  });

  test.for([
    ['a number', '"devId":642296'],
    ['a text', '"devId":"page"'],
    ['a long text', `"devId":"${'x'.repeat(10_000)}"`],
    ['null', '"devId":null'],
    ['an object', '"devId":{"toString":"x"}'],
    ['nothing', '"x":1'],
    ['keys of prototypes', '"__proto__":{"ack":true},"constructor":1'],
    ['ack of another type', '"ack":"true"'],
    ['a terminal beside that of the token', '"terminal":2'],
    ['a terminal of another type', '"terminal":"0"'],
  ] as const)('P-2.4, P-2.6: a login with %s is answered as one without', async ([, data]) => {
    const user = server.newUser();
    const wire = await server.enter(user, data);
    expect(texts(wire)).toEqual(['{"cmd":0,"data":null}']);
    expect(await server.serverOf(user, 0)).toMatch(/^\d+$/);
    expect(await server.serverOf(user, 2)).toBe('nowhere');
  });

  test.for([
    'null',
    '[]',
    '"x"',
    '{}',
    '{"accessToken":""}',
    '{"accessToken":1}',
    '{"accessToken":null}',
    '{"accesstoken":"x"}',
    '{"accessToken":{"x":1}}',
    '{"__proto__":{"accessToken":"x"}}',
  ])('P-2.5: the login %s closes with 4401', async (data) => {
    const wire = await server.open();
    wire.text(`{"cmd":0,"data":${data}}`);
    expect(await wire.closing()).toEqual({ code: 4401, reason: 'token refused' });
  });

  test('P-2.5: without a login the connection closes with 4408 after 5 s, heartbeats or not', async () => {
    const wire = await server.open();
    const since = performance.now();
    const beating = setInterval(() => wire.text(beat), 200);
    const { code, reason } = await wire.closing().finally(() => clearInterval(beating));
    expect({ code, reason }).toEqual({ code: 4408, reason: 'login timeout' });
    expect(performance.now() - since).toBeGreaterThan(4_900);
  });

  test('P-2.6, P-5.11: a device that acknowledges is told so, when its token ends, and what the server can do', async () => {
    const exp = Math.floor(Date.now() / 1_000) + 900;
    for (const [extra, expected] of [
      [{ exp }, `{"cmd":0,"data":{"ack":true,"expiresAt":${exp}000,"features":[]}}`],
      [{ exp: undefined }, '{"cmd":0,"data":{"ack":true,"features":[]}}'],
    ] as const) {
      const wire = await server.open();
      const token = await server.token(server.newUser(), 0, { extra });
      wire.text(`{"cmd":0,"data":{"accessToken":"${token}","ack":true}}`);
      const answer = await nextText(wire, /"cmd":0/);
      expect(answer.replace(/("features":)\["[\w",]*"\]/, '$1[]')).toBe(expected);
    }
  });

  test('P-2.8: a fresh token of the same device is answered as the first, one of another closes with 4401', async () => {
    const user = server.newUser();
    const wire = await server.enter(user, '"ack":true');
    wire.text(`{"cmd":0,"data":{"accessToken":"${await server.token(user)}","ack":false}}`);
    await wire.until('the second answer', () => texts(wire)[1]);
    expect(texts(wire)[1]).toMatch(/^\{"cmd":0,"data":\{"ack":true,"expiresAt":\d+,"features":\[.*\]\}\}$/);

    wire.text(`{"cmd":0,"data":{"accessToken":"${await server.token(user, 1)}"}}`);
    expect((await wire.closing()).code).toBe(4401);
  });

  test('P-2.9: the identity and the attempt are for those who acknowledge', async () => {
    const [plain, acknowledging] = [server.newUser(), server.newUser()];
    const [one, other] = [await server.enter(plain), await server.enter(acknowledging, '"ack":true')];
    for (const user of [plain, acknowledging]) {
      await server.push(
        'private',
        user,
        entry(user, { data: '1', more: ',"messageId":"m-1"' }),
        entry(user, { data: '2', more: ',"messageId":"m-2","attempt":2' }),
        entry(user, { data: '3' }),
      );
    }
    await nextText(one, /"data":3/);
    await nextText(other, /"data":3/);
    expect(texts(one).slice(1)).toEqual(['{"cmd":3,"data":1}', '{"cmd":3,"data":2}', '{"cmd":3,"data":3}']);
    expect(texts(other).slice(1)).toEqual([
      '{"cmd":3,"id":"m-1","data":1}',
      '{"cmd":3,"id":"m-2","attempt":2,"data":2}',
      '{"cmd":3,"data":3}',
    ]);
  });

  test('P-2.10, P-3.6, P-7.4: what is acknowledged is a success, what is refused is REFUSED, and numbers elsewhere are nothing', async () => {
    const user = server.newUser();
    const service = `ack-${user}`;
    const wire = answersPings(await server.enter(user, '"ack":true'));
    await server.push(
      'private',
      user,
      ...[1, 2, 3].map((n) => entry(user, { data: String(n), service, more: `,"messageId":"m-${n}"` })),
    );
    await nextText(wire, /"data":3/);

    for (const data of [
      '{"count":4}',
      '{"count":-1}',
      '{"count":"2"}',
      '{"count":1.5}',
      '{"count":2,"refused":1}',
      '2',
      'null',
    ]) {
      wire.text(`{"cmd":6,"data":${data}}`);
    }
    wire.text('{"cmd":6,"data":{"count":2,"refused":[2,3,99,0,-1,"1",null]}}');

    const first = JSON.parse(await server.result('private', service)) as object;
    const second = JSON.parse(await server.result('private', service)) as object;
    expect(first).toMatchObject({ code: 0, stage: 'acknowledged', messageId: 'm-1' });
    expect(second).toMatchObject({ code: 2, stage: 'proved', reason: 'REFUSED', messageId: 'm-2' });
    wire.text('{"cmd":6,"data":{"count":3}}');
    expect(JSON.parse(await server.result('private', service))).toMatchObject({ code: 0, messageId: 'm-3' });
  });

  test('P-2.11, P-7.5: the bytes of data are kept, in the frame and in the result', async () => {
    const user = server.newUser();
    const service = `bytes-${user}`;
    const wire = answersPings(await server.enter(user));
    const data = '{ "b" : 9007199254740993, "a":1.10,"u":"\\u4f60好\\/","n":1E+2 , "b": -0 }';
    await server.push('private', user, entry(user, { data, service }));
    expect(await nextText(wire, /"cmd":3/)).toBe(`{"cmd":3,"data":${data}}`);
    expect(await server.result('private', service)).toContain(`"data":${data}`);
  });
});

describe('P-3 proof and P-4 closes', () => {
  test('P-3.2 to P-3.4: one ping at a time, of decimal digits, and only its own pong proves', async () => {
    const user = server.newUser();
    const service = `proof-${user}`;
    const wire = await server.enter(user);
    const pings = (): string[] => wire.describe().filter((frame) => frame.startsWith('ping:'));
    await server.push('private', user, entry(user, { data: '1', service }));
    const first = await wire.until('a ping', () => pings()[0]);
    expect(first).toMatch(/^ping:\d+$/);
    await server.push('private', user, entry(user, { data: '2', service }));
    await nextText(wire, /"data":2/);
    for (const payload of ['', '0', `${first.slice(5)}0`, '99999999'])
      wire.send({ opcode: Opcode.PONG, payload });
    await heardBy(wire);
    expect(pings()).toHaveLength(1);
    expect(await server.redis.llen(server.key(`im:result:private:${service}`))).toBe(0);

    wire.send({ opcode: Opcode.PONG, payload: first.slice(5) });

    expect(JSON.parse(await server.result('private', service))).toMatchObject({
      code: 0,
      stage: 'proved',
      data: 1,
    });
    const second = await wire.until('the second ping', () => pings()[1]);
    expect(Number(second.slice(5))).toBeGreaterThan(Number(first.slice(5)));
    wire.send({ opcode: Opcode.PONG, payload: second.slice(5) });
    expect(JSON.parse(await server.result('private', service))).toMatchObject({ code: 0, data: 2 });
  });

  test('P-3.5, P-3.7: without the pong it closes with 4409 after 4 s, and the message is CLOSED_BEFORE_PROOF', async () => {
    const user = server.newUser();
    const service = `silent-${user}`;
    const wire = await server.enter(user);
    const since = performance.now();
    await server.push('private', user, entry(user, { service }));
    expect(await wire.closing()).toEqual({ code: 4409, reason: 'no pong' });
    expect(performance.now() - since).toBeGreaterThan(3_900);
    expect(JSON.parse(await server.result('private', service))).toMatchObject({
      code: 2,
      stage: 'written',
      reason: 'CLOSED_BEFORE_PROOF',
    });
  });

  test('P-4.4: a device that does not answer the close is cut off after two seconds', async () => {
    const socket = await connectRaw(server.url);
    const opening = RawWebSocket.upgrade(socket);
    socket.write(handshakeBytes(server.url));
    const wire = await opening;
    wire.text('{"cmd":0,"data":{}}');
    await wire.closing();
    const since = performance.now();
    // Whoever says nothing at all is cut off after 30 s.
    await inTime('the end of the wire', wire.ended);
    expect(performance.now() - since).toBeGreaterThan(1_500);
  });

  test('P-4.5, P-11.1: broken frames have the codes of RFC 6455, long and many ones those of the table', async () => {
    for (const [bytes, code] of [
      [frameBytes({ opcode: 3 }), 1002],
      [frameBytes({ opcode: Opcode.TEXT, payload: Buffer.of(0xff) }), 1007],
      [frameBytes({ opcode: Opcode.TEXT, payload: Buffer.alloc(65_537, 0x20) }), 1009],
      [
        Buffer.concat(Array.from({ length: 51 }, () => frameBytes({ opcode: Opcode.TEXT, payload: beat }))),
        4429,
      ],
    ] as const) {
      const wire = await server.open();
      await wire.write(bytes);
      expect((await wire.closing()).code).toBe(code);
    }
  });
});

describe('P-5 keys and P-10 the registry', () => {
  test('P-5.1, P-5.6: a route is a bare integer that ends within 600 s, and goes with the connection', async () => {
    const user = server.newUser();
    const wire = await server.enter(user);
    const key = server.key(`im:user:server_id:${user}:0`);
    expect(await server.redis.get(key)).toMatch(/^[1-9]\d{0,9}$/);
    const ttl = await server.redis.ttl(key);
    expect(ttl).toBeGreaterThan(470);
    expect(ttl).toBeLessThanOrEqual(600);
    wire.send({ opcode: Opcode.CLOSE, payload: Buffer.of(0x03, 0xe8) });
    await waitUntil('the route is gone', async () => (await server.redis.exists(key)) === 0);
  });

  test('P-5.3, P-5.4, P-10.1, P-10.2: the server is in the group, with a lease that is renewed', async () => {
    const user = server.newUser();
    await server.enter(user);
    const id = await server.serverOf(user);
    const [leases, members] = [
      server.keyBeside('im:max_server_id', 'lease'),
      server.keyBeside('im:max_server_id', 'member'),
    ];
    const [boot, info] = ((await server.redis.hget(members, id)) ?? '').split('\n');
    expect(boot).not.toBe('');
    expect(JSON.parse(info ?? '')).toEqual({
      address: expect.stringMatching(/^wss?:\/\//) as unknown,
      connections: expect.any(Number) as unknown,
      draining: false,
      startedAt: expect.any(Number) as unknown,
      features: expect.any(Array) as unknown,
    });
    expect(Number(await server.redis.get(server.key('im:max_server_id')))).toBeGreaterThanOrEqual(Number(id));
    const lease = Number(await server.redis.zscore(leases, id));
    const left = lease - Date.now();
    expect(left).toBeLessThan(10_000);
    await waitUntil(
      'the lease is renewed',
      async () => Number(await server.redis.zscore(leases, id)) > lease,
    );
  });

  test('P-5.2, P-6.8: entries are in flight until they are proved, and then they are not', async () => {
    const user = server.newUser();
    const wire = await server.enter(user);
    const list = `im:message:private:${await server.serverOf(user)}`;
    const [consumer = ''] = await server.redis.smembers(server.keyBeside(list, 'consumers'));
    const inFlight = server.keyBeside(list, `inflight:${consumer}`);
    const text = entry(user, { data: '"held"' });
    const entries = async (): Promise<string[]> =>
      Object.entries(await server.redis.hgetall(inFlight)).flatMap(([seq, value]) =>
        seq === 'seq' ? [] : [value],
      );
    await server.push('private', user, text);
    const ping = await wire.until('the ping', () =>
      wire.describe().find((frame) => frame.startsWith('ping:')),
    );
    expect(await entries()).toContain(text);
    wire.send({ opcode: Opcode.PONG, payload: ping.slice(5) });
    await waitUntil('it is acknowledged', async () => !(await entries()).includes(text));
  });
});

describe('P-6 entries and P-7 results', () => {
  test.for([
    ['true', 'true'],
    ['"true"', 'true'],
    ['1', 'true'],
    ['false', 'false'],
    ['"false"', 'false'],
    ['0', 'false'],
    ['null', 'false'],
  ] as const)('P-6.2: sendResult %s counts as %s', async ([sendResult, wanted]) => {
    const user = server.newUser();
    const service = `wanted-${user}`;
    const wire = answersPings(await server.enter(user));
    await server.push(
      'private',
      user,
      entry(user, { data: '1', service, sendResult }),
      entry(user, { data: '2', service }),
    );
    await nextText(wire, /"data":2/);
    const results = [JSON.parse(await server.result('private', service)) as { data: number }];
    if (wanted === 'true')
      results.push(JSON.parse(await server.result('private', service)) as { data: number });
    expect(results.map(({ data }) => data).sort()).toEqual(wanted === 'true' ? [1, 2] : [2]);
  });

  test.for([
    ['a text', (user: number) => `[{"id":"${user}","terminal":0}]`],
    ['a terminal that is a text', (user: number) => `[{"id":${user},"terminal":"0"}]`],
    [
      'keys the other way round, and more of them',
      (user: number) => `[ { "terminal" : 0, "x":[], "id" : ${user} } ]`,
    ],
    ['escapes in keys', (user: number) => `[{"\\u0069d":${user},"terminal":0}]`],
  ] as const)('P-6.3, P-6.4: a receiver may have %s', async ([, receivers]) => {
    const user = server.newUser();
    const wire = await server.enter(user);
    await server.push('private', user, entry(user, { receivers: receivers(user), data: '"yours"' }));
    await nextText(wire, /"yours"/);
  });

  test('P-6.5: sender and receivers may be references, and those inside data are sent as they are', async () => {
    const user = server.newUser();
    const service = `ref-${user}`;
    const wire = answersPings(await server.enter(user));
    const text = `{"cmd":3,"data":{"from":{"id":${user},"terminal":0},"to":{"$ref":"$.data.from"}},"receivers":[{"$ref":"$.data.from"}],"sendResult":true,"sender":{"$ref":"$.data.from"},"serviceName":"${service}"}`;
    await server.push('private', user, text);
    expect(await nextText(wire, /"cmd":3/)).toContain('"to":{"$ref":"$.data.from"}');
    expect(JSON.parse(await server.result('private', service))).toMatchObject({
      sender: { id: user, terminal: 0 },
      receiver: { id: user, terminal: 0 },
    });
  });

  test('P-6.7, P-7.4: a receiver who is nowhere is NO_CHANNEL', async () => {
    const [user, nobody] = [server.newUser(), server.newUser()];
    const service = `nowhere-${user}`;
    await server.enter(user);
    await server.push('private', user, entry(nobody, { service }));
    expect(JSON.parse(await server.result('private', service))).toMatchObject({
      code: 2,
      reason: 'NO_CHANNEL',
      receiver: { id: nobody },
    });
  });

  test('P-6.9: what cannot be read is a dead letter of this form, and its sender is told', async () => {
    const user = server.newUser();
    const service = `poison-${user}`;
    await server.enter(user);
    const text = entry(user, { service, data: `{"a":${'['.repeat(201)}${']'.repeat(201)}}` });
    await server.push('private', user, text);
    expect(JSON.parse(await server.result('private', service))).toMatchObject({
      code: 9999,
      reason: 'POISON',
      receiver: { id: user, terminal: 0 },
    });
    const letters = await waitUntil('the letter', async () => {
      const found = (await server.redis.lrange(server.key('im:dead:private'), 0, -1)).map(
        (letter) => JSON.parse(letter) as Record<string, unknown>,
      );
      const own = found.filter((letter) => letter['text'] === text);
      return own.length > 0 && own;
    });
    expect(letters).toEqual([
      {
        id: expect.stringMatching(/^[\w-]{12}$/) as unknown,
        list: `im:message:private:${await server.serverOf(user)}`,
        why: expect.stringMatching(/Nested deeper than 200/) as unknown,
        by: `server ${await server.serverOf(user)}`,
        at: expect.any(Number) as unknown,
        text,
      },
    ]);
  });

  test('P-6.9: nesting of 200 can be read', async () => {
    const user = server.newUser();
    const wire = await server.enter(user);
    const data = `${'['.repeat(199)}${']'.repeat(199)}`;
    await server.push('private', user, entry(user, { data }));
    expect(await nextText(wire, /"cmd":3/)).toBe(`{"cmd":3,"data":${data}}`);
  });

  test('P-6.10, P-11.2: data of 1,048,576 bytes is sent, one byte more is TOO_LARGE', async () => {
    const user = server.newUser();
    const service = `size-${user}`;
    const wire = answersPings(await server.enter(user));
    await server.push('private', user, entry(user, { service, data: `"${'x'.repeat(1_048_575)}"` }));
    expect(JSON.parse(await server.result('private', service))).toMatchObject({
      code: 9999,
      reason: 'TOO_LARGE',
    });
    await server.push('private', user, entry(user, { service, data: `"${'x'.repeat(1_048_574)}"` }));
    expect(JSON.parse(await server.result('private', service))).toMatchObject({ code: 0 });
    expect(texts(wire)).toHaveLength(2);
  });

  test('P-7.5, P-7.6: a group result has receivers, in batches by code, and a private one a receiver', async () => {
    const [here, nobody] = [server.newUser(), server.newUser()];
    const service = `group-${here}`;
    answersPings(await server.enter(here));
    const receivers = `[{"id":${nobody},"terminal":0},{"id":${here},"terminal":0}]`;
    await server.push(
      'group',
      here,
      entry(here, { service, receivers, more: ',"messageId":"g","queuedAt":1700000000123' }),
    );
    const results = [
      JSON.parse(await server.result('group', service)) as Record<string, unknown>,
      JSON.parse(await server.result('group', service)) as Record<string, unknown>,
    ];
    expect(results.map(({ code }) => code).sort()).toEqual([0, 2]);
    for (const result of results) {
      expect(result).toMatchObject({
        messageId: 'g',
        queuedAt: 1_700_000_000_123,
        attempt: 1,
        sender: { id: 1, terminal: 2 },
        server: Number(await server.serverOf(here)),
      });
      // A batch of one has both (for Java), and each names its one.
      expect(result['receivers']).toHaveLength(1);
      expect(result['takenAt']).toBeLessThanOrEqual(Number(result['resolvedAt']));
    }
  });

  test('P-6.2, P-7.8: everyoneOn reaches the terminals named, and ends with a result of its own', async () => {
    const [one, other] = [server.newUser(), server.newUser()];
    const service = `all-${one}`;
    const [first, second] = [
      answersPings(await server.enter(one, '"devId":1', 1)),
      answersPings(await server.enter(other, '"devId":1', 2)),
    ];
    await server.redis.rpush(
      server.key(`im:message:system:${await server.serverOf(one, 1)}`),
      `{"cmd":5,"everyoneOn":[1],"sendResult":true,"serviceName":"${service}","data":"to-${one}"}`,
    );
    await nextText(first, new RegExp(`"to-${one}"`));
    expect(await server.result('system', service)).toMatch(/"code":0/);
    expect(JSON.parse(await server.result('system', service))).toMatchObject({
      code: 0,
      receivers: [],
      last: true,
    });
    expect((await heardBy(second)).some((frame) => frame.includes(`to-${one}`))).toBe(false);
  });
});

describe('P-15 high priority', () => {
  test('P-15.9: an entry on the high list is of the kind that its cmd says, and its results are of that kind', async () => {
    const [user, service] = [server.newUser(), 'conformance-high'];
    const wire = answersPings(await server.enter(user));
    for (const [cmd, kind] of [
      [3, 'private'],
      [4, 'group'],
      [5, 'system'],
    ] as const) {
      const text = entry(user, { data: `"${kind}"`, service, more: ',"x":{"high":true}' });
      await server.push('high', user, text.replace('"cmd":3', `"cmd":${cmd}`));
      expect(await nextText(wire, new RegExp(kind))).toBe(`{"cmd":${cmd},"data":"${kind}"}`);
      expect(await server.result(kind, service)).toContain(`"data":"${kind}"`);
    }
  });

  test('P-15.9: what is no entry there is a dead letter, and the next one is pushed', async () => {
    const user = server.newUser();
    const wire = await server.enter(user);
    await server.push(
      'high',
      user,
      'nonsense',
      '{"cmd":99}',
      entry(user, { data: '"after"', sendResult: 'false' }),
    );
    expect(await nextText(wire, /after/)).toBe('{"cmd":3,"data":"after"}');
  });
});

describe('P-8 force logout', () => {
  test('P-8.1, P-8.3, P-8.4: an order sends the text of box-im, gives nothing more, and closes with 3000 after 500 ms', async () => {
    const user = server.newUser();
    const wire = await server.enter(user);
    const list = server.key(`im:user:force_logout:${await server.serverOf(user)}`);
    await server.redis.rpush(list, `{"terminal":0,"userId":${user}}`);
    await nextText(wire, /^\{"cmd":2,"data":"您的登录已被终止，将被强制下线"\}$/);
    const since = performance.now();
    expect(await wire.closing()).toEqual({ code: 3000, reason: 'login ended' });
    expect(performance.now() - since).toBeGreaterThan(400);
  });

  test('P-8.4: an order after a revocation says nothing and closes with 4401; who acknowledges is told', async () => {
    const user = server.newUser();
    const plain = await server.enter(user);
    const put = async (): Promise<void> => {
      const list = server.key(`im:user:force_logout:${await server.serverOf(user)}`);
      await server.redis.rpush(list, `{"terminal":0,"userId":${user},"expiringBefore":9000000000000}`);
    };
    await put();
    const since = performance.now();
    expect(await plain.closing()).toEqual({ code: 4401, reason: 'login ended' });
    expect(performance.now() - since).toBeGreaterThan(400);
    expect(plain.frames.map(({ opcode }) => opcode)).toEqual([Opcode.TEXT, Opcode.CLOSE]); // text: the answer to the login

    const careful = await server.enter(user, '"ack":true');
    await put();
    await nextText(careful, /^\{"cmd":2,"why":"ended","data":"您的登录已被终止，将被强制下线"\}$/);
    expect(await careful.closing()).toEqual({ code: 3000, reason: 'login ended' });
  });

  test('P-8.3: an order with loginServer is nothing while the route points here', async () => {
    const user = server.newUser();
    const wire = await server.enter(user);
    const id = await server.serverOf(user);
    const list = server.key(`im:user:force_logout:${id}`);
    await server.redis.rpush(
      list,
      `{"terminal":0,"userId":${user},"loginServer":999}`,
      'nonsense',
      '{"terminal":0}',
      '{}',
    );
    await waitUntil('they are taken', async () => (await server.redis.llen(list)) === 0);
    await server.push('private', user, entry(user, { data: '"still here"' }));
    await nextText(wire, /still here/);
  });
});
