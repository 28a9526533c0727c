import { randomBytes } from 'node:crypto';
import { startCluster, type RedisCluster } from 'im-test/support';
import { beforeAll } from 'vitest';
import type { Bus } from '../src/bus/bus.ts';
import { createRedisBus } from '../src/bus/redis/redis-bus.ts';
import { busConformance } from './bus-conformance.ts';

let cluster: Promise<RedisCluster>;

beforeAll(async () => {
  cluster = startCluster();
  await cluster;
}, 30_000);

busConformance('the bus on a Redis Cluster', async () => {
  const { url } = await cluster;
  const keyPrefix = `test-${randomBytes(4).toString('hex')}:`;
  const another = async (): Promise<Bus> => {
    const bus = createRedisBus({ url, keyPrefix });
    await bus.start();
    return bus;
  };
  return { bus: await another(), another };
});
