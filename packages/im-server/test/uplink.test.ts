import { uplinkList, uplinkPartitionOf } from 'im-common/internal/bus';
import type { RawDevice } from 'im-test/support';
import { expect, test } from 'vitest';
import { corner, logIn, startServer, until } from './support.ts';

const list = uplinkList('shop', uplinkPartitionOf('2'));

/** What a device says, with its `data` last, and the answers to it as texts. */
function say(device: RawDevice, n: number | string, rest = '', data = '"hi"'): void {
  device.send(`{"cmd":20,"data":{"to":"shop","box":"b","n":${n}${rest},"data":${data}}}`);
}

function answer(n: number, rest = ''): string {
  return `{"cmd":21,"data":{"to":"shop","box":"b","n":${n}${rest}}}`;
}

test('an uplink is acknowledged when it is on the bus, byte for byte, and with who said it (P-14.2, P-14.6)', async () => {
  const at = corner();
  const device = await logIn(await startServer(at, { uplinkTo: ['shop'] }), 2, { terminal: 1 });

  say(device, 1, ',"ask":true', '{"id":9007199254740993, "t":"\\u00e4ä"}');

  expect(await device.nextText()).toBe(answer(1));
  const [entry] = await at.redis.lrange(at.key(list), 0, -1);
  expect(entry?.replace(/"at":\d+/, '"at":0')).toBe(
    '{"sender":{"id":2,"terminal":1},"box":"b","n":1,"ask":true,"at":0,"data":{"id":9007199254740993, "t":"\\u00e4ä"}}',
  );
});

test('a repetition is acknowledged and not stored, a gap is refused (P-14.3)', async () => {
  const at = corner();
  const device = await logIn(await startServer(at, { uplinkTo: ['shop'] }), 2);

  for (const n of [1, 1, 3, 2]) say(device, n);

  const answers = [await device.nextText(), await device.nextText(), await device.nextText()];
  expect(answers).toEqual([answer(1), answer(1), answer(3, ',"error":"GAP"')]);
  expect(await device.nextText()).toBe(answer(2));
  expect(await at.redis.llen(at.key(list))).toBe(2);
});

test('what is too long, too much or not allowed is answered so, and the device stays (P-14.5)', async () => {
  const limits = { uplinkTo: ['shop'], maxUplinkBytes: 10, maxUplinksPerSecond: 3, maxUplinksWaiting: 2 };
  const device = await logIn(await startServer(corner(), limits), 2);

  say(device, 1, '', '"12345678ä"');
  expect(await device.nextText()).toBe(answer(1, ',"error":"TOO_LARGE"'));
  for (const n of [1, 2, 3, 3]) say(device, n);

  expect(await device.nextText()).toBe(answer(3, ',"error":"TOO_MANY","retryMs":1000'));
  expect([await device.nextText(), await device.nextText()]).toEqual([answer(1), answer(2)]);
  expect(await device.nextText()).toBe(answer(3, ',"error":"BUSY","retryMs":1000'));
});

test('what waits for a service that is away is bounded in bytes, and each device is told (P-14.5)', async () => {
  const at = corner();
  const most = 320_000;
  const server = await startServer(at, { uplinkTo: ['shop'], maxUplinkWaitingBytes: most });
  const devices = await Promise.all(Array.from({ length: 64 }, (_, user) => logIn(server, user + 2)));
  const large = JSON.stringify('x'.repeat(9_000));

  const answers = await Promise.all(
    devices.map(async (device) => {
      const own: string[] = [];
      for (let n = 1; n <= 10; n += 1) {
        say(device, n, '', large);
        own.push((await device.nextText()).includes('BUSY') ? 'busy' : 'stored');
        if (own.at(-1) === 'busy') break;
      }
      return own;
    }),
  );

  const lists = Array.from({ length: 16 }, (_, partition) => at.key(uplinkList('shop', partition)));
  const texts = (await Promise.all(lists.map((name) => at.redis.lrange(name, 0, -1)))).flat();
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(bytes).toBeLessThanOrEqual(most);
  expect(bytes).toBeGreaterThan(most / 4);
  expect(answers.flat().filter((status) => status === 'stored')).toHaveLength(texts.length);
  expect(answers.filter((own) => own.at(-1) === 'busy').length).toBeGreaterThan(32);
});

test('malformed uplinks and replies nobody asked for are counted, and nothing is answered (P-14.2, P-14.10)', async () => {
  const server = await startServer(corner(), { uplinkTo: ['shop'] });
  const device = await logIn(server, 2);
  const bad = ['null', '[]', '{}', '{"to":"shop","box":"b","n":0}', '{"to":"sh op","box":"b","n":1}'];
  bad.push('{"to":"shop","box":"b b","n":1}', '{"to":"shop","box":"b","n":1.5}', '{"to":1,"box":"b","n":1}');
  bad.push('{"to":"shop","box":"b","n":1,"done":-1}', `{"to":"shop","box":"b","n":${'9'.repeat(16)}}`);

  for (const data of bad) device.send(`{"cmd":20,"data":${data}}`);
  for (const data of ['null', '{"r":"x","data":1}', '{"r":1}']) device.send(`{"cmd":23,"data":${data}}`);
  device.send('{"cmd":21,"data":null}');
  device.send('{"cmd":22,"data":null}');
  device.send('{"cmd":1,"data":null}');

  expect(await device.nextText()).toBe('{"cmd":1,"data":null}');
  expect(await server.metrics.text()).toContain('im_frames_in_total{outcome="malformed"} 15');
});

test('a bus that is away is answered with TRY_AGAIN, and the same number is stored once it is back', async () => {
  const at = corner();
  const device = await logIn(await startServer(at, { uplinkTo: ['shop'] }), 2);
  await at.redis.set(at.key(list), 'no list');
  say(device, 1);
  expect(await device.nextText()).toBe(answer(1, ',"error":"TRY_AGAIN","retryMs":1000'));

  await at.redis.del(at.key(list));
  say(device, 1);

  expect(await device.nextText()).toBe(answer(1));
});

test('a reply is no message: it needs no proof, and one whose device is gone is dropped (P-14.6)', async () => {
  const at = corner();
  const server = await startServer(at, { uplinkTo: ['shop'] });
  const device = await logIn(server, 2);
  const reply = (user: number): string =>
    `{"cmd":21,"receivers":[{"id":${user},"terminal":0}],"sendResult":false,"data":{"to":"shop","n":${user}}}`;

  await at.redis.rpush(at.key(`im:message:private:${server.id}`), reply(3), reply(2));

  expect(await device.nextText()).toBe('{"cmd":21,"data":{"to":"shop","n":2}}');
  await until('both are acknowledged', async () => (await server.metrics.text()).includes('im_in_flight 0'));
});
