import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Device } from 'im-device';
import { freePort } from 'im-test/support';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeDevice, reached } from './support/devices.ts';

const devices = 1_000;
const stepMs = 100;
const baseMs = 4_000;

// The plot of it, before and after jitter, against a real server: docs/reconnects.svg, by `npm run reconnects -w im-bench`.
test(
  '1,000 devices whose server died come back spread out over the first wait, not as a stampede',
  { timeout: 60_000 },
  async () => {
    const steps = await comeBack(Math.random);
    console.log(`${devices} devices came back, per ${stepMs} ms: ${steps.join(' ')}`);
    const fair = devices / (baseMs / stepMs);
    // A machine that is busy with a thousand handshakes makes heaps of its own; a stampede would be forty times the share.
    expect(Math.max(...steps)).toBeLessThan(5 * fair);
    expect(steps.filter((count) => count > 0).length).toBeGreaterThan((0.7 * baseMs) / stepMs);
  },
);

/** How many devices connected again in each step after their server died; it was back at once. */
async function comeBack(random: () => number): Promise<number[]> {
  const port = await freePort();
  const first = await startServer(port, () => undefined);
  const all: Device[] = [];
  for (let number = 0; number < devices; number++) {
    const device = makeDevice({
      url: `ws://127.0.0.1:${port}`,
      token: 'any',
      random,
      backoffBaseMs: baseMs,
      backoffCeilingMs: 60_000,
      connectTimeoutMs: 30_000,
      loginTimeoutMs: 30_000,
    });
    device.start();
    all.push(device);
  }
  await Promise.all(all.map((device) => reached(device, 'online', 30_000)));
  const waiting = Promise.all(all.map((device) => reached(device, 'waiting', 30_000)));
  const steps: (number | undefined)[] = [];
  let diedAt = 0;
  await first.die();
  const second = await startServer(port, () => {
    const step = Math.floor((performance.now() - diedAt) / stepMs);
    steps[step] = (steps[step] ?? 0) + 1;
  });
  diedAt = performance.now();
  await waiting;
  await Promise.all(all.map((device) => reached(device, 'online', 30_000)));
  await Promise.all(all.map((device) => device.close()));
  await second.die();
  return Array.from(steps, (count) => count ?? 0);
}

async function startServer(port: number, onConnection: () => void): Promise<{ die(): Promise<void> }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port });
  server.on('connection', (socket) => {
    onConnection();
    socket.on('error', () => undefined);
    socket.on('message', () => socket.send('{"cmd":0,"data":null}'));
  });
  await once(server, 'listening');
  expect((server.address() as AddressInfo).port).toBe(port);
  return {
    async die() {
      for (const socket of server.clients) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}
