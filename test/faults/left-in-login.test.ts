import { createImServer } from 'im-server';
import { connectDevice, makeToken, onCleanup, startRedis } from 'im-test/support';
import { test } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';
import { FaultProxy } from './kit/proxy.ts';
import { monitorRedis } from './kit/redis-monitor.ts';

const secret = 'only-for-the-fault-tests';
const route = 'im:user:server_id:2:0';

test('a device that leaves in the middle of its login leaves no route behind', async () => {
  const redis = await startRedis();
  const client = redis.client();
  const way = await FaultProxy.start(() => redis.port);
  onCleanup(() => way.stop());
  const server = createImServer({
    redis: `redis://127.0.0.1:${way.port}`,
    jwtSecret: secret,
    host: '127.0.0.1',
    port: 0,
    drainMs: 0,
    leaseMs: 10_000, // a delay is no death here
  });
  onCleanup(() => server.close());
  await server.start();
  const other = await connectDevice(server.url);
  await other.login({ token: await makeToken({ userId: 3, terminal: 0, secret }), devId: 1 });
  await other.close();
  await waitUntil(
    'Redis knows every script',
    async () => (await client.exists('im:user:server_id:3:0')) === 0,
  );
  // An old route of another server makes the binding two steps, with time between them.
  await client.set(route, '99');
  let tell = (): void => undefined;
  const hasAsked = new Promise<void>((resolve) => (tell = resolve));
  const stop = await monitorRedis(redis.port, (line) => {
    if (line.includes(`"${route}"`)) tell();
  });
  onCleanup(stop);
  way.trouble = { delayMs: 100 };
  const device = await connectDevice(server.url);
  device.send({
    cmd: 0,
    data: { accessToken: await makeToken({ userId: 2, terminal: 0, secret }), devId: 1 },
  });
  await hasAsked;

  device.terminate();

  await waitUntil('the route was written', async () => (await client.get(route)) === String(server.id));
  await waitUntil('the route is gone', async () => (await client.exists(route)) === 0);
  way.trouble = {};
});
