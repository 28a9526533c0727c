import { randomBytes } from 'node:crypto';
import { startCluster, untilReplicated, type RedisCluster, type RedisServer } from 'im-test/support';
import { beforeAll, expect, it } from 'vitest';
import type { Bus } from '../src/bus/bus.ts';
import { createRedisBus } from '../src/bus/redis/redis-bus.ts';
import { busConformance } from './bus-conformance.ts';
import { freshList } from './bus-conformance/subject.ts';
import { startWork } from './bus-work.ts';

let started: Promise<RedisCluster>;

beforeAll(async () => {
  started = startCluster({ replicasPerMaster: 1, nodeTimeoutMs: 1_000 });
  await started;
});

async function connect(keyPrefix: string): Promise<Bus> {
  const { url } = await started;
  const bus = createRedisBus({ url, keyPrefix });
  await bus.start();
  return bus;
}

busConformance('the bus on a Redis Cluster', async () => {
  const keyPrefix = freshPrefix();
  return { bus: await connect(keyPrefix), another: () => connect(keyPrefix) };
});

it('goes on with work when a master of the cluster is killed', async () => {
  const keyPrefix = freshPrefix();
  const list = freshList();
  const work = startWork(list, { producing: await connect(keyPrefix), consuming: await connect(keyPrefix) });
  await work.untilAcknowledged(300);

  const master = await ownerOf(keyPrefix + list);
  work.mark('safe');
  await untilReplicated(master.client(), 1, keyPrefix + list);
  await master.kill();
  work.mark('over');

  await work.untilAcknowledged(50);
  expect(work.failures.length).toBeGreaterThan(0);
  await work.finish();
});

/** The node that answers for the key; the others only say where it has moved. */
async function ownerOf(key: string): Promise<RedisServer> {
  const { nodes } = await started;
  return Promise.any(
    nodes.map(async (node) => {
      await node.client().exists(key);
      return node;
    }),
  );
}

function freshPrefix(): string {
  return `test-${randomBytes(4).toString('hex')}:`;
}
