import { expect, test } from 'vitest';
import { corner, entry, logIn, push, startServer, until } from './support.ts';

test.each([
  ['private', 3],
  ['group', 4],
  ['system', 5],
])('an entry on the %s list becomes one frame with cmd %i', async (kind, cmd) => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);

  await push(at, server, kind, entry(2), entry(2, { data: '{"n":2}' }));

  expect(await device.nextText()).toBe(`{"cmd":${cmd},"data":{"content":"hi","id":101}}`);
  expect(await device.nextText()).toBe(`{"cmd":${cmd},"data":{"n":2}}`);
});

// What a parse and a re-encode anywhere on the way would change.
const payloads = [
  String.raw`{"n":9007199254740993,"s":"\u003Cé"}`,
  '{"b":1,"a":2,"10":3,"9":4}',
  '{ "a" :\t1 ,\n"b": [ 1 , 2 ] }',
  '{"e":"😀","zwj":"👨‍👩‍👧","cjk":"李四","rtl":"שלום"}',
  '{"max":9223372036854775807,"min":-9223372036854775808,"big":123456789012345678901234567890}',
  String.raw`{"esc":"\u00e9\ud83d\ude00\/\b\f\n\r\t\"\\"}`,
  String.raw`{"lone":"\ud800"}`,
  '{"f":1.0,"g":1.50,"h":1e2,"i":1E+2,"j":-0,"k":0.1e-7}',
  '{"twice":1,"twice":2}',
  '{"__proto__":{"x":1},"constructor":null}',
  '{"":""}',
  '{}',
  '[]',
  '[1,"x",null]',
  'null',
  '"just a text with \u2028 and \u007f"',
  '0',
  '{"$ref":"$.receivers[0]"}',
  `{"deep":${'['.repeat(150)}${']'.repeat(150)}}`,
  `{"long":"${'x'.repeat(70_000)}"}`,
  `{"around125":"${'y'.repeat(101)}"}`,
  `{"around126":"${'y'.repeat(102)}"}`,
];

test('data arrives byte for byte, and stands byte for byte in the result', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);

  for (const data of payloads) {
    await push(at, server, 'private', Buffer.from(entry(2, { data })));

    expect(await device.nextText()).toBe(`{"cmd":3,"data":${data}}`);
    const [, result] = (await at.redis.blpopBuffer(at.key('im:result:private:app'), 5)) ?? [];
    expect(result?.toString('utf8').startsWith(`{"code":0,"data":${data},"receiver":`)).toBe(true);
    expect(result?.includes(Buffer.from(data))).toBe(true);
  }
});

test('frames around the length that needs two length bytes arrive', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);
  const around = '{"cmd":3,"data":""}'.length;

  for (let length = 120; length <= 130; length += 1) {
    const data = `"${'z'.repeat(length - around)}"`;
    await push(at, server, 'private', entry(2, { data }));
    expect((await device.nextText()).length).toBe(length);
  }
});

test('frames around the length that needs eight length bytes arrive', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);
  const around = '{"cmd":3,"data":""}'.length;

  for (let length = 65_533; length <= 65_538; length += 1) {
    const data = `"${'z'.repeat(length - around)}"`;
    await push(at, server, 'private', entry(2, { data }));
    expect((await device.nextText()).length).toBe(length);
  }
});

