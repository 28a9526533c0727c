import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Device } from 'im-device';
import { freePort } from 'im-test/support';
import { expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { makeDevice, reached } from './support/devices.ts';

const devices = 500;
const steps = 20;
const baseMs = 1_000;

// The plot of it, before and after jitter, against a real server: docs/reconnects.svg, by `npm run reconnects -w im-bench`.
// When a connection arrives says how busy the machine is; so what is looked at is how long each device decided to wait, and that it did.
test(
  `${devices} devices whose server died come back spread out over the first wait, not as a stampede`,
  { timeout: 60_000 },
  async () => {
    const waits = await comeBack();
    const perStep = Array.from({ length: steps }, (_, step) => {
      return waits.filter(({ ms }) => Math.floor((ms / baseMs) * steps) === step).length;
    });
    console.log(`${devices} devices wait, per ${baseMs / steps} ms: ${perStep.join(' ')}`);
    expect(perStep.reduce((sum, count) => sum + count)).toBe(devices);
    // A share is 25, give or take 5.
    expect(Math.max(...perStep)).toBeLessThan((3 * devices) / steps);
    expect(Math.min(...perStep)).toBeGreaterThan(0);
    // And who decided on more came later. Not to the millisecond: where the loop is busy timers begin before they are set.
    const inOrder = waits.toSorted((one, other) => one.waitedMs - other.waitedMs).map(({ ms }) => ms);
    const middle = devices / 2;
    expect(mean(inOrder.slice(middle)) - mean(inOrder.slice(0, middle))).toBeGreaterThan(baseMs / 4);
  },
);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

interface Wait {
  /** Decided on. */
  readonly ms: number;
  /** From then until it tried again. */
  readonly waitedMs: number;
}

/** How long each of the devices waits when their server dies; it is back at once. */
async function comeBack(): Promise<Wait[]> {
  const port = await freePort();
  const first = await startServer(port);
  const all: Device[] = [];
  for (let number = 0; number < devices; number++) {
    const device = makeDevice({
      url: `ws://127.0.0.1:${port}`,
      token: 'any',
      backoffBaseMs: baseMs,
      backoffCeilingMs: 60_000,
      connectTimeoutMs: 30_000,
      loginTimeoutMs: 30_000,
    });
    device.start();
    all.push(device);
  }
  await Promise.all(all.map((device) => reached(device, 'online', 30_000)));
  const waits = Promise.all(all.map(waitOf));
  await first.die();
  const second = await startServer(port);
  const found = await waits;
  await Promise.all(all.map((device) => reached(device, 'online', 30_000)));
  await Promise.all(all.map((device) => device.close()));
  await second.die();
  return found;
}

async function waitOf(device: Device): Promise<Wait> {
  const { ms } = await reached(device, 'waiting', 30_000);
  const decidedAt = performance.now();
  await reached(device, 'connecting', 30_000);
  return { ms, waitedMs: performance.now() - decidedAt };
}

async function startServer(port: number): Promise<{ die(): Promise<void> }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port });
  server.on('connection', (socket) => {
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
