import { beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeDevice, online, reached, startIm, statesOf } from './support/devices.ts';
import { startPlainServer } from './support/plain-server.ts';
import { startSilentProxy } from './support/silent-proxy.ts';

const intervalMs = 400;
/** When the devices of a test have sent something: when it arrives says less, on a machine that is busy. */
const sentAt: number[] = [];
beforeEach(() => void (sentAt.length = 0));

const NotingWebSocket = new Proxy(WebSocket, {
  construct(target, args, newTarget) {
    const socket = Reflect.construct(target, args, newTarget) as WebSocket;
    const send = socket.send.bind(socket) as (...args: unknown[]) => void;
    socket.send = (...args: unknown[]): void => {
      sentAt.push(performance.now());
      send(...args);
    };
    return socket;
  },
});

const fixed = { heartbeatFloorMs: intervalMs, heartbeatCeilingMs: intervalMs };

test('a half-open connection is noticed within two intervals, and replaced', async () => {
  const im = await startIm();
  const proxy = await startSilentProxy(Number(new URL(im.server.url).port));
  const url = `ws://127.0.0.1:${proxy.port}/im`;
  // 60 s: the interval is what counts.
  const device = makeDevice({ url, ...fixed, answerTimeoutMs: 60_000, WebSocket: NotingWebSocket });
  await online(device);
  proxy.silence();
  const silentAt = performance.now();
  const { reason } = await reached(device, 'waiting');
  expect(reason).toBe('no-answer');
  // A heartbeat goes out when an interval is over, and at the end of the next one its answer is not there.
  expect(sentAt.filter((at) => at > silentAt).length).toBeLessThanOrEqual(1);
  proxy.resume();
  await reached(device, 'online');
});

test('a silent connection is kept alive by heartbeats, at growing distances', async () => {
  const server = await startPlainServer();
  const times = { heartbeatFloorMs: 50, heartbeatCeilingMs: 400 };
  const device = makeDevice({ url: server.url, ...times, WebSocket: NotingWebSocket });
  const states = statesOf(await online(device));
  sentAt.length = 0; // the login
  await expect.poll(() => sentAt.length).toBeGreaterThan(5);
  const gaps = sentAt.slice(1).map((time, index) => time - sentAt[index]!);
  expect(gaps[0]).toBeGreaterThan(90);
  expect(gaps[1]).toBeGreaterThan(190);
  expect(gaps[4]).toBeGreaterThan(390);
  expect(states).toEqual([]);
});

test('messages from the server do not spare the heartbeat where the device never speaks: servers want to hear of it', async () => {
  const server = await startPlainServer();
  const device = makeDevice({ url: server.url, ...fixed });
  device.on('message', () => undefined);
  await online(device);
  const pushing = setInterval(() => server.send({ cmd: 5, data: 1 }), 50);
  await expect.poll(() => server.received.filter(({ cmd }) => cmd === 1).length).toBeGreaterThan(1);
  clearInterval(pushing);
});

test('wake finds a half-open connection at once, long before the next heartbeat', async () => {
  const server = await startPlainServer();
  const device = makeDevice({ url: server.url, answerTimeoutMs: 100 });
  await online(device);
  server.mute();
  device.wake();
  const { reason } = await reached(device, 'waiting');
  expect(reason).toBe('no-answer');
});
