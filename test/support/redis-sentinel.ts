import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { startRedisProcess, type RedisServer } from './redis-process.ts';
import { startRedis } from './redis-server.ts';
import { untilReplicated } from './replicated.ts';
import { waitUntil } from './wait-until.ts';

export interface RedisSentinelOptions {
  /** Two of them must agree that the master is down. @default 3 */
  readonly sentinels?: number;
  /** @default 2 */
  readonly replicas?: number;
  /** How long a server is silent before a sentinel calls it down. Lower fails over sooner, and by mistake. @default 500 */
  readonly downAfterMs?: number;
}

export interface RedisSentinel {
  readonly url: string;
  /** Master and replicas; the first was the master at the start. */
  readonly servers: readonly RedisServer[];
  readonly sentinels: readonly RedisServer[];
  /** The port of the master that the sentinels announce. */
  masterPort(): Promise<number>;
  /**
   * Orders a switch to a replica; resolves with the new master's port once it is announced and accepts writes.
   * The old master goes on accepting writes, which get lost, until the sentinels turn it into a replica and cut its
   * clients off: about 1 s later here, about 10 s on Redis 6.2 and in production.
   */
  failover(): Promise<number>;
  /** SIGKILL for the master; resolves with its port when it is dead. `masterAfter` waits for the next. */
  killMaster(): Promise<number>;
  /** Resolves with the port of a master other than this one, once every sentinel announces it and it accepts writes. */
  masterAfter(port: number): Promise<number>;
  /** Resolves when there is one master, which every sentinel announces, and all others are its linked replicas. */
  whenQuiet(): Promise<void>;
  /** Resolves when all replicas have what the master has now. */
  whenReplicated(): Promise<void>;
  /** Calls back when a sentinel announces another master, ordered or not: each of them tells of each switch. */
  onSwitch(listener: () => void): Promise<void>;
  stop(): Promise<void>;
}

const masterName = 'mymaster';
const quorum = 2;

/** A master, its replicas and the sentinels that watch them, all knowing each other. */
export async function startSentinel(options: RedisSentinelOptions = {}): Promise<RedisSentinel> {
  const { sentinels: sentinelCount = 3, replicas: replicaCount = 2, downAfterMs = 500 } = options;
  const master = await startRedis();
  const replicas = await startReplicas(replicaCount, master);
  const sentinels = await Promise.all(
    Array.from({ length: sentinelCount }, () => startOneSentinel(master, downAfterMs)),
  );
  const servers = [master, ...replicas];
  const sentinelClients = sentinels.map((sentinel) => sentinel.client());
  await Promise.all(sentinelClients.map((client) => hurry(client)));
  await Promise.all(sentinelClients.map((client) => untilAcquainted(client, sentinelCount, replicaCount)));

  const listeners: Redis[] = [];
  const masterAfter = (port: number): Promise<number> => untilMasterAfter(port, sentinelClients, servers);
  const masterPort = async (): Promise<number> => {
    const [first] = sentinelClients;
    if (first === undefined) throw new Error('No sentinel was started');
    return announcedPort(first);
  };

  return {
    url: `redis+sentinel://${sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')}/${masterName}`,
    servers,
    sentinels,
    masterPort,
    masterAfter,
    async failover() {
      const old = await masterPort();
      await waitUntil('a sentinel accepts the order to fail over', async () => {
        return (await sentinelClients[0]?.call('SENTINEL', 'FAILOVER', masterName)) === 'OK';
      });
      return masterAfter(old);
    },
    async killMaster() {
      const port = await masterPort();
      await serverOn(port, servers).kill();
      return port;
    },
    async whenQuiet() {
      await waitUntil('one master is left, and all sentinels see its replicas', () =>
        isQuiet(sentinelClients, servers),
      );
    },
    async whenReplicated() {
      const client = serverOn(await masterPort(), servers).client();
      await untilReplicated(client, servers.length - 1).finally(() => client.disconnect());
    },
    async onSwitch(listener) {
      for (const sentinel of sentinels) {
        const client = sentinel.client();
        listeners.push(client);
        client.on('message', listener);
        await client.subscribe('+switch-master');
      }
    },
    async stop() {
      for (const client of listeners) client.disconnect();
      await Promise.all([...sentinels, ...servers].map((server) => server.stop()));
    },
  };
}

