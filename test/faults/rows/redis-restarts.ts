import { setTimeout as sleep } from 'node:timers/promises';
import { flush, restartRedis } from '../chaos/faults.ts';
import type { HistoryIndex } from '../history/index-of.ts';
import type { Figure, Row } from './row.ts';
import { underLoad } from './row.ts';

/** Row 4. */
export const restartWithAof: Row = {
  name: 'restart-with-aof',
  numbers: [4],
  holds:
    'a Redis with an append-only file that crashes leaves nothing silent, and sends go on within a second of its return',
  inTest: 2,
  inFull: 50,
  loadInTest: { rate: 30, devices: 50 },
  run({ times, seed, rate = 150, devices = 200 }) {
    return underLoad(
      { seed, rate, devices, bus: 'everysec' },
      async (world) => {
        for (let crash = 0; crash < times; crash++) {
          await sleep(world.random.between(1_000, 3_000));
          await restartRedis(world, 'memory');
        }
        await sleep(2_000);
      },
      (history) => resumption(history, 1_000),
    );
  },
};

/** Row 5, first half: without persistence. */
export const restartEmpty: Row = {
  name: 'restart-empty',
  numbers: [5],
  holds: 'a Redis that comes back empty leaves nothing silent: what it lost becomes EXPIRED',
  inTest: 2,
  inFull: 30,
  loadInTest: { rate: 30, devices: 50 },
  run({ times, seed, rate = 150, devices = 200 }) {
    return underLoad({ seed, rate, devices, bus: 'single' }, async (world) => {
      for (let crash = 0; crash < times; crash++) {
        await sleep(world.random.between(2_000, 4_000));
        await (crash % 2 === 0 ? flush(world) : restartRedis(world, 'memory'));
      }
      await sleep(2_000);
    });
  },
};

/** How long after each outage the first send was accepted again. */
export function resumption({ faults, messages }: HistoryIndex, atMost: number): Record<string, Figure> {
  const sentAt = [...messages.values()].flatMap(({ sending, sent }) =>
    sent ? [{ begunAt: sending.at, at: sent.at }] : [],
  );
  let slowest = 0;
  for (const { to } of faults) {
    const next = sentAt.reduce((first, { at }) => (at > to && at < first ? at : first), Infinity);
    slowest = Math.max(slowest, next - to);
  }
  return { 'sends go on after the outage': { value: slowest, unit: 'ms', atMost } };
}
