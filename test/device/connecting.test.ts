import { DeviceError } from 'im-device';
import { freePort } from 'im-test/support';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeDevice, online, push, reached, startIm, statesOf, tokenOf } from './support/devices.ts';
import { startPlainServer } from './support/plain-server.ts';
import { startSilentProxy } from './support/silent-proxy.ts';

test('comes back by itself when the connection is lost, and says each time what a page can show', async () => {
  const im = await startIm();
  const proxy = await startSilentProxy(portOf(im.server));
  const url = `ws://127.0.0.1:${proxy.port}/im`;
  const device = makeDevice({ url });
  const states = statesOf(device);
  device.on('message', () => undefined);
  await online(device);
  const lost = reached(device, 'waiting');
  proxy.cut();
  await lost;
  await reached(device, 'online');
  expect(states).toEqual([
    { kind: 'connecting' },
    { kind: 'online', url, acknowledges: true, features: expect.any(Array) as unknown },
    { kind: 'waiting', ms: expect.any(Number) as number, reason: 'closed', code: 1006 },
    { kind: 'connecting' },
    { kind: 'online', url, acknowledges: true, features: expect.any(Array) as unknown },
  ]);
  expect(await push(im, 'hello')).toBe('acknowledged');
});

test('the terminal counts when the token names none', async () => {
  const im = await startIm({ authenticate: () => ({ userId: '2' }) });
  await online(makeDevice({ url: im.server.url, token: 'any', terminal: 1 }));
  expect(await im.client.onlineTerminals([2])).toEqual(new Map([['2', [1]]]));
});

test('a server that drains sends its devices to the next one, after the delay that it asks for', async () => {
  const [going, staying] = [await startIm(), await startIm()];
  const device = makeDevice({ urls: [going.server.url, staying.server.url], random: () => 0 });
  const states = statesOf(device);
  await online(device);
  expect(device.state).toMatchObject({ url: going.server.url });
  const left = reached(device, 'waiting');
  await going.server.close();
  const { ms } = await left;
  expect(ms).toBeLessThan(500);
  await reached(device, 'online');
  expect(device.state).toMatchObject({ url: staying.server.url });
  expect(states.filter(({ kind }) => kind === 'waiting')).toEqual([
    { kind: 'waiting', ms, reason: 'closed', code: 1012 },
  ]);
});

test('locate may answer what where() of im-client says: the first place that was not of no use (P-17.9)', async () => {
  const im = await startIm();
  const dead = `ws://127.0.0.1:${await freePort()}/im`;
  const { urls, ttlMs } = await im.client.where();
  const device = makeDevice({ locate: () => ({ urls: [dead, ...urls], ttlMs }) });
  const nowhere = makeDevice({ locate: () => ({ urls: [], ttlMs }) });
  const failed = new Promise<DeviceError>((resolve) => nowhere.on('error', resolve));

  await online(device);
  nowhere.start();

  expect(device.state).toMatchObject({ url: im.server.url });
  expect(await failed).toMatchObject({ code: 'LOCATE_FAILED' });
});

test('locate is asked before each attempt, and told which server was of no use', async () => {
  const im = await startIm();
  const nobody = `ws://127.0.0.1:${await freePort()}/im`;
  const asked: unknown[] = [];
  const device = makeDevice({
    locate: async ({ not }) => {
      asked.push(not);
      if (asked.length === 2) throw new Error('The backend is away.');
      return Promise.resolve(asked.length === 1 ? nobody : im.server.url);
    },
  });
  const errors: string[] = [];
  device.on('error', ({ code }) => errors.push(code));
  await online(device);
  expect(asked).toEqual([undefined, nobody, undefined]);
  expect(errors).toEqual(['LOCATE_FAILED']);
});

