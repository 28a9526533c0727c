import { Random } from '../kit/random.ts';
import { startOwnRedis, startProgram } from '../kit/few.ts';
import { Fleet, type Door } from '../kit/fleet.ts';
import type { Happening } from '../history/event.ts';
import type { Row } from './row.ts';

/** Row 22. `times` is the number of devices. */
export const reconnectStorm: Row = {
  name: 'reconnect-storm',
  numbers: [22],
  holds: 'all devices of a server that died are logged in again elsewhere within 10 s',
  inTest: 1_000,
  inFull: 10_000,
  async run({ times, seed, scope }) {
    const redis = await startOwnRedis(scope);
    const victim = await startProgram(scope, redis.url);
    const survivor = await startProgram(scope, redis.url);
    let doors: Door[] = [{ server: 'victim', port: victim.port }];
    const seen: Happening['type'][] = [];
    const fleet = new Fleet({
      scope,
      random: new Random(seed),
      history: { record: (_, { type }) => void seen.push(type) },
      users: times,
      ackShare: 0.5,
      doors: () => doors,
      comeBackMs: [0, 1_000],
    });
    await fleet.start();
    const before = seen.length;

    doors = [{ server: 'survivor', port: survivor.port }];
    const killedAt = performance.now();
    await victim.kill();
    await fleet.allOnline(60_000);
    const backAfterMs = performance.now() - killedAt;

    const after = seen.slice(before);
    return {
      faults: 1,
      checked: times,
      figures: {
        'all are back after': { value: backAfterMs, unit: 'ms', atMost: 10_000 },
        'connections lost again': {
          value: after.filter((type) => type === 'closed').length - times,
          unit: '',
          atMost: 0,
        },
      },
    };
  },
};
