import { createImClient, UplinkRefusal, type ImClient, type ImClientOptions, type Uplink } from 'im-client';
import { createMemoryBus, createRedisBus, type Bus } from 'im-common/bus';
import { createDevice, type Device } from 'im-device';
import { withUplink, type OutboxOptions, type Uplinks } from 'im-device/uplink';
import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import { connectDevice, makeToken, onCleanup, testRedis } from 'im-test/support';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

const secret = 'for-tests';

/** Buses of one system: another one for each server and client, as they are processes of their own. */
type MakeBus = () => Promise<Bus>;

interface World {
  server(options?: Partial<ImServerOptions>): Promise<ImServer>;
  client(options?: Partial<ImClientOptions>): Promise<ImClient>;
}

function worldOn(makeBus: MakeBus): World {
  return {
    async server(options = {}) {
      const server = createImServer({
        ...{ bus: await makeBus(), host: '127.0.0.1', port: 0, jwtSecret: secret, drainMs: 0 },
        ...{ uplinkTo: ['shop'], reconnectGraceMs: 300, ...options },
      });
      onCleanup(() => server.close());
      await server.start();
      return server;
    },
    async client(options = {}) {
      const client = createImClient({ service: 'backend', bus: await makeBus(), leaseMs: 300, ...options });
      onCleanup(() => client.close());
      await client.start();
      return client;
    },
  };
}

function deviceOf(userId: number, urls: readonly string[], outbox: OutboxOptions = {}): Device & Uplinks {
  const device = createDevice({
    ...{ urls, WebSocket, backoffBaseMs: 50, backoffCeilingMs: 100 },
    token: () => makeToken({ userId, terminal: 1, secret }),
  });
  onCleanup(() => device.close());
  device.start();
  return withUplink(device, outbox);
}

const kinds: readonly [string, () => MakeBus][] = [
  [
    'in memory',
    () => {
      const bus = createMemoryBus();
      return () => Promise.resolve(bus);
    },
  ],
  [
    'on Redis',
    () => {
      const { url, prefix } = testRedis();
      return async () => {
        const bus = createRedisBus({ url, keyPrefix: prefix });
        await bus.start();
        onCleanup(() => bus.close());
        return bus;
      };
    },
  ],
];