test('a server that takes the connection and then says nothing is given up, at the handshake and at the login', async () => {
  const silent = await startSilentProxy(portOf(await startPlainServer()));
  silent.silence();
  const mute = await startPlainServer();
  mute.mute();
  const im = await startIm();
  const device = makeDevice({
    urls: [`ws://127.0.0.1:${silent.port}/im`, mute.url, im.server.url],
    random: () => 0,
    connectTimeoutMs: 200,
    loginTimeoutMs: 200,
  });
  const states = statesOf(device);
  await online(device);
  expect(states.flatMap((state) => (state.kind === 'waiting' ? [state.reason] : []))).toEqual([
    'cannot-connect',
    'no-answer',
  ]);
  expect(device.state).toMatchObject({ url: im.server.url });
});

test('a refused token is replaced at once by a fresh one', async () => {
  const im = await startIm();
  const wishes: boolean[] = [];
  const device = makeDevice({
    url: im.server.url,
    token: ({ refresh }) => {
      wishes.push(refresh);
      return refresh ? tokenOf(2) : 'not a token';
    },
  });
  const states = statesOf(device);
  await online(device);
  expect(wishes).toEqual([false, true]);
  expect(states[1]).toEqual({ kind: 'waiting', ms: 0, reason: 'closed', code: 4401 });
});

test('a token that nothing can replace ends the device, and says so', async () => {
  const im = await startIm();
  const device = makeDevice({ url: im.server.url, token: 'not a token' });
  const errors: string[] = [];
  device.on('error', ({ code }) => errors.push(code));
  device.start();
  const { error } = await reached(device, 'closed');
  expect(error).toBeInstanceOf(DeviceError);
  expect(error?.code).toBe('TOKEN_REFUSED');
  expect(errors).toEqual(['TOKEN_REFUSED']);
  expect(() => device.start()).toThrow('closed');
  await device.close();
});

test('a function for tokens that fails, or never answers, is asked again', async () => {
  const im = await startIm();
  let asked = 0;
  const device = makeDevice({
    url: im.server.url,
    connectTimeoutMs: 200,
    token: () => {
      asked += 1;
      if (asked === 1) throw new Error('offline');
      return asked === 2 ? new Promise(() => undefined) : tokenOf(2);
    },
  });
  const errors: string[] = [];
  device.on('error', ({ code }) => errors.push(code));
  await online(device);
  expect(errors).toEqual(['TOKEN_FAILED', 'TOKEN_FAILED']);
});

test('kicked by a login elsewhere it stays out, says by whom, and comes back when it is started again', async () => {
  const im = await startIm();
  const longestWaitMs = 100;
  const device = makeDevice({ url: im.server.url, backoffCeilingMs: longestWaitMs });
  const kicks: string[] = [];
  device.on('kicked', (by) => kicks.push(by));
  await online(device);
  const other = makeDevice({ url: im.server.url });
  const states = statesOf(device);
  await online(other);
  const { by, why } = await reached(device, 'kicked');
  expect(kicks).toEqual([by]);
  expect([by, why]).toEqual([expect.stringContaining('在其他地方登录'), 'elsewhere']);
  // That nothing comes has no event. It would have come within one wait, in which the server still answers.
  await new Promise((resolve) => setTimeout(resolve, 4 * longestWaitMs));
  expect(states).toEqual([{ kind: 'kicked', by, why }]);
  expect(other.state.kind).toBe('online');

  device.start();
  await reached(device, 'online');
  await reached(other, 'kicked');
});

test('forced out by the backend it stays out', async () => {
  const im = await startIm();
  const device = await online(makeDevice({ url: im.server.url }));
  await im.client.forceLogout(2);
  const { by, why } = await reached(device, 'kicked');
  expect([by, why]).toEqual([expect.not.stringContaining('其他地方'), 'ended']);
});

test('start in the very moment of a kick begins anew', async () => {
  const im = await startIm();
  const device = await online(makeDevice({ url: im.server.url }));
  device.on('kicked', () => device.start());
  await im.client.forceLogout(2);
  await reached(device, 'kicked');
  await reached(device, 'online');
});

