import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '../../support/wait-until.ts';
import { failOver } from '../chaos/faults.ts';
import type { HistoryIndex } from '../history/index-of.ts';
import { moveSlot, type BusKind } from '../kit/bus.ts';
import { resumption } from './redis-restarts.ts';
import { underLoad, type Figure, type Row } from './row.ts';

function failOverOf(bus: BusKind, name: string): Row {
  return {
    name,
    numbers: [6],
    holds: 'a fail-over leaves nothing silent, and sends that it refuses say so with a typed error',
    inTest: 1,
    inFull: 10,
    loadInTest: { rate: 30, devices: 30 },
    run({ times, seed, rate = 100, devices = 100 }) {
      return underLoad(
        { seed, bus, rate, devices },
        async (world) => {
          for (let i = 0; i < times; i++) {
            await sleep(world.random.between(2_000, 4_000));
            await failOver(world);
          }
          await sleep(3_000);
        },
        (history) => ({ ...longestGap(history), ...foundAgain(history), ...untyped(history) }),
      );
    },
  };
}

/** Row 6. */
export const sentinelFailOver: Row = failOverOf('sentinel', 'sentinel-fail-over');
export const clusterFailOver: Row = failOverOf('cluster', 'cluster-fail-over');

/** Row 7. */
export const slotMove: Row = {
  name: 'slot-move',
  numbers: [7],
  holds: 'the slot of a list that moves to another master and back costs no error and no order',
  inTest: 4,
  inFull: 100,
  loadInTest: { rate: 30, devices: 30 },
  run({ times, seed, rate = 100, devices = 100 }) {
    return underLoad(
      { seed, bus: 'cluster', rate, devices },
      async (world) => {
        for (let i = 0; i < times; i++) {
          await sleep(world.random.between(100, 800));
          const id = world.servers[i % world.servers.length]?.program?.id;
          const { cluster } = world.bus;
          if (!cluster || id === undefined) continue;
          const key = world.random.pick([
            `im:message:private:${id}`,
            `im:message:group:${id}`,
            'im:max_server_id',
          ]);
          await world.fault('slot moved', 'bus', {}, async () => {
            await moveSlot(cluster, key);
          });
        }
        await sleep(1_000);
      },
      ({ messages }) => {
        const refused = [...messages.values()].filter(({ failed }) => failed).length;
        return { 'refused sends': { value: refused, unit: '', atMost: 0 } };
      },
    );
  },
};

/** Row 8. One server loses its way to Redis, and with it its lease; its devices stay until it is back. */
export const partition: Row = {
  name: 'partition',
  numbers: [8],
  holds:
    'a server that cannot reach Redis is offline to everybody, and its devices are back in service 10 s after the network',
  inTest: 2,
  inFull: 12,
  loadInTest: { rate: 30, devices: 50 },
  run({ times, seed, rate = 150, devices = 200 }) {
    return underLoad(
      { seed, rate, devices },
      async (world) => {
        const isLong = times > 4;
        for (let i = 0; i < times; i++) {
          await sleep(1_000);
          const place = world.servers[i % world.servers.length];
          const hole = (['both', 'up', 'down'] as const)[i % 3] ?? 'both';
          await world.fault(`partition (${hole})`, 'server', { target: place?.program?.name }, async () => {
            if (place?.way.proxy) place.way.proxy.trouble = { hole };
            await sleep(isLong && i === times - 1 ? 60_000 : 6_000);
            place?.way.proxy?.pass();
          });
          // It sends its devices away only now. While they are on their way, the next fault would be part of this story.
          await waitUntil('the server is back', async () => (await place?.program?.readiness())?.ready);
          await world.fleet.allOnline(10_000);
        }
        await sleep(3_000);
      },
      (history) => servedAgain(history, 10_000),
    );
  },
};

/** How long after the end of each fault the first success of a device of the hurt server came. */
function servedAgain({ faults, sessions, messages }: HistoryIndex, atMost: number): Record<string, Figure> {
  const successes = [...messages.values()].flatMap(({ results }) =>
    [...results].flatMap(([address, [first]]) => (first?.code === 0 ? [{ address, at: first.at }] : [])),
  );
  let slowest = 0;
  for (const { target, from, to } of faults) {
    const hurt = [...sessions].filter(([, own]) =>
      own.some((session) => session.server === target && session.from < from && session.to > from),
    );
    const addresses = new Set(hurt.map(([address]) => address));
    const next = successes.reduce(
      (first, { address, at }) => (at > to && at < first && addresses.has(address) ? at : first),
      Infinity,
    );
    slowest = Math.max(slowest, next - to);
  }
  return { 'a device of the hurt server has a message again': { value: slowest, unit: 'ms', atMost } };
}

function acceptedAt({ messages }: HistoryIndex): number[] {
  return [...messages.values()].flatMap(({ sent }) => (sent ? [sent.at] : [])).sort((a, b) => a - b);
}

/** The longest time in which no send was accepted. How long a fail-over takes is for those to say who carry it out. */
function longestGap(history: HistoryIndex): Record<string, Figure> {
  const times = acceptedAt(history);
  let longest = 0;
  for (const [index, at] of times.entries()) longest = Math.max(longest, at - (times[index - 1] ?? at));
  return { 'longest time without an accepted send': { value: longest, unit: 'ms' } };
}

/** How long after a new master was there the first send was accepted. */
function foundAgain(history: HistoryIndex): Record<string, Figure> {
  const times = acceptedAt(history);
  let slowest = 0;
  for (const from of history.newMastersAt) {
    slowest = Math.max(slowest, (times.find((at) => at >= from) ?? Infinity) - from);
  }
  return {
    'a send is accepted again after the new master is there': { value: slowest, unit: 'ms', atMost: 2_000 },
  };
}

function untyped({ messages }: HistoryIndex): Record<string, Figure> {
  const strange = [...messages.values()].filter(({ failed }) => failed && !/^BUS_/.test(failed.code)).length;
  return { 'sends refused without a typed error': { value: strange, unit: '', atMost: 0 } };
}

/** Row 26. */
export const slowRedis: Row = {
  name: 'slow-redis',
  numbers: [26],
  holds:
    'a Redis that takes 500 ms for everything slows the system down, which its health says, and neither breaks nor bloats it',
  inTest: 1,
  inFull: 5,
  loadInTest: { rate: 30, devices: 50 },
  run({ times, seed, rate = 150, devices = 200 }) {
    return underLoad(
      { seed, rate, devices, bus: 'aof' },
      async (world) => {
        const ways = [...world.servers, ...world.services].flatMap(({ way }) => way.proxy ?? []);
        const programs = world.servers.flatMap(({ program }) => program ?? []);
        const allAre = async (wanted: 'degraded' | 'well'): Promise<boolean> => {
          const answers = await Promise.all(programs.map((program) => program.readiness()));
          return answers.every(({ ready, degraded }) => ready && degraded === (wanted === 'degraded'));
        };
        for (let i = 0; i < times; i++) {
          await sleep(2_000);
          await world.fault('slow Redis', 'bus', {}, async () => {
            for (const proxy of ways) proxy.trouble = { delayMs: 250 }; // each way
            const over = sleep(times > 1 ? 30_000 : 8_000);
            await waitUntil('the servers say that they are degraded', () => allAre('degraded'));
            await over;
            for (const proxy of ways) proxy.pass();
          });
          await waitUntil('the servers say that they are well', () => allAre('well'));
        }
      },
      (history) => resumption(history, 1_500),
    );
  },
};
