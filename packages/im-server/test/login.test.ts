import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { connectDevice, makeToken, onCleanup } from 'im-test/support';
import { expect, test } from 'vitest';
import {
  corner,
  entry,
  firstWord,
  logIn,
  push,
  startServer,
  tokenOf,
  until,
  type Corner,
} from './support.ts';

// P-2.7, P-9.4.

/** Every Redis command about a route, from whomever, from now on. By hand: ioredis cannot MONITOR over RESP3. */
async function routeCommands(at: Corner): Promise<string[]> {
  const seen: string[] = [];
  const { hostname, port } = new URL(at.url);
  const socket = connect(Number(port), hostname);
  onCleanup(() => socket.destroy());
  socket.write('MONITOR\r\n');
  await once(socket, 'data');
  createInterface(socket).on('line', (line) => {
    if (line.includes(at.key('im:user:server_id:'))) seen.push(line);
  });
  return seen;
}

test('a login is answered with exactly cmd 0 and null', async () => {
  const server = await startServer(corner());
  const device = await connectDevice(server.url);

  device.send(`{"cmd":0,"data":{"accessToken":"${await tokenOf(2)}","devId":642296}}`);

  expect(await device.nextText()).toBe('{"cmd":0,"data":null}');
});

test('a login leaves a route that is the bare server id and ends within ten minutes', async () => {
  const at = corner();
  const server = await startServer(at);

  await logIn(server, 2, { terminal: 1 });

  expect(await at.redis.get(at.key('im:user:server_id:2:1'))).toBe(String(server.id));
  const ttl = await at.redis.ttl(at.key('im:user:server_id:2:1'));
  expect(ttl).toBeGreaterThan(590);
  expect(ttl).toBeLessThanOrEqual(600);
});

test('the route is there before the login is answered', async () => {
  const at = corner();
  const server = await startServer(at);

  for (let user = 10; user < 30; user += 1) {
    await logIn(server, user);
    expect(await at.redis.exists(at.key(`im:user:server_id:${user}:0`))).toBe(1);
  }
});

