import { Redis } from 'ioredis';
import { startCluster, startRedis, startSentinel } from '../../support/index.ts';
import type { RedisCluster } from '../../support/redis-cluster.ts';
import type { RedisSentinel } from '../../support/redis-sentinel.ts';
import type { RedisServer } from '../../support/redis-process.ts';
import { FaultProxy } from './proxy.ts';
import type { Scope } from './scope.ts';

export const busKinds = ['single', 'aof', 'everysec', 'sentinel', 'cluster'] as const;

/**
 * `single` loses everything when it dies, `aof` (fsync at every write) nothing, `everysec` what it had not written yet;
 * `sentinel` and `cluster` lose what was not replicated yet.
 */
export type BusKind = (typeof busKinds)[number];

/** The Redis of a run, whatever its kind. */
export interface TestBus {
  readonly kind: BusKind;
  readonly url: string;
  /** Only where there is just one. */
  readonly server: RedisServer | undefined;
  readonly sentinel: RedisSentinel | undefined;
  readonly cluster: RedisCluster | undefined;
  /** An address for one process, with a proxy in between where the kind allows it. */
  way(): Promise<Way>;
  keys(): Promise<string[]>;
  /** Those of them that have no time to live. */
  keysWithoutEnd(): Promise<string[]>;
}

/** One process's way to the bus. Sentinels and clusters tell their clients addresses, which lead past any proxy. */
export interface Way {
  readonly url: string;
  readonly proxy: FaultProxy | undefined;
}

export async function startBus(kind: BusKind, scope: Scope): Promise<TestBus> {
  switch (kind) {
    case 'single':
    case 'aof':
    case 'everysec':
      return oneServer(kind, scope);
    case 'sentinel': {
      const sentinel = await startSentinel();
      scope.onEnd(() => sentinel.stop());
      const { url } = sentinel;
      const way = (): Promise<Way> => Promise.resolve({ url, proxy: undefined });
      const looks = keysAt(async () => [await sentinel.masterPort()]);
      return { kind, url, server: undefined, sentinel, cluster: undefined, way, ...looks };
    }
    case 'cluster': {
      const cluster = await startCluster({ replicasPerMaster: 1 });
      scope.onEnd(() => cluster.stop());
      const { url } = cluster;
      const way = (): Promise<Way> => Promise.resolve({ url, proxy: undefined });
      const looks = keysAt(() => masterPorts(cluster));
      return { kind, url, server: undefined, sentinel: undefined, cluster, way, ...looks };
    }
  }
}

async function oneServer(kind: BusKind, scope: Scope): Promise<TestBus> {
  const args = kind === 'everysec' ? ['--appendfsync', 'everysec'] : [];
  const server = await startRedis({ appendonly: kind !== 'single', args });
  scope.onEnd(() => server.stop());
  return {
    kind,
    url: server.url,
    server,
    sentinel: undefined,
    cluster: undefined,
    async way() {
      const proxy = await FaultProxy.start(() => server.port);
      scope.onEnd(() => proxy.stop());
      return { url: `redis://127.0.0.1:${proxy.port}`, proxy };
    },
    ...keysAt(() => Promise.resolve([server.port])),
  };
}

function keysAt(ports: () => Promise<readonly number[]>): Pick<TestBus, 'keys' | 'keysWithoutEnd'> {
  return {
    keys: async () => keysOf(await ports(), () => Promise.resolve(true)),
    keysWithoutEnd: async () => keysOf(await ports(), async (client, key) => (await client.ttl(key)) === -1),
  };
}

async function keysOf(
  ports: readonly number[],
  isWanted: (client: Redis, key: string) => Promise<boolean>,
): Promise<string[]> {
  const keys: string[] = [];
  for (const port of ports) {
    const client = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: 2 });
    client.on('error', () => undefined);
    try {
      for (const key of await client.keys('*')) if (await isWanted(client, key)) keys.push(key);
    } finally {
      client.disconnect();
    }
  }
  return keys.sort();
}

/** The nodes that hold slots now. */
export async function masterPorts({ nodes }: RedisCluster): Promise<number[]> {
  for (const node of nodes) {
    const client = new Redis({
      host: '127.0.0.1',
      port: node.port,
      lazyConnect: true,
      retryStrategy: () => null,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const text = String(await client.cluster('NODES'));
      const ports = [...text.matchAll(/^\S+ 127\.0\.0\.1:(\d+)\S* (?:myself,)?master - .* connected \d/gm)];
      if (ports.length > 0) return ports.map(([, port]) => Number(port));
    } catch {
      // that one is down; the next may know
    } finally {
      client.disconnect();
    }
  }
  throw new Error('No node of the cluster answers');
}

/**
 * Moves the slot of a key to another master and all its keys with it, as an operator does: importing, migrating, key by key,
 * then the new owner is announced. Resolves with how many keys went.
 */
export async function moveSlot(cluster: RedisCluster, key: string): Promise<number> {
  const ports = await masterPorts(cluster);
  const clients = new Map(ports.map((port) => [port, new Redis({ host: '127.0.0.1', port })]));
  try {
    const ids = new Map<number, string>();
    const slot = Number(await [...clients.values()][0]?.cluster('KEYSLOT', key));
    let owner = 0;
    for (const [port, client] of clients) {
      ids.set(port, await client.cluster('MYID'));
      const slots = (await client.cluster('SLOTS')) as unknown as [number, number, [string, number]][];
      owner = slots.find(([from, to]) => from <= slot && slot <= to)?.[2][1] ?? owner;
    }
    const target = ports.find((port) => port !== owner) ?? owner;
    const [from, to] = [clients.get(owner), clients.get(target)];
    if (!from || !to) throw new Error(`Slot ${slot} has no master`);
    await to.cluster('SETSLOT', slot, 'IMPORTING', ids.get(owner) ?? '');
    await from.cluster('SETSLOT', slot, 'MIGRATING', ids.get(target) ?? '');
    let moved = 0;
    for (;;) {
      const keys = await from.cluster('GETKEYSINSLOT', slot, 100);
      if (keys.length === 0) break;
      await from.call('MIGRATE', '127.0.0.1', target, '', 0, 5_000, 'KEYS', ...keys);
      moved += keys.length;
    }
    // The target first, or for a moment nobody would have it.
    await to.cluster('SETSLOT', slot, 'NODE', ids.get(target) ?? '');
    await from.cluster('SETSLOT', slot, 'NODE', ids.get(target) ?? '');
    for (const [port, client] of clients) {
      if (port !== owner && port !== target)
        await client.cluster('SETSLOT', slot, 'NODE', ids.get(target) ?? '');
    }
    return moved;
  } finally {
    for (const client of clients.values()) client.disconnect();
  }
}
