import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryIndex } from '../history/index-of.ts';
import type { Figure, Row } from './row.ts';
import { underLoad } from './row.ts';

/** Row 1. */
export const deadServer: Row = {
  name: 'dead-server',
  numbers: [1],
  holds: 'a server that is killed loses no result, doubles none, and its messages have theirs within 5 s',
  inTest: 2,
  inFull: 200,
  loadInTest: { rate: 50, devices: 60 },
  run({ times, seed, rate = 300, devices = 300 }) {
    const options = { seed, rate, devices };
    return underLoad(
      options,
      async (world) => {
        for (let kill = 0; kill < times; kill++) {
          await sleep(world.random.between(200, 1_500));
          const place = world.servers[kill % world.servers.length];
          if (!place) continue;
          await world.killServer(place);
          // The lease, two looks of the others, and some more, so that each death is a story of its own.
          await sleep(world.random.between(3_500, 4_500));
          await world.startServer(place);
        }
      },
      measure,
    );
  },
};

function measure({ faults, messages }: HistoryIndex): Record<string, Figure> {
  let slowest = 0;
  let orphans = 0;
  for (const { sending, results } of messages.values()) {
    for (const [result] of results.values()) {
      if (!result || (result.attempt === 1 && result.reason !== 'SERVER_LOST')) continue;
      const death = faults.findLast(({ name, from }) => name === 'SIGKILL im-server' && from < result.at);
      if (!death) continue;
      orphans += 1;
      // What was sent to the dead one after its death counts from the send.
      slowest = Math.max(slowest, result.at - Math.max(death.from, sending.at));
    }
  }
  return {
    'results of messages that a dead server held': { value: orphans, unit: '', atLeast: 1 },
    'slowest of them after the death': { value: slowest, unit: 'ms', atMost: 5_000 },
  };
}
