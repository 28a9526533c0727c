import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryIndex } from '../history/index-of.ts';
import type { World } from '../kit/world.ts';
import type { Figure, Row } from './row.ts';
import { underLoad } from './row.ts';

/** Row 38, T2; P-14. `times` is the number of deaths of servers and services. */
export const uplinks: Row = {
  name: 'uplinks',
  numbers: [38],
  holds: 'what devices said and was stored is heard in order, once unless an instance died over it',
  inTest: 2,
  inFull: 60,
  loadInTest: { devices: 20 },
  run({ times, seed, rate = 20, devices = 60 }) {
    const options = { seed, rate, devices, speakEveryMs: 200 };
    return underLoad(options, (world) => hurt(world, times), measure);
  },
};

async function hurt(world: World, times: number): Promise<void> {
  for (let death = 0; death < times; death++) {
    await sleep(world.random.between(200, 1_500));
    if (death % 2 === 0) {
      const place = world.random.pick(world.services);
      await world.killService(place);
      await sleep(world.random.between(0, 1_000));
      await world.startService(place);
    } else {
      const place = world.random.pick(world.servers);
      await world.killServer(place);
      await sleep(world.random.between(0, 3_000));
      await world.startServer(place);
    }
  }
}

function measure({ stored, heard }: HistoryIndex): Record<string, Figure> {
  let slowest = 0;
  let doubles = 0;
  for (const { address, order, at } of stored) {
    const hearings = heard.get(`${address}/${order}`) ?? [];
    doubles += Math.max(0, hearings.length - 1);
    slowest = Math.max(slowest, (hearings[0]?.at ?? at) - at);
  }
  return {
    'said and stored': { value: stored.length, unit: '' },
    'heard again, after an instance had died over it': { value: doubles, unit: '' },
    // The lease and two looks of the others, and again when the next owner dies, too.
    'slowest to be heard': { value: slowest, unit: 'ms', atMost: 18_000 },
  };
}
