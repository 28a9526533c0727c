import { expect, test } from 'vitest';
import { makeDevice, online, reached, startIm, statesOf } from './support/devices.ts';
import { startPlainServer } from './support/plain-server.ts';
import { startSilentProxy } from './support/silent-proxy.ts';

const intervalMs = 400;
const fixed = { heartbeatFloorMs: intervalMs, heartbeatCeilingMs: intervalMs };

test('a half-open connection is noticed within two intervals, and replaced', async () => {
  const im = await startIm();
  const proxy = await startSilentProxy(Number(new URL(im.server.url).port));
  // 30 s: the interval is what counts.
  const device = makeDevice({ url: `ws://127.0.0.1:${proxy.port}/im`, ...fixed, answerTimeoutMs: 30_000 });
  await online(device);
  proxy.silence();
  const startedAt = performance.now();
  const { reason } = await reached(device, 'waiting');
  const tookMs = performance.now() - startedAt;
  console.log(`half-open noticed after ${Math.round(tookMs)} ms, at an interval of ${intervalMs} ms`);
  expect(reason).toBe('no-answer');
  expect(tookMs).toBeLessThan(2 * intervalMs + 400); // a busy machine's timers
  proxy.resume();
  await reached(device, 'online');
});

test('a silent connection is kept alive by heartbeats, at growing distances', async () => {
  const server = await startPlainServer();
  const device = makeDevice({ url: server.url, heartbeatFloorMs: 50, heartbeatCeilingMs: 400 });
  const states = statesOf(await online(device));
  const at: number[] = [];
  for (const socket of server.sockets) socket.on('message', () => at.push(performance.now()));
  await expect.poll(() => at.length, { timeout: 15_000 }).toBeGreaterThan(5);
  const gaps = at.slice(1).map((time, index) => time - at[index]!);
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
  const { reason } = await reached(device, 'waiting', 5_000);
  expect(reason).toBe('no-answer');
});