async function startReplicas(count: number, master: RedisServer): Promise<RedisServer[]> {
  const args = ['--replicaof', '127.0.0.1', String(master.port)];
  const replicas = await Promise.all(Array.from({ length: count }, () => startRedis({ args })));
  const client = master.client();
  // Sentinels learn the replicas from the master's INFO, so these must be in it before the sentinels look.
  await waitUntil('the replicas are linked', async () => {
    const online = (await client.info('replication')).match(/^slave\d+:.*state=online/gm) ?? [];
    return online.length === count;
  });
  client.disconnect();
  return replicas;
}

function startOneSentinel(master: RedisServer, downAfterMs: number): Promise<RedisServer> {
  return startRedisProcess({
    async commandLine(port, dir) {
      const file = join(dir, 'sentinel.conf'); // sentinels write what they learn into their config file
      const lines = [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${dir}`,
        `sentinel monitor ${masterName} 127.0.0.1 ${master.port} ${quorum}`,
        `sentinel down-after-milliseconds ${masterName} ${downAfterMs}`,
        `sentinel failover-timeout ${masterName} 3000`,
        `sentinel parallel-syncs ${masterName} 8`,
      ];
      await writeFile(file, `${lines.join('\n')}\n`);
      return [file, '--sentinel'];
    },
  });
}

// Sentinels talk every 2 s, look at replicas every 10 s, and derive from it how long they let an old master be.
// Redis 7 lets tests speed that up; on 6.2 the same happens, later.
async function hurry(sentinel: Redis): Promise<void> {
  const periods = ['info-period', '500', 'publish-period', '250'];
  await sentinel.call('SENTINEL', 'DEBUG', ...periods).catch(() => undefined);
}

async function untilAcquainted(sentinel: Redis, sentinels: number, replicas: number): Promise<void> {
  await waitUntil('the sentinels know each other and the replicas', async () => {
    const others = await records(sentinel, 'SENTINELS');
    const known = await records(sentinel, 'REPLICAS');
    return (
      others.filter((other) => other.get('flags') === 'sentinel').length === sentinels - 1 &&
      known.filter((replica) => isLinked(replica)).length === replicas
    );
  });
}

function isLinked(replica: ReadonlyMap<string, string>): boolean {
  return replica.get('flags') === 'slave' && replica.get('master-link-status') === 'ok';
}

async function records(sentinel: Redis, what: 'SENTINELS' | 'REPLICAS'): Promise<Map<string, string>[]> {
  const lists = (await sentinel.call('SENTINEL', what, masterName)) as string[][]; // name, value, name, value, …
  return lists.map((list) => {
    const pairs = list.flatMap((name, index) => (index % 2 === 0 ? [[name, list[index + 1] ?? '']] : []));
    return new Map(pairs as [string, string][]);
  });
}

async function isQuiet(sentinels: readonly Redis[], servers: readonly RedisServer[]): Promise<boolean> {
  const announced = new Set(await Promise.all(sentinels.map((sentinel) => announcedPort(sentinel))));
  const roles = await Promise.all(servers.map((server) => roleOf(server)));
  const masters = servers.filter((_, index) => roles[index] === 'master');
  if (announced.size !== 1 || masters.length !== 1 || !announced.has(masters[0]?.port ?? 0)) return false;
  const seen = await Promise.all(sentinels.map((sentinel) => records(sentinel, 'REPLICAS')));
  return seen.every((replicas) => replicas.filter(isLinked).length === servers.length - 1);
}

async function roleOf(server: RedisServer): Promise<string | undefined> {
  const client = server.client();
  try {
    return /role:(\w+)/.exec(await client.info('replication'))?.[1];
  } finally {
    client.disconnect();
  }
}

async function announcedPort(sentinel: Redis): Promise<number> {
  const address = await sentinel.call('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName);
  if (!Array.isArray(address)) throw new Error(`No sentinel announces ${masterName}`);
  return Number(address[1]);
}

function serverOn(port: number, servers: readonly RedisServer[]): RedisServer {
  const server = servers.find((candidate) => candidate.port === port);
  if (server === undefined) throw new Error(`The sentinels announce port ${port}, which is none of ours`);
  return server;
}

async function untilMasterAfter(
  oldPort: number,
  sentinels: readonly Redis[],
  servers: readonly RedisServer[],
): Promise<number> {
  const newPort = await waitUntil(`the sentinels announce a master other than ${oldPort}`, async () => {
    const ports = new Set(await Promise.all(sentinels.map((sentinel) => announcedPort(sentinel))));
    const [port] = ports;
    return ports.size === 1 && port !== oldPort && port;
  });
  const client = serverOn(newPort, servers).client();
  await waitUntil('the new master accepts writes', async () => (await client.del('no-such-key')) === 0);
  client.disconnect();
  return newPort;
}
