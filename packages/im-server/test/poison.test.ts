import { expect, test } from 'vitest';
import { corner, entry, logIn, push, startServer, until } from './support.ts';

/** Behind the part that can be read, so that there is somebody to tell. */
const readable = '"receivers":[{"id":2,"terminal":0}],"sendResult":true,"serviceName":"app","messageId":"m"';

const poisons: readonly (readonly [string, string | Buffer])[] = [
  ['bad JSON at its end', `{${readable},"data":{"a":`],
  ['something after its end', `{${readable},"data":{}} x`],
  ['a control character in a text', `{${readable},"data":{"a":"\n"}}`],
  ['a number with a leading zero', `{${readable},"data":{"a":01}}`],
  ['nesting without end', `{${readable},"data":${'['.repeat(300_000)}}`],
  ['deep nesting that ends', `{${readable},"data":${'['.repeat(10_000)}${']'.repeat(10_000)}}`],
  ['invalid UTF-8', Buffer.from(`{${readable},"data":"\xff\xfe"}`, 'latin1')],
  ['half a character', Buffer.from(`{${readable},"data":"\xe4\xbd"}`, 'latin1')],
  ['a wrong type for sendResult, which may mean yes', `{${readable},"sendResult":[1],"data":{}}`],
  ['a wrong type for serviceName', `{${readable},"data":{},"serviceName":{"a":1}}`],
  ['a wrong type for attempt', `{${readable},"data":{},"attempt":"first"}`],
  ['a huge number for queuedAt', `{${readable},"data":{},"queuedAt":${'9'.repeat(400)}}`],
  ['a reference to nothing for sender', `{${readable},"data":{},"sender":{"$ref":"$.nowhere"}}`],
];

test.each(poisons)(
  'an entry with %s is reported POISON, kept, and the next one is pushed',
  async (_name, text) => {
    const at = corner();
    const server = await startServer(at);
    const device = await logIn(server, 2);

    await push(at, server, 'private', text, entry(2, { data: '{"n":"next"}' }));

    expect(await device.nextText()).toBe('{"cmd":3,"data":{"n":"next"}}');
    const results = [await at.nextResult(), await at.nextResult()];
    expect(results.find(({ code }) => code === 9999)).toMatchObject({
      receiver: { id: 2, terminal: 0 },
      reason: 'POISON',
      messageId: 'm',
    });
    const [, letter] = (await at.redis.blpop(at.key('im:dead:private'), 5)) ?? [];
    const { why, list, by } = JSON.parse(letter ?? '') as Record<string, string>;
    expect(why).not.toBe('');
    expect([list, by]).toEqual([`im:message:private:${server.id}`, `server ${server.id}`]);
    expect(entryIn(letter).equals(Buffer.from(text))).toBe(true);
  },
);

test.each([
  ['no JSON', 'hello'],
  ['an empty text', ''],
  ['null', 'null'],
  ['an array', '[1]'],
  ['a number', '7'],
  ['no receivers', '{"cmd":3,"data":{},"sendResult":true,"serviceName":"app"}'],
  ['empty receivers', '{"cmd":3,"data":{},"receivers":[],"sendResult":true,"serviceName":"app"}'],
  ['null for receivers', '{"cmd":3,"data":{},"receivers":null,"sendResult":true,"serviceName":"app"}'],
  [
    'an object for receivers',
    '{"cmd":3,"data":{},"receivers":{"id":2},"sendResult":true,"serviceName":"app"}',
  ],
  ['null for a receiver', entry(2, { receivers: '[null]' })],
  ['a receiver without an id', entry(2, { receivers: '[{"terminal":0}]' })],
  ['a receiver whose id is null', entry(2, { receivers: '[{"id":null,"terminal":0}]' })],
  ['a receiver whose id is true', entry(2, { receivers: '[{"id":true,"terminal":0}]' })],
  ['a receiver whose id is a fraction', entry(2, { receivers: '[{"id":1.5,"terminal":0}]' })],
  ['a receiver whose id has an exponent', entry(2, { receivers: '[{"id":1e3,"terminal":0}]' })],
  ['a receiver whose id is an object', entry(2, { receivers: '[{"id":{"a":1},"terminal":0}]' })],
  ['a receiver whose id is huge', entry(2, { receivers: `[{"id":${'9'.repeat(400)},"terminal":0}]` })],
  ['a receiver whose terminal is a text', entry(2, { receivers: '[{"id":2,"terminal":"web"}]' })],
  ['a receiver whose terminal is missing', entry(2, { receivers: '[{"id":2}]' })],
  ['a reference in a circle', entry(2, { receivers: '[{"$ref":"$.receivers[0]"}]' })],
  ['a reference to itself', entry(2, { receivers: '{"$ref":"$.receivers"}' })],
  ['a reference that is no path', entry(2, { receivers: '[{"$ref":"@"}]' })],
])('an entry that is or has %s is kept, and the next one is pushed', async (_name, text) => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);

  await push(at, server, 'private', text, entry(2, { data: '{"n":"next"}' }));

  expect(await device.nextText()).toBe('{"cmd":3,"data":{"n":"next"}}');
  const [, letter] = (await at.redis.blpop(at.key('im:dead:private'), 5)) ?? [];
  expect(entryIn(letter).toString()).toBe(text);
  const [inFlight] = await at.redis.keys(`{${at.key(`im:message:private:${server.id}`)}}:inflight:*`);
  await until('both are acknowledged', async () => (await at.redis.hlen(inFlight!)) === 1);
  expect(await server.metrics.text()).toMatch(/im_dead_lettered_total\{[^}]*kind="private"[^}]*\} 1/);
});

test('one bad receiver of a group spoils the entry, and those that can be read are told', async () => {
  const at = corner();
  const server = await startServer(at);
  await logIn(server, 2);
  const receivers = '[{"id":2,"terminal":0},{"id":3,"terminal":0}]';

  await push(
    at,
    server,
    'group',
    `{"receivers":${receivers},"sendResult":true,"serviceName":"app","data":{"a":1,}}`,
  );

  expect(await at.nextResult('group')).toMatchObject({
    code: 9999,
    reason: 'POISON',
    receivers: { length: 2 },
  });
});

test('a message longer than maxMessageBytes is reported TOO_LARGE, one of just that size is pushed', async () => {
  const at = corner();
  const server = await startServer(at, { maxMessageBytes: 1_000 });
  const device = await logIn(server, 2);

  await push(at, server, 'private', entry(2, { data: `"${'x'.repeat(999)}"` }));
  await push(at, server, 'private', entry(2, { data: `"${'x'.repeat(998)}"` }));

  expect(((await device.next()).data as string).length).toBe(998);
  const results = [await at.nextResult(), await at.nextResult()];
  expect(results.find(({ code }) => code === 9999)).toMatchObject({
    reason: 'TOO_LARGE',
    receiver: { id: 2, terminal: 0 },
  });
});

test('the dead-letter list holds what cannot be read, also after a thousand of them', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);

  await push(at, server, 'private', ...Array.from({ length: 1_000 }, (_, n) => `poison ${n}`), entry(2));

  expect((await device.next()).cmd).toBe(3);
  await until('all are kept', async () => (await at.redis.llen(at.key('im:dead:private'))) === 1_000);
});

/** What the letter is about. As text where it is UTF-8, so that people can read it. */
function entryIn(letter = ''): Buffer {
  const { text, base64 } = JSON.parse(letter) as { text?: string; base64?: string };
  return text === undefined ? Buffer.from(base64!, 'base64') : Buffer.from(text);
}
