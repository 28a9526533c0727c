import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryBus, createRedisBus, type Bus } from 'im-common/bus';
import { createImClient, type ImClient } from 'im-client';
import { createDevice, type Device, type DeviceMessage } from 'im-device';
import { overSse } from 'im-device/sse';
import { withUplink } from 'im-device/uplink';
import { createImServer, type ImServer } from 'im-server';
import { makeToken, onCleanup, testRedis } from 'im-test/support';
import { describe, expect, test } from 'vitest';

// P-19: a device without WebSockets is a device like any other, on every bus.

const secret = 'for-tests';
const sender = { id: 1, terminal: 0 };
const toTwo = { sender, recvId: 2, recvTerminals: [0] };

async function onMemory(): Promise<Bus> {
  return started(createMemoryBus());
}

async function onRedis(): Promise<Bus> {
  const { url, prefix } = testRedis();
  return started(createRedisBus({ url, keyPrefix: prefix }));
}

async function started(bus: Bus): Promise<Bus> {
  await bus.start();
  onCleanup(() => bus.close());
  return bus;
}

async function startServer(bus: Bus): Promise<ImServer> {
  const server = createImServer({
    ...{ bus, host: '127.0.0.1', port: 0, jwtSecret: secret, drainMs: 0 },
    ...{ sse: true, uplinkTo: ['shop'], sessions: 'newest' },
  });
  onCleanup(() => server.close());
  await server.start();
  return server;
}

async function startClient(bus: Bus): Promise<ImClient> {
  const im = createImClient({ service: 'shop', bus });
  onCleanup(() => im.close());
  await im.start();
  return im;
}

function deviceOf(servers: readonly ImServer[]): { device: Device; seen: DeviceMessage[] } {
  const device = createDevice({
    ...{ urls: servers.map(({ url }) => url), WebSocket: overSse(), backoffBaseMs: 50 },
    token: () => makeToken({ userId: 2, terminal: 0, secret }),
  });
  onCleanup(() => device.close());
  const seen: DeviceMessage[] = [];
  device.on('message', async (message) => {
    seen.push(message);
    if (message.data === 'slow') await sleep(300);
  });
  device.start();
  return { device, seen };
}

async function reached(device: Device, kind: string): Promise<void> {
  await expect.poll(() => device.state.kind, { timeout: 10_000, interval: 10 }).toBe(kind);
}

describe.each([
  ['in memory', onMemory],
  ['on Redis', onRedis],
])('%s', (_, start) => {
  test('gets what was kept, then what comes, in order, proved by the application; and speaks', async () => {
    const bus = await start();
    const server = await startServer(bus);
    const im = await startClient(bus);
    im.onUplink<number>('shop', ({ data }) => data + 1);
    await im.topics.add('room', [2]);
    await im.sendPrivateMessage({ ...toTwo, data: 0, keep: { forMs: 60_000 } });
    const { device, seen } = deviceOf([server]);
    const speaking = withUplink(device);
    speaking.onRequest((data) => ({ you: data }));
    await reached(device, 'online');
    await expect.poll(() => seen.length).toBe(1);

    const receipts = [];
    for (let n = 1; n <= 100; n++) receipts.push(await im.sendPrivateMessage({ ...toTwo, data: n }));
    await im.sendGroupMessage({ sender, topic: 'room', data: 'to all' });
    const ends = await Promise.all(receipts.map((receipt) => receipt.results()));

    expect(new Set(ends.flat().map(({ stage }) => stage))).toEqual(new Set(['acknowledged']));
    expect(seen.filter(({ kind }) => kind === 'private').map(({ data }) => data)).toEqual(
      Array.from({ length: 101 }, (_, n) => n),
    );
    await expect.poll(() => seen.at(-1)?.data).toBe('to all');
    expect(await speaking.request('shop', 41)).toBe(42);
    expect(await im.request({ userId: 2, terminal: 0, data: 'who' })).toEqual({ you: 'who' });
    expect(await im.sessions(2)).toMatchObject([{ address: '127.0.0.1', server: server.id }]);
  });

  test('is sent elsewhere by a drain, put out with the reason, and says goodbye', async () => {
    const bus = await start();
    const [first, second] = [await startServer(bus), await startServer(bus)];
    const im = await startClient(bus);
    const { device, seen } = deviceOf([first]);
    await reached(device, 'online');
    await device.close();
    await expect.poll(() => im.isOnline(2, 0)).toBe(false);

    const again = deviceOf([first, second]);
    await reached(again.device, 'online');
    const { url } = again.device.state as { url: string };
    const states: string[] = [];
    again.device.on('state', (state) => states.push(JSON.stringify(state)));
    const underWay = await im.sendPrivateMessage({ ...toTwo, data: 'slow' });
    await (url === first.url ? first : second).drain();
    expect(await underWay.results()).toMatchObject([{ stage: 'acknowledged' }]);
    await expect.poll(() => states.join()).toContain('1012');
    await reached(again.device, 'online');
    const receipt = await im.sendPrivateMessage({ ...toTwo, data: 'there' });
    expect(await receipt.results()).toMatchObject([{ stage: 'acknowledged' }]);
    expect([seen.length, again.seen.length]).toEqual([0, 2]);

    await im.forceLogout(2, { reason: '再见' });
    await reached(again.device, 'kicked');
    expect(again.device.state).toMatchObject({ why: 'ended', by: '再见' });
  });
});