test.each([
  [
    'shuffled keys',
    '{"serviceName":"app","receivers":[{"terminal":0,"id":2}],"sender":{"terminal":0,"id":1},"data":{"x":1},"sendResult":true,"cmd":3}',
  ],
  [
    'a $ref for the sender',
    '{"cmd":3,"data":{"x":1},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"sender":{"$ref":"$.receivers[0]"},"serviceName":"app"}',
  ],
  [
    'a $ref for a receiver',
    '{"cmd":3,"data":{"x":1},"first":{"id":2,"terminal":0},"receivers":[{"$ref":"$.first"}],"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"app"}',
  ],
  [
    'a $ref for all receivers',
    '{"cmd":3,"data":{"x":1},"all":[{"id":2,"terminal":0}],"receivers":{"$ref":"$.all"},"sendResult":true,"sender":{"id":1,"terminal":0},"serviceName":"app"}',
  ],
  [
    'numbers in quotes',
    '{"cmd":"3","data":{"x":1},"receivers":[{"id":"2","terminal":"0"}],"sendResult":"true","sender":{"id":"1","terminal":"0"},"serviceName":"app"}',
  ],
  [
    'unknown keys everywhere',
    '{"new":[{}],"cmd":3,"data":{"x":1},"receivers":[{"id":2,"terminal":0,"nick":"a\\"}]"}],"sendResult":true,"sender":{"id":1,"terminal":0,"x":null},"serviceName":"app","z":1}',
  ],
  [
    'space everywhere',
    ' { "cmd" : 3 , "data" : {"x":1} , "receivers" : [ { "id" : 2 , "terminal" : 0 } ] , "sendResult" : true , "sender" : null , "serviceName" : "app" } ',
  ],
  [
    'escapes in keys',
    String.raw`{"cmd":3,"d\u0061ta":{"x":1},"receivers":[{"\u0069d":2,"terminal":0}],"sendResult":true,"serviceName":"app"}`,
  ],
  [
    'no sender and no cmd',
    '{"data":{"x":1},"receivers":[{"id":2,"terminal":0}],"sendResult":true,"serviceName":"app"}',
  ],
])('an entry with %s is understood', async (_name, text) => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);

  await push(at, server, 'private', text);

  expect(await device.nextText()).toBe('{"cmd":3,"data":{"x":1}}');
  expect(await at.nextResult()).toMatchObject({ code: 0, data: { x: 1 }, receiver: { id: 2, terminal: 0 } });
});

test.each([
  ['sendResult is false', '"sendResult":false,"serviceName":"app"'],
  ['sendResult is null', '"sendResult":null,"serviceName":"app"'],
  ['sendResult is missing', '"serviceName":"app"'],
  ['no service is named', '"sendResult":true'],
  ['the service is null', '"sendResult":true,"serviceName":null'],
])('no result is written when %s', async (_name, rest) => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);

  await push(at, server, 'private', `{"cmd":3,"data":{"x":1},"receivers":[{"id":2,"terminal":0}],${rest}}`);
  await push(at, server, 'private', entry(2, { data: '{"x":2}' }));

  expect((await device.next()).data).toEqual({ x: 1 });
  expect(await at.nextResult()).toMatchObject({ data: { x: 2 } });
  expect((await at.keys()).filter((key) => key.startsWith('im:result:'))).toEqual([]);
});

test('all that was taken is acknowledged, and only the expected keys are left', async () => {
  const at = corner();
  const server = await startServer(at);
  await logIn(server, 2);
  const id = server.id;

  for (const kind of ['private', 'group', 'system']) {
    await push(at, server, kind, entry(2), entry(404), 'poison', entry(2, { sendResult: false }));
    for (let n = 0; n < 2; n += 1) await at.nextResult(kind);
  }

  const lists = ['group', 'high', 'private', 'system'].map((kind) => `im:message:${kind}:${id}`);
  for (const list of [...lists, `im:user:force_logout:${id}`]) {
    const [inFlight] = await at.redis.keys(`{${at.key(list)}}:inflight:*`);
    await until(`${list} is acknowledged`, async () => {
      return JSON.stringify(await at.redis.hkeys(inFlight!)) === '["seq"]';
    });
    expect(await at.redis.exists(at.key(list))).toBe(0);
    await until(
      `${list} is offered for`,
      async () => (await at.redis.exists(`{${at.key(list)}}:offer`)) === 1,
    );
  }
  const withoutNames = (await at.keys()).map((key) => key.replace(/(inflight|turn):[\w-]+$/, '$1:*')).sort();
  expect(withoutNames).toEqual(
    [
      `im:user:server_id:2:0`,
      'im:max_server_id',
      '{im:max_server_id}:lease',
      '{im:max_server_id}:member',
      ...['group', 'private', 'system'].flatMap((kind) => [
        `im:dead:${kind}`,
        `{im:dead:${kind}}:sizes`,
        `{im:dead:${kind}}:turn:*`,
        `{im:result:${kind}:app}:turn:*`,
      ]),
      ...[...lists, `im:user:force_logout:${id}`].flatMap((list) => [
        `{${list}}:consumers`,
        `{${list}}:inflight:*`,
        `{${list}}:offer`,
      ]),
    ].sort(),
  );
});
