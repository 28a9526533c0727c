import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryIndex } from '../history/index-of.ts';
import type { World } from '../kit/world.ts';
import { underLoad, type Figure, type Row } from './row.ts';

/** T4; P-15.9. `times` is the number of deaths of servers, with their lists of high priority. */
export const priorities: Row = {
  name: 'priority',
  numbers: [46],
  holds:
    'messages of high priority go ahead and keep their order, and nothing is handed over after its end, whoever dies',
  inTest: 1,
  inFull: 40,
  loadInTest: { rate: 30, devices: 30 },
  run({ times, seed, rate = 100, devices = 40 }) {
    return underLoad({ seed, rate, devices, highShare: 0.2 }, (world) => hurt(world, times), measure);
  },
};

async function hurt(world: World, times: number): Promise<void> {
  for (let death = 0; death < times; death++) {
    await sleep(world.random.between(1_000, 3_000));
    const place = world.random.pick(world.servers);
    await world.killServer(place);
    await sleep(world.random.between(500, 2_000));
    await world.startServer(place);
  }
}

function measure({ messages }: HistoryIndex): Record<string, Figure> {
  let [high, outdated] = [0, 0];
  for (const { results, sending } of messages.values()) {
    if (sending.isHigh) high += results.size;
    for (const [result] of results.values()) if (result?.reason === 'OUTDATED') outdated += 1;
  }
  return {
    'receivers of messages of high priority': { value: high, unit: '' },
    'receivers for whom a message was out of date': { value: outdated, unit: '' },
  };
}
