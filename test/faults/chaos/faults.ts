import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { waitUntil } from '../../support/wait-until.ts';
import { masterPorts, moveSlot, type BusKind } from '../kit/bus.ts';
import type { FleetDevice } from '../kit/fleet.ts';
import type { ProxiedConnection, Trouble } from '../kit/proxy.ts';
import type { ServerPlace, ServicePlace, World } from '../kit/world.ts';

/** One way to hurt a world. Resolves when the world is as it was, but for what it has to mend itself. */
export interface FaultKind {
  readonly name: string;
  /** Kinds of bus that it works on. @default all */
  readonly on?: readonly BusKind[];
  readonly weight: number;
  /** It works on Redis itself: one at a time. */
  readonly onRedis?: boolean;
  inject(world: World): Promise<void>;
}

const behindProxy = ['single', 'aof', 'everysec'] as const;

export const faultKinds: readonly FaultKind[] = [
  { name: 'kill server', weight: 4, inject: killServer },
  {
    name: 'stop and continue server',
    weight: 2,
    inject: (world) => freezeServer(world, world.random.between(500, 8_000)),
  },
  { name: 'drain server', weight: 2, inject: drainServer },
  { name: 'kill service', weight: 2, inject: killService },
  { name: 'drop devices', weight: 3, inject: dropDevices },
  { name: 'half-open devices', weight: 2, inject: halfOpenDevices },
  { name: 'slow devices', weight: 1, inject: slowDevices },
  {
    name: 'restart Redis',
    onRedis: true,
    weight: 2,
    on: ['aof'],
    inject: (world) => restartRedis(world, 'bus'),
  },
  {
    name: 'restart Redis and lose the last writes',
    onRedis: true,
    weight: 2,
    on: ['everysec'],
    inject: (world) => restartRedis(world, 'memory'),
  },
  {
    name: 'restart Redis without a memory',
    onRedis: true,
    weight: 1,
    on: ['single'],
    inject: (world) => restartRedis(world, 'memory'),
  },
  { name: 'flush Redis', onRedis: true, weight: 1, on: ['single'], inject: flush },
  { name: 'freeze Redis', onRedis: true, weight: 1, on: behindProxy, inject: freezeRedis },
  { name: 'reset ways to Redis', weight: 2, on: behindProxy, inject: resetWays },
  { name: 'cut a way to Redis in mid-message', weight: 2, on: behindProxy, inject: cutWay },
  { name: 'lose a reply of Redis', weight: 2, on: behindProxy, inject: loseReply },
  { name: 'partition a server from Redis', weight: 2, on: behindProxy, inject: partitionServer },
  { name: 'partition a service from Redis', weight: 1, on: behindProxy, inject: partitionService },
  { name: 'slow Redis', weight: 1, on: behindProxy, inject: (world) => slowRedis(world, 100, 2_000) },
  { name: 'fail over', onRedis: true, weight: 2, on: ['sentinel', 'cluster'], inject: failOver },
  { name: 'move a slot', onRedis: true, weight: 3, on: ['cluster'], inject: moveOwnSlot },
];

/** One of the places whose program runs. Faults that come together may have ended all of them: then the first that is back. */
async function running<Place extends ServerPlace | ServicePlace>(
  { random }: World,
  places: readonly Place[],
): Promise<Place> {
  const there = (): Place[] => places.filter(({ program }) => program?.isRunning);
  await waitUntil('a program is back', async () => there().length > 0, 30_000);
  return random.pick(there());
}

async function killServer(world: World): Promise<void> {
  const place = await running(world, world.servers);
  await world.killServer(place);
  await sleep(world.random.between(0, 3_000));
  await world.startServer(place);
}

async function freezeServer(world: World, ms: number): Promise<void> {
  const { program } = await running(world, world.servers);
  if (!program) return;
  await world.fault('SIGSTOP im-server', 'server', { target: program.name }, async () => {
    program.pause();
    await sleep(ms);
    program.resume();
  });
}

