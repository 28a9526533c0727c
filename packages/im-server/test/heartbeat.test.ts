import { connectDevice, onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import { corner, logIn, startServer, until } from './support.ts';

// P-1.7.

test('a heartbeat is answered with exactly cmd 1 and null, before and after the login', async () => {
  const server = await startServer(corner());
  const stranger = await connectDevice(server.url);
  const device = await logIn(server, 2);

  stranger.send('{"cmd":1,"data":{}}');
  device.send('{"cmd":1,"data":{}}');

  expect(await stranger.nextText()).toBe('{"cmd":1,"data":null}');
  expect(await device.nextText()).toBe('{"cmd":1,"data":null}');
});

test.each([
  ['null', '{"cmd":1,"data":null}'],
  ['no data', '{"cmd":1}'],
  ['anything', '{"cmd":1,"data":[1,"x"]}'],
  ['a numeric string for cmd', '{"cmd":"1","data":{}}'],
  ['its keys the other way round, and space', ' { "data" : { } , "cmd" : 1 } '],
])('a heartbeat with %s is answered', async (_name, text) => {
  const server = await startServer(corner());
  const device = await connectDevice(server.url);

  device.send(text);

  expect(await device.nextText()).toBe('{"cmd":1,"data":null}');
});

test('every one of many heartbeats is answered', async () => {
  const server = await startServer(corner());
  const device = await logIn(server, 2);

  for (let n = 0; n < 40; n += 1) device.send('{"cmd":1,"data":{}}');

  for (let n = 0; n < 40; n += 1) expect(await device.nextText()).toBe('{"cmd":1,"data":null}');
});

test('a device that is silent for too long is dropped without a close frame, and its route goes', async () => {
  const at = corner();
  const server = await startServer(at, { idleTimeoutMs: 300 });
  const device = await logIn(server, 2, { autoPong: false });

  expect((await device.closed).code).toBe(1006);
  await until(
    'the route is gone',
    async () => (await at.redis.exists(at.key('im:user:server_id:2:0'))) === 0,
  );
});

test('heartbeats keep a device that answers no pings', async () => {
  const server = await startServer(corner(), { idleTimeoutMs: 700, loginTimeoutMs: 2_000 });
  const bystander = await connectDevice(server.url);
  const device = await logIn(server, 2, { autoPong: false });
  const beating = setInterval(() => device.send('{"cmd":1,"data":{}}'), 100);
  onCleanup(() => clearInterval(beating));

  await bystander.closed; // for want of a login, when twice the idle timeout is over

  device.send('{"cmd":1,"data":{}}');
  expect((await device.next()).cmd).toBe(1);
});

test('a device whose stack answers pings is not idle, though it says nothing', async () => {
  const server = await startServer(corner(), {
    idleTimeoutMs: 900,
    pingAfterSilenceMs: 100,
    loginTimeoutMs: 2_500,
  });
  const bystander = await connectDevice(server.url);
  const device = await logIn(server, 2);

  await bystander.closed; // at its login timeout

  expect(device.pings).toBeGreaterThan(1);
  device.send('{"cmd":1,"data":{}}');
  expect((await device.next()).cmd).toBe(1);
});

test('a half-open device is found by a ping and its route goes, long before the idle timeout', async () => {
  const at = corner();
  const server = await startServer(at, { pingAfterSilenceMs: 100, proofTimeoutMs: 200 });
  const device = await logIn(server, 2);

  device.pause();

  await until(
    'the route is gone',
    async () => (await at.redis.exists(at.key('im:user:server_id:2:0'))) === 0,
  );
  device.resume();
  expect((await device.closed).code).toBe(4409);
});

test('binary frames and pings of the device count as signs of life', async () => {
  const server = await startServer(corner(), { idleTimeoutMs: 700, loginTimeoutMs: 2_000 });
  const bystander = await connectDevice(server.url);
  const binary = await logIn(server, 2, { autoPong: false });
  const pinging = await logIn(server, 3, { autoPong: false });
  const beating = setInterval(() => {
    binary.send(Buffer.from([1, 2, 3]));
    pinging.ping();
  }, 100);
  onCleanup(() => clearInterval(beating));

  await bystander.closed;

  for (const device of [binary, pinging]) {
    device.send('{"cmd":1,"data":{}}');
    expect((await device.next()).cmd).toBe(1);
  }
});