describe.each(kinds)('uplink %s', (_, makeBuses) => {
  test('what devices say is handled in the order of each, once, by one of several instances', async () => {
    const { server, client } = worldOn(makeBuses());
    const servers = [await server(), await server()];
    const handled: Uplink[] = [];
    const handle = async (uplink: Uplink): Promise<void> => {
      handled.push(uplink);
      await Promise.resolve();
    };
    for (const im of [await client(), await client()]) im.onUplink('shop', handle);
    const devices = [2, 3, 4, 5].map((user, index) => deviceOf(user, [servers[index % 2]?.url ?? '']));

    await Promise.all(
      devices.flatMap((device) => Array.from({ length: 12 }, (_, i) => device.send('shop', { i }))),
    );

    await expect.poll(() => handled.length).toBe(48);
    for (const user of ['2', '3', '4', '5']) {
      const own = handled.filter((uplink) => uplink.user === user);
      expect(own.map(({ data }) => data)).toEqual(Array.from({ length: 12 }, (_, i) => ({ i })));
      expect(own.map(({ n, terminal, attempt }) => [n, terminal, attempt])).toEqual(
        Array.from({ length: 12 }, (_, i) => [i + 1, 1, 1]),
      );
    }
    expect(new Set(handled.map(({ id }) => id)).size).toBe(48);
  });

  test('a request gets the reply of its handler, a refusal its reason, a failure its dead letter', async () => {
    const { server, client } = worldOn(makeBuses());
    const { url } = await server();
    const im = await client({ retryDelaysMs: [1] });
    let isBroken = true;
    im.onUplink<string>('shop', ({ user, data, attempt }) => {
      if (data === 'refuse') throw new UplinkRefusal('closed on Sundays');
      if (data === 'fail' && isBroken) throw new Error(`attempt ${attempt}`);
      return { user, said: data };
    });
    const device = deviceOf(2, [url]);

    expect(await device.request('shop', 'hä?')).toEqual({ user: '2', said: 'hä?' });
    await expect(device.request('shop', 'refuse')).rejects.toMatchObject({
      ...{ code: 'REFUSED', message: 'closed on Sundays' },
    });
    await expect(device.request('shop', 'fail')).rejects.toMatchObject({ code: 'SERVICE_FAILED' });
    await expect(device.request('bank', 'hi')).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    expect(await device.request('shop', 'still here')).toMatchObject({ said: 'still here' });

    const { letters } = await im.deadLetters.read({ of: 'uplink:shop' });
    expect(letters.map(({ why }) => why)).toEqual(['Error: attempt 2']);
    isBroken = false;
    expect(await im.deadLetters.replay('all', { of: 'uplink:shop' })).toMatchObject({ replayed: 1 });
  });

  test('what was said before a service is there waits for it; what is too much stays with the device', async () => {
    const { server, client } = worldOn(makeBuses());
    const { url } = await server({ maxUplinksWaiting: 2 });
    const device = deviceOf(2, [url]);
    const sends = [1, 2, 3].map((i) => device.send('shop', i));
    await Promise.all(sends.slice(0, 2));
    await expect(device.request('shop', 'soon', { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });

    const handled: unknown[] = [];
    (await client()).onUplink('shop', ({ data }) => handled.push(data));
    await sends[2];

    await expect.poll(() => handled).toEqual([1, 2, 3]);
  });

  test('over the end of a server, and of an instance, each is handled in order', async () => {
    const { server, client } = worldOn(makeBuses());
    const servers = [await server(), await server()];
    const handled: number[] = [];
    const first = await client();
    const second = await client();
    for (const im of [first, second]) {
      im.onUplink<number>('shop', async ({ data }) => {
        handled.push(data);
        await new Promise((resolve) => setTimeout(resolve, 5));
        return data;
      });
    }
    const device = deviceOf(
      2,
      servers.map(({ url }) => url),
    );

    const replies: Promise<number>[] = [];
    for (let i = 0; i < 30; i += 1) {
      replies.push(device.request<number>('shop', i));
      if (i === 10) void servers[0]?.close();
      if (i === 20) void first.close();
      await replies[Math.max(0, i - 5)];
    }

    expect(await Promise.all(replies)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(handled).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });

  test('an outbox with a store goes on after a reload, under its numbers', async () => {
    const { server, client } = worldOn(makeBuses());
    const { url } = await server();
    let saved = '';
    const store = { load: () => saved, save: (text: string) => void (saved = text) };
    const page = deviceOf(2, ['ws://127.0.0.1:1/im'], { store });
    const lost = [page.send('shop', 'a'), page.send('shop', 'b')].map((send) => send.catch(() => 'closed'));
    await expect.poll(() => saved).toContain('"b"');
    await page.close();
    expect(await Promise.all(lost)).toEqual(['closed', 'closed']);

    const handled: unknown[] = [];
    (await client()).onUplink('shop', ({ n, data }) => handled.push([n, data]));
    const next = deviceOf(2, [url], { store });
    await next.send('shop', 'c');

    await expect
      .poll(() => handled)
      .toEqual([
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ]);
    expect(saved).toMatch(/"next":4,"items":\[\]/);
  });

  test('a service asks a device, and hears what it returns or why not', async () => {
    const { server, client } = worldOn(makeBuses());
    const servers = [await server(), await server()];
    const im = await client({ reconnectGraceMs: 500 });
    const ask = (data: unknown, timeoutMs = 5_000): Promise<unknown> =>
      im.request({ userId: 2, terminal: 1, data, timeoutMs });
    await expect(ask('anybody?')).rejects.toMatchObject({ code: 'NOT_ONLINE', effect: 'none' });

    const device = deviceOf(
      2,
      servers.map(({ url }) => url),
    );
    const isOnline = (): Promise<boolean> => im.isOnline(2, 1);
    await expect.poll(isOnline).toBe(true);
    await expect.poll(() => device.state.kind).toBe('online');
    await expect(ask('hello?')).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
    device.onRequest((data) => {
      if (data === 'never') return new Promise(() => undefined);
      if (data === 'bad') throw new Error('cannot');
      if (data === 'big') return { no: 1n };
      return { echo: data };
    });
    expect(await Promise.all(['ä', 1, null].map((data) => ask(data)))).toEqual([
      { echo: 'ä' },
      { echo: 1 },
      { echo: null },
    ]);
    await expect(ask('bad')).rejects.toThrow('cannot');
    await expect(ask('big')).rejects.toMatchObject({ code: 'DEVICE_FAILED' });
    await expect(ask('never', 50)).rejects.toMatchObject({ code: 'NO_REPLY', effect: 'unknown' });
    const lost = ask('never').catch((error: unknown) => error);
    await ask('the one before has arrived');
    await device.close();
    expect(await lost).toMatchObject({ code: 'DEVICE_LOST', effect: 'unknown' });
  });
});

test('a server without the feature takes nothing, and says so', async () => {
  const { server } = worldOn(() => Promise.resolve(createMemoryBus()));
  const { url } = await server({ uplinkTo: [] });
  const device = deviceOf(2, [url]);

  await expect(device.send('shop', 1)).rejects.toMatchObject({ code: 'UNSUPPORTED' });

  const raw = await connectDevice(url);
  await raw.login({ token: await makeToken({ userId: 3, terminal: 1, secret }), devId: 'raw' });
  raw.send('{"cmd":20,"data":{"to":"shop","box":"b","n":1}}'); // P-14.5
  expect(await raw.nextText()).toBe('{"cmd":21,"data":{"to":"shop","box":"b","n":1,"error":"NOT_ALLOWED"}}');
});
