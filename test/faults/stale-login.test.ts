import { setTimeout as sleep } from 'node:timers/promises';
import { createImClient } from 'im-client';
import { createRedisBus, type Bus } from 'im-common/bus';
import { serverGroup } from 'im-common/internal/bus';
import { createImServer, type ImServer } from 'im-server';
import {
  connectDevice,
  makeToken,
  onCleanup,
  testRedis,
  type RawDevice,
  type TestRedis,
} from 'im-test/support';
import { expect, test } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';
import { ImServerProgram, secret } from './kit/im-server.ts';
import { FaultProxy } from './kit/proxy.ts';

// What a login does on a server that is cut off or was stopped must not reach over to where the device is by then.

const address = { id: '7', terminal: 0 };

async function wayTo({ url }: Pick<TestRedis, 'url'>): Promise<{ url: string; proxy: FaultProxy }> {
  const proxy = await FaultProxy.start(() => Number(new URL(url).port));
  onCleanup(() => proxy.stop());
  return { url: `redis://127.0.0.1:${proxy.port}`, proxy };
}

async function startBus(url: string, keyPrefix: string): Promise<Bus> {
  const bus = createRedisBus({ url, keyPrefix });
  onCleanup(() => bus.close());
  await bus.start();
  return bus;
}

async function startServer(url: string, keyPrefix: string): Promise<ImServer> {
  const server = createImServer({
    redis: { url, keyPrefix, commandTimeoutMs: 1_000 },
    host: '127.0.0.1',
    port: 0,
    jwtSecret: secret,
  });
  onCleanup(() => server.close());
  await server.start();
  return server;
}

function tokenOf(userId: number): Promise<string> {
  return makeToken({ userId, terminal: 0, secret });
}

async function logIn(url: string): Promise<RawDevice> {
  const device = await connectDevice(url);
  await device.login({ token: await tokenOf(7), devId: `at ${url}` });
  return device;
}

test('a route that was given up is not written when the network is back', async () => {
  const redis = testRedis();
  const way = await wayTo(redis);
  const [cutOff, well] = [await startBus(way.url, redis.prefix), await startBus(redis.url, redis.prefix)];
  await well.presence.bind(address, 3);

  way.proxy.trouble = { hole: 'up' };
  await expect(cutOff.presence.bind(address, 4)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  await well.presence.bind(address, 5);
  way.proxy.pass();
  await waitUntil('what was held has arrived', async () => (await cutOff.ping()) > 0);

  expect(await well.presence.locate([address])).toEqual([5]);
});

test('a device that gave up on a cut-off server stays online where it went', async () => {
  const redis = testRedis();
  const way = await wayTo(redis);
  const [cutOff, well] = [
    await startServer(way.url, redis.prefix),
    await startServer(redis.url, redis.prefix),
  ];
  const client = createImClient({ service: 'shop', redis: { url: redis.url, keyPrefix: redis.prefix } });
  onCleanup(() => client.close());

  way.proxy.trouble = { hole: 'up' };
  const impatient = await connectDevice(cutOff.url);
  impatient.send({ cmd: 0, data: { accessToken: await tokenOf(7), devId: 'a' } });
  expect((await impatient.closed).code).toBe(1013);
  const device = await logIn(well.url);
  way.proxy.pass();
  await waitUntil('the cut-off server is back', () => Promise.resolve(cutOff.health().ready));

  const receipt = await client.sendPrivateMessage({
    sender: { id: 1, terminal: 0 },
    recvId: 7,
    data: 'hello',
  });
  expect(await receipt.results()).toContainEqual({ ...address, code: 0, stage: 'proved' });
  expect((await device.next()).data).toBe('hello');
});

test('an order to log out from a login that is over leaves the device and its route alone', async () => {
  const redis = testRedis();
  const way = await wayTo(redis);
  const [slow, well] = [await startServer(way.url, redis.prefix), await startServer(redis.url, redis.prefix)];
  const bus = await startBus(redis.url, redis.prefix);

  const device = await logIn(well.url);
  way.proxy.trouble = { delayMs: 150 };
  const impatient = await connectDevice(slow.url);
  impatient.send({ cmd: 0, data: { accessToken: await tokenOf(7), devId: 'a' } });
  await waitUntil('the slow server has written its route', async () => {
    return (await bus.presence.locate([address]))[0] === slow.id;
  });
  impatient.terminate();

  await waitUntil('the route is that of the device again', async () => {
    return (await bus.presence.locate([address]))[0] === well.id;
  });
  device.send({ cmd: 1, data: null });
  expect(await device.next()).toEqual({ cmd: 1, data: null });
});

test('a server that was stopped does not take devices back that have gone elsewhere', async () => {
  const redis = testRedis();
  const flags = ['--key-prefix', redis.prefix, '--login-timeout-ms', '30000'];
  const way = await wayTo(redis);
  way.proxy.trouble = { delayMs: 200 }; // what the others did takes its time to be known
  const [stopped, well] = [
    await ImServerProgram.start({ redisUrl: way.url, flags }),
    await ImServerProgram.start({ redisUrl: redis.url, flags }),
  ];
  onCleanup(() => stopped.kill());
  onCleanup(() => well.kill());
  const bus = await startBus(redis.url, redis.prefix);

  const early = await connectDevice(stopped.url);
  stopped.pause();
  early.send({ cmd: 0, data: { accessToken: await tokenOf(7), devId: 'early' } });
  const device = await logIn(well.url);
  await sleep(6_000); // the lease, and the two looks after which the other one declares it dead
  stopped.resume();
  expect([1012, 1013]).toContain((await early.closed).code);
  // Whatever the login has set going is through when the server is back and a while has passed.
  await waitUntil('the stopped server has a new life', async () => {
    return (await bus.registry.view(serverGroup)).live.length === 2;
  });
  expect(await Promise.race([device.closed, sleep(1_500, 'still connected')])).toBe('still connected');

  device.send({ cmd: 1, data: null });
  expect(await device.next()).toEqual({ cmd: 1, data: null });
  expect(await bus.presence.locate([address])).toEqual([well.id]);
});
