import type { Redis } from 'ioredis';
import type { RedisServer } from './redis-process.ts';
import { startRedis } from './redis-server.ts';
import { waitUntil } from './wait-until.ts';

export interface RedisClusterOptions {
  /** @default 3 */
  readonly masters?: number;
  /** @default 0 */
  readonly replicasPerMaster?: 0 | 1;
  /** How long a node is silent before the others call it failed. Lower fails over sooner, and by mistake. @default 2_000 */
  readonly nodeTimeoutMs?: number;
}

export interface RedisCluster {
  readonly url: string;
  /** Masters first, then replicas, as they were at the start: node `masters + i` is the replica of node `i`. */
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

const slotCount = 16_384;

/** A Redis cluster in which every node agrees that all is well. Takes about 2 s: so long new masters refuse to serve. */
export async function startCluster(options: RedisClusterOptions = {}): Promise<RedisCluster> {
  const { masters = 3, replicasPerMaster = 0, nodeTimeoutMs = 2_000 } = options;
  const nodes = await startNodes(masters * (1 + replicasPerMaster), nodeTimeoutMs);
  const clients = nodes.map((node) => node.client());
  const masterClients = clients.slice(0, masters);
  const replicaClients = clients.slice(masters);

  await nameEpochs(clients);
  await shareOutSlots(masterClients);
  await introduce(nodes, clients);
  await attachReplicas(replicaClients, masterClients);
  await Promise.all(clients.map((client) => untilContent(client, masters, replicaClients.length)));
  for (const client of clients) client.disconnect();

  return {
    url: `redis+cluster://${nodes.map((node) => `127.0.0.1:${node.port}`).join(',')}`,
    nodes,
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
    },
  };
}

function startNodes(count: number, nodeTimeoutMs: number): Promise<RedisServer[]> {
  const args = [
    ...['--cluster-enabled', 'yes', '--cluster-config-file', 'nodes.conf'],
    ...['--cluster-node-timeout', String(nodeTimeoutMs), '--cluster-announce-ip', '127.0.0.1'],
  ];
  return Promise.all(Array.from({ length: count }, () => startRedis({ args })));
}

// Left to themselves, nodes that meet with equal epochs settle it one by one in the first seconds.
async function nameEpochs(clients: readonly Redis[]): Promise<void> {
  await Promise.all(clients.map((client, index) => client.cluster('SET-CONFIG-EPOCH', index + 1)));
}

async function shareOutSlots(masters: readonly Redis[]): Promise<void> {
  const firstSlot = (index: number): number => Math.round((index * slotCount) / masters.length);
  await Promise.all(
    masters.map((master, index) => {
      const length = firstSlot(index + 1) - firstSlot(index);
      return master.cluster('ADDSLOTS', ...Array.from({ length }, (_, offset) => firstSlot(index) + offset));
    }),
  );
}

// Everybody meets everybody, so that nobody waits for the gossip, which goes round once a second.
async function introduce(nodes: readonly RedisServer[], clients: readonly Redis[]): Promise<void> {
  await Promise.all(
    clients.flatMap((client, index) =>
      nodes.slice(index + 1).map((other) => client.cluster('MEET', '127.0.0.1', other.port)),
    ),
  );
}

async function attachReplicas(replicas: readonly Redis[], masters: readonly Redis[]): Promise<void> {
  await Promise.all(
    replicas.map(async (replica, index) => {
      const masterId = await masters[index % masters.length]?.cluster('MYID');
      await waitUntil('a replica knows its master', async () => {
        return replica.cluster('REPLICATE', String(masterId)); // rejects until then
      });
    }),
  );
}

async function untilContent(client: Redis, masters: number, replicas: number): Promise<void> {
  await waitUntil('every cluster node is content', async () => {
    const info = await client.cluster('INFO');
    const nodes = String(await client.cluster('NODES'));
    const replication = await client.info('replication');
    return (
      info.includes('cluster_state:ok') &&
      info.includes(`cluster_slots_ok:${slotCount}`) &&
      info.includes(`cluster_known_nodes:${masters + replicas}`) &&
      countOf(/ (myself,)?slave /g, nodes) === replicas &&
      !/handshake|fail/.test(nodes) &&
      (replication.includes('role:master') || replication.includes('master_link_status:up'))
    );
  });
}

function countOf(pattern: RegExp, text: string): number {
  return [...text.matchAll(pattern)].length;
}