const unsigned = (header: object, payload: object): string =>
  `${[header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

test.each([
  ['signed with another secret', () => makeToken({ userId: 2, terminal: 0, secret: 'another' })],
  ['expired', () => tokenOf(2, 0, { expiresInS: -120 })],
  [
    'without a signature (alg none)',
    () => unsigned({ alg: 'none' }, { info: '{"terminal":0,"userId":2}', exp: 4_000_000_000 }),
  ],
  ['that is no JWT', () => 'eyJhbGciOiJIUzI1NiJ9.x.y'],
  ['of a terminal that is not allowed', () => tokenOf(2, 7)],
  ['whose info is no JSON', () => tokenOf(2, 0, { extra: { info: '{"terminal":0' } })],
  ['whose info has no terminal', () => tokenOf(2, 0, { extra: { info: '{"userId":2}' } })],
  ['whose info has no user', () => tokenOf(2, 0, { extra: { info: '{"terminal":0,"userId":null}' } })],
  ['whose user is a fraction', () => tokenOf(2, 0, { extra: { info: '{"terminal":0,"userId":1.5}' } })],
  ['whose user is not a user id', () => tokenOf(2, 0, { extra: { info: '{"terminal":0,"userId":"a b"}' } })],
])('a token %s is closed with 4401 and Redis hears nothing of it', async (_name, token) => {
  const at = corner();
  const server = await startServer(at);
  const commands = await routeCommands(at);
  const device = await connectDevice(server.url);

  device.send({ cmd: 0, data: { accessToken: await token(), devId: 1 } });

  expect((await device.closed).code).toBe(4401);
  expect(device.frames).toEqual([]);
  await logIn(server, 99); // its route command shows that the monitor was listening
  await until('the monitor shows the good login', () => commands.length > 0);
  expect(commands.every((command) => command.includes('server_id:99:0'))).toBe(true);
});

test.each([
  ['null', 'null'],
  ['an object without a token', '{"devId":1}'],
  ['an empty token', '{"accessToken":""}'],
  ['a number for a token', '{"accessToken":5}'],
  ['an array', '[]'],
  ['a string', '"token"'],
])('a login with %s is closed with 4401', async (_name, data) => {
  const server = await startServer(corner());
  const device = await connectDevice(server.url);

  device.send(`{"cmd":0,"data":${data}}`);

  expect((await device.closed).code).toBe(4401);
});

test('the reason of a refusal tells an expired token from a wrong one, and no more', async () => {
  const server = await startServer(corner());
  const late = await connectDevice(server.url);
  const wrong = await connectDevice(server.url);

  late.send({ cmd: 0, data: { accessToken: await tokenOf(2, 0, { expiresInS: -120 }) } });
  wrong.send({ cmd: 0, data: { accessToken: 'nonsense' } });

  expect(await late.closed).toEqual({ code: 4401, reason: 'token expired' });
  expect(await wrong.closed).toEqual({ code: 4401, reason: 'token refused' });
});

test('one user may be logged in on every terminal at once', async () => {
  const at = corner();
  const server = await startServer(at);

  const devices = [];
  for (const terminal of [0, 1, 2, -1]) devices.push(await logIn(server, 5, { terminal }));

  for (const terminal of [0, 1, 2, -1]) {
    expect(await at.redis.get(at.key(`im:user:server_id:5:${terminal}`))).toBe(String(server.id));
  }
  for (const device of devices) {
    device.send('{"cmd":1,"data":{}}');
    expect((await device.next()).cmd).toBe(1);
  }
});

test('user ids beyond 2^53 stay apart from their neighbours', async () => {
  const at = corner();
  const server = await startServer(at);
  const odd = await logIn(server, '9007199254740993');
  const even = await logIn(server, '9007199254740992');

  await push(at, server, 'private', entry('9007199254740993', { data: '{"for":"…993"}' }));

  expect((await odd.next()).data).toEqual({ for: '…993' });
  expect(await at.nextResultText()).toContain('"receiver":{"id":9007199254740993,"terminal":0}');
  even.send('{"cmd":1,"data":{}}');
  expect((await even.next()).cmd).toBe(1);
  expect(await at.redis.get(at.key('im:user:server_id:9007199254740993:0'))).toBe(String(server.id));
});

test('a socket that never logs in is closed with 4408', async () => {
  const server = await startServer(corner(), { loginTimeoutMs: 100 });
  const device = await connectDevice(server.url);

  expect((await device.closed).code).toBe(4408);
});

test('heartbeats do not keep a socket that never logs in', async () => {
  const server = await startServer(corner(), { loginTimeoutMs: 600 });
  const device = await connectDevice(server.url);
  const beating = setInterval(() => device.send('{"cmd":1,"data":{}}'), 50);
  onCleanup(() => clearInterval(beating));

  expect((await device.closed).code).toBe(4408);
});

test('a login whose token is checked for too long is closed with 4408', async () => {
  const server = await startServer(corner(), {
    loginTimeoutMs: 100,
    authenticate: () => new Promise(() => undefined),
  });
  const device = await connectDevice(server.url);

  device.send({ cmd: 0, data: { accessToken: 'x' } });

  expect((await device.closed).code).toBe(4408);
});

test('a second login with a token of the same user is answered, and the device stays', async () => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);

  device.send({ cmd: 0, data: { accessToken: await tokenOf(2, 0, { expiresInS: 3_600 }), devId: 1 } });

  expect(await device.next()).toEqual({ cmd: 0, data: null });
  await push(at, server, 'private', entry(2));
  expect((await device.next()).cmd).toBe(3);
});

test.each([
  ['another user', 3, 0],
  ['another terminal', 2, 1],
])('a second login with a token of %s is closed with 4401', async (_name, userId, terminal) => {
  const at = corner();
  const server = await startServer(at);
  const device = await logIn(server, 2);

  device.send({ cmd: 0, data: { accessToken: await tokenOf(userId, terminal) } });

  expect((await device.closed).code).toBe(4401);
  expect(await at.redis.exists(at.key(`im:user:server_id:${userId}:${terminal}`))).toBe(0);
});

test('a second login with a bad token is closed with 4401', async () => {
  const server = await startServer(corner());
  const device = await logIn(server, 2);

  device.send({ cmd: 0, data: { accessToken: 'nonsense' } });

  expect((await device.closed).code).toBe(4401);
});

test('a device whose token ends is closed with 4401, one that logged in again stays', async () => {
  const server = await startServer(corner());
  // Counted are five seconds more than a token says, so it is good for two or three: a busy machine logs in within them.
  const shortLived = { expiresInS: -2 };
  const renews = await connectDevice(server.url);
  await renews.login({ token: await tokenOf(3, 0, shortLived), devId: 'b' });
  await renews.login({ token: await tokenOf(3), devId: 'b' });
  const ends = await connectDevice(server.url);
  await ends.login({ token: await tokenOf(2, 0, shortLived), devId: 'a' });

  expect(await ends.closed).toEqual({ code: 4401, reason: 'token expired' });
  renews.send('{"cmd":1,"data":{}}');
  expect((await renews.next()).cmd).toBe(1);
});

test('with tokenExpiry "ignore" a device outlives its token', async () => {
  const at = corner();
  const server = await startServer(at, { tokenExpiry: 'ignore' });
  const device = await connectDevice(server.url);
  await device.login({ token: await tokenOf(2, 0, { expiresInS: -30 }), devId: 'a' });
  const control = await startServer(at, { loginTimeoutMs: 600 });

  // Two sweeps of the one server are over when the other one has closed this one at its second.
  await (
    await connectDevice(control.url)
  ).closed;

  device.send('{"cmd":1,"data":{}}');
  expect((await device.next()).cmd).toBe(1);
});

test('a token that is accepted at login is not thrown out at once', async () => {
  const server = await startServer(corner(), { loginTimeoutMs: 600 });
  const device = await connectDevice(server.url);
  const bystander = await connectDevice(server.url);

  device.send({ cmd: 0, data: { accessToken: await tokenOf(2, 0, { expiresInS: -30 }) } });

  // Either it is refused, or it is let in and stays for more than a sweep.
  const word = await firstWord(device);
  if (typeof word !== 'string') {
    expect(word).toEqual({ code: 4401, reason: 'token expired' });
    return;
  }
  await bystander.closed;
  device.send('{"cmd":1,"data":{}}');
  expect((await device.next()).cmd).toBe(1);
});

test('what is pushed during a login comes after its answer', async () => {
  const at = corner();
  const server = await startServer(at);
  await at.redis.set(at.key('im:user:server_id:2:0'), String(server.id));
  const device = await connectDevice(server.url);
  const token = await tokenOf(2);

  device.send({ cmd: 0, data: { accessToken: token, devId: 1 } });
  for (let n = 0; n < 50; n += 1) await push(at, server, 'private', entry(2, { data: `{"n":${n}}` }));
  await at.redis.rpush(at.key(`im:message:private:${server.id}`), entry(2, { data: '{"n":"last"}' }));
  await device.next((frame) => frame.cmd === 3 && (frame.data as { n: unknown }).n === 'last');

  expect(device.frames[0]).toEqual({ cmd: 0, data: null });
});

test('a route that cannot be written closes with 1013 and leaves nobody half logged in', async () => {
  const at = corner();
  const server = await startServer(at);
  // Redis refuses a SET with GET on a key of another type.
  await at.redis.rpush(at.key('im:user:server_id:2:0'), 'not a route');
  const device = await connectDevice(server.url);

  device.send({ cmd: 0, data: { accessToken: await tokenOf(2), devId: 1 } });

  expect((await device.closed).code).toBe(1013);
  await at.redis.del(at.key('im:user:server_id:2:0'));
  const again = await logIn(server, 2);
  await push(at, server, 'private', entry(2));
  expect((await again.next()).cmd).toBe(3);
});
