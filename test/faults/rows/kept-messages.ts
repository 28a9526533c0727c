import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryIndex } from '../history/index-of.ts';
import type { World } from '../kit/world.ts';
import type { Figure, Row } from './row.ts';
import { underLoad } from './row.ts';

/** T3; P-15. `times` is the number of deaths of servers, while devices come and go. */
export const keptMessages: Row = {
  name: 'kept-messages',
  numbers: [40],
  holds: 'what was kept for devices that come and go is delivered when they are back, whoever dies',
  inTest: 1,
  inFull: 60,
  loadInTest: { rate: 30, devices: 30 },
  run({ times, seed, rate = 60, devices = 40 }) {
    // Longer away than anybody waits for them.
    const options = { seed, rate, devices, keepMs: 60_000, comeBackMs: [500, 4_000] as const };
    return underLoad(options, (world) => hurt(world, times), measure);
  },
};

async function hurt(world: World, times: number): Promise<void> {
  for (let death = 0; death < times; death++) {
    for (let drop = 0; drop < 10; drop++) {
      const device = world.random.pick(world.fleet.devices);
      await world.fault('dropped', 'devices', { addresses: [device.address] }, async () => {
        device.drop();
        await sleep(world.random.between(50, 200));
      });
    }
    const place = world.random.pick(world.servers);
    await world.killServer(place);
    await sleep(world.random.between(500, 2_000));
    await world.startServer(place);
  }
}

function measure({ messages, keptEnds }: HistoryIndex): Record<string, Figure> {
  let kept = 0;
  let slowest = 0;
  for (const { results, sending } of messages.values()) {
    for (const [address, [result]] of results) {
      if (result?.reason !== 'KEPT') continue;
      kept += 1;
      const [end] = keptEnds.get(`${sending.message} ${address}`) ?? [];
      slowest = Math.max(slowest, (end?.at ?? result.at) - result.at);
    }
  }
  return {
    'receivers for whom a message was kept': { value: kept, unit: '' },
    'longest wait until its end was told': { value: slowest, unit: 'ms' },
  };
}