async function drainServer(world: World): Promise<void> {
  const place = await running(world, world.servers);
  const { program } = place;
  if (!program) return;
  place.program = undefined;
  await world.fault('SIGTERM im-server', 'server', { target: program.name }, async () => {
    const { code, signal } = await program.terminate();
    if (code !== 0) throw new Error(`${program.name} ended with ${code ?? signal ?? ''}:\n${program.output}`);
  });
  await world.startServer(place);
}

async function killService(world: World): Promise<void> {
  const place = await running(world, world.services);
  await world.killService(place);
  await sleep(world.random.between(0, 2_000));
  await world.startService(place);
}

async function dropDevices(world: World): Promise<void> {
  for (const device of world.random.some(world.fleet.devices, 20)) {
    await world.fault('drop', 'devices', { addresses: [device.address] }, () => {
      device.drop();
      return Promise.resolve();
    });
  }
}

/** Single connections get into trouble, until their server has cut them off. */
async function troubleDevices(
  world: World,
  name: string,
  count: number,
  trouble: Trouble,
  ms: number,
): Promise<void> {
  const devices = world.random.some(world.fleet.devices, count);
  const addresses = devices.map(({ address }) => address);
  const connections = devices.flatMap((device) => connectionOf(world, device) ?? []);
  await world.fault(name, 'devices', { addresses }, async () => {
    for (const connection of connections) connection.trouble = trouble;
    await sleep(ms);
    // A network that comes back tells those whose connection is gone.
    for (const connection of connections) connection.reset();
  });
}

function connectionOf(world: World, { ports }: FleetDevice): ProxiedConnection | undefined {
  const door = world.servers.find((place) => place.door.port === ports?.door)?.door;
  return [...(door?.connections ?? [])].find(({ clientPort }) => clientPort === ports?.local);
}

function halfOpenDevices(world: World): Promise<void> {
  const hole = world.random.pick(['up', 'down', 'both'] as const);
  return troubleDevices(world, `half-open (${hole})`, 5, { hole }, 6_500);
}

function slowDevices(world: World): Promise<void> {
  return troubleDevices(world, 'slow reader', 5, { bytesPerSecond: 200 }, 5_000);
}

/** A crash, and the same Redis again; `memory` when it may come back without something that it knew. */
export async function restartRedis(world: World, scope: 'bus' | 'memory'): Promise<void> {
  const { server } = world.bus;
  await world.fault(`Redis restart (${world.bus.kind})`, scope, {}, async () => {
    await server?.kill();
    await sleep(world.random.between(0, 1_500));
    await server?.start();
  });
}

export async function flush(world: World): Promise<void> {
  await world.fault('FLUSHALL', 'memory', {}, async () => {
    const client = world.bus.server?.client();
    await client?.flushall();
    client?.disconnect();
  });
}

async function freezeRedis(world: World): Promise<void> {
  await world.fault('Redis frozen', 'bus', {}, async () => {
    world.bus.server?.pause();
    await sleep(world.random.between(100, 4_000));
    world.bus.server?.resume();
  });
}

function allWays(world: World) {
  return [...world.servers, ...world.services].flatMap(({ way }) => way.proxy ?? []);
}

function connectionsToRedis(world: World): ProxiedConnection[] {
  return allWays(world).flatMap(({ connections }) => [...connections]);
}

async function resetWays(world: World): Promise<void> {
  await world.fault('ways to Redis reset', 'bus', {}, () => {
    for (const connection of connectionsToRedis(world)) if (world.random.chance(0.5)) connection.reset();
    return Promise.resolve();
  });
}

async function cutWay(world: World): Promise<void> {
  await world.fault('way to Redis cut in mid-message', 'bus', {}, async () => {
    for (const connection of world.random.some(connectionsToRedis(world), 4)) {
      connection.cutAfter(world.random.between(1, 2_000), world.random.pick(['up', 'down']));
    }
    await sleep(1_000);
  });
}

