import { describe, expect, test } from 'vitest';
import { runChaos } from './chaos/chaos.ts';
import { failedSeeds } from './chaos/failed-seeds.ts';
import { newSeed } from './kit/random.ts';
import type { BusKind } from './kit/bus.ts';

async function survives(bus: BusKind, seed: number, minutes: number): Promise<void> {
  const { isGood, report } = await runChaos({ seed, bus, minutes });
  console.log(`chaos on ${bus}, seed ${seed}\n${report}`);
  expect(isGood, `chaos on ${bus}, seed ${seed}\n${report}`).toBe(true);
}

describe('everybody keeps their promises while faults come at random', () => {
  test.each<[BusKind, number]>([
    ['aof', 0.4],
    ['single', 0.25],
  ])('with Redis as %s', { timeout: 240_000 }, (bus, minutes) => survives(bus, newSeed(), minutes));

  // A seed gives the same faults at the same places; how the processes meet them stays theirs.
  test.each(failedSeeds)(
    'with the seed $seed, where once $problem',
    { timeout: 240_000 },
    ({ bus, seed, minutes }) => survives(bus, seed, minutes),
  );
});