test('close is final, may be called twice, and leaves no connection behind', async () => {
  const server = await startPlainServer();
  const device = await online(makeDevice({ url: server.url }));
  await Promise.all([device.close(), device.close()]);
  expect(device.state).toEqual({ kind: 'closed' });
  await expect.poll(() => server.sockets.size).toBe(0);
  expect(() => device.start()).toThrow(DeviceError);
});

test('close ends an attempt that is under way, and one that waits', async () => {
  const silent = await startSilentProxy(portOf(await startPlainServer()));
  silent.silence();
  const attempting = makeDevice({ url: `ws://127.0.0.1:${silent.port}/im` });
  attempting.start();
  await expect.poll(() => silent.count).toBeGreaterThan(0);
  await attempting.close();
  expect(attempting.state.kind).toBe('closed');

  const nobody = `ws://127.0.0.1:${await freePort()}/im`;
  const waiting = makeDevice({
    url: nobody,
    backoffBaseMs: 60_000,
    backoffCeilingMs: 60_000,
    random: () => 0.9,
  });
  waiting.start();
  await reached(waiting, 'waiting');
  await waiting.close();
});

test('close in a handler of a state ends it, whatever the state', async () => {
  const nobody = `ws://127.0.0.1:${await freePort()}/im`;
  const forEver = { backoffBaseMs: 600_000, backoffCeilingMs: 600_000, random: () => 0.9 };
  for (const kind of ['connecting', 'waiting']) {
    const device = makeDevice({ url: nobody, ...forEver });
    device.on('state', (state) => {
      if (state.kind === kind) void device.close();
    });
    device.start();
    await reached(device, 'closed');
  }
});

test('an aborted signal ends it, and so does the end of its block', async () => {
  const server = await startPlainServer();
  const control = new AbortController();
  const device = await online(makeDevice({ url: server.url, signal: control.signal }));
  control.abort();
  await reached(device, 'closed');
  const never = makeDevice({ url: server.url, signal: control.signal });
  never.start();
  await reached(never, 'closed');
  {
    await using scoped = makeDevice({ url: server.url });
    await online(scoped);
  }
  await expect.poll(() => server.sockets.size).toBe(0);
});

test('wake ends a wait at once', async () => {
  const port = await freePort();
  const device = makeDevice({
    url: `ws://127.0.0.1:${port}/im`,
    ...{ backoffBaseMs: 600_000, backoffCeilingMs: 600_000, random: () => 0.9 },
  });
  device.start();
  await reached(device, 'waiting');
  const server = new WebSocketServer({ port, host: '127.0.0.1' });
  server.on('connection', (socket) => socket.on('message', () => socket.send('{"cmd":0,"data":null}')));
  device.wake();
  await reached(device, 'online');
  await device.close();
  server.close();
});

test.each([
  ['nothing to connect to', { url: undefined }, 'url'],
  ['two ways to connect', { url: 'ws://x', urls: ['ws://y'] }, 'url'],
  ['no address', { url: undefined, urls: [] }, 'urls'],
  ['no token', { token: '' }, 'token'],
  ['a time of 0', { loginTimeoutMs: 0 }, 'loginTimeoutMs'],
  ['a ceiling below the floor', { heartbeatFloorMs: 2, heartbeatCeilingMs: 1 }, 'heartbeatCeilingMs'],
  ['an unknown way with late messages', { late: 'maybe' as 'refuse' }, 'late'],
  ['no WebSocket', { WebSocket: undefined }, 'WebSocket'],
])('%s is refused at once, by name', (_, options, name) => {
  expect(() => makeDevice({ url: 'ws://x', ...options })).toThrow(
    expect.objectContaining({
      code: 'INVALID_OPTION',
      message: expect.stringContaining(name) as string,
    }) as Error,
  );
});

function portOf({ url }: { readonly url: string }): number {
  return Number(new URL(url).port);
}