async function loseReply(world: World): Promise<void> {
  await world.fault('reply of Redis lost', 'bus', {}, async () => {
    for (const connection of world.random.some(connectionsToRedis(world), 4)) connection.dropNextReply();
    await sleep(1_000);
  });
}

async function partitionServer(world: World): Promise<void> {
  const place = await running(world, world.servers);
  const hole = world.random.pick(['up', 'down', 'both'] as const);
  await world.fault(`server partitioned (${hole})`, 'server', { target: place.program?.name }, async () => {
    if (place.way.proxy) place.way.proxy.trouble = { hole };
    await sleep(world.random.between(500, 7_000));
    place.way.proxy?.pass();
  });
}

/** Shorter than its lease or longer: then the others took it for dead. */
async function partitionService(world: World): Promise<void> {
  const place = await running(world, world.services);
  await world.fault('service partitioned', 'service', { target: place.program?.name }, async () => {
    if (place.way.proxy) place.way.proxy.trouble = { hole: 'both' };
    await sleep(world.random.between(500, 9_000));
    place.way.proxy?.pass();
  });
}

async function slowRedis(world: World, delayMs: number, ms: number): Promise<void> {
  await world.fault('slow Redis', 'bus', {}, async () => {
    for (const proxy of allWays(world)) proxy.trouble = { delayMs };
    await sleep(ms);
    for (const proxy of allWays(world)) proxy.pass();
  });
}

/** Replication is asynchronous: what the dead master had not passed on is forgotten. */
export async function failOver(world: World): Promise<void> {
  const { sentinel, cluster } = world.bus;
  if (sentinel) {
    await world.fault('Sentinel fail-over', 'memory', {}, async () => {
      const old = await sentinel.killMaster();
      await sentinel.masterAfter(old);
      world.phase('new master');
      await sentinel.servers.find(({ port }) => port === old)?.start();
      // Two masters, as the old one is until it is told, are no end of it, and neither of them may be the next to die.
      await sentinel.whenQuiet();
    });
  } else if (cluster) {
    await world.fault('Cluster fail-over', 'memory', {}, async () => {
      const chosen = world.random.pick(await masterPorts(cluster));
      const victim = cluster.nodes.find(({ port }) => port === chosen);
      if (!victim) throw new Error('No master of the cluster is one of its nodes');
      await victim.kill();
      await newMasters(cluster, victim.port);
      world.phase('new master');
      await victim.start();
      await replicasLinked(cluster.nodes.map(({ port }) => port));
    });
  }
}

async function newMasters(cluster: NonNullable<World['bus']['cluster']>, dead: number): Promise<void> {
  await waitUntil('the cluster has a new master', async () => {
    const live = { ...cluster, nodes: cluster.nodes.filter(({ port }) => port !== dead) };
    const ports = await masterPorts(live);
    return ports.length === 3 && !ports.includes(dead);
  });
}

/** A master without a linked replica must not be the next to die. */
async function replicasLinked(ports: readonly number[]): Promise<void> {
  const clients = ports.map((port) => new Redis({ host: '127.0.0.1', port }));
  for (const client of clients) client.on('error', () => undefined);
  try {
    await waitUntil('every replica is linked', async () => {
      const infos = await Promise.all(clients.map((client) => client.info('replication')));
      return infos.every((info) => info.includes('role:master') || info.includes('master_link_status:up'));
    });
  } finally {
    for (const client of clients) client.disconnect();
  }
}

async function moveOwnSlot(world: World): Promise<void> {
  const { cluster } = world.bus;
  const { program } = await running(world, world.servers);
  if (!cluster || !program) return;
  await world.fault('slot moved', 'bus', {}, async () => {
    await moveSlot(cluster, `im:message:private:${program.id}`);
  });
}
