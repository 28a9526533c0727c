import { setTimeout as sleep } from 'node:timers/promises';
import type { HistoryIndex } from '../history/index-of.ts';
import type { Figure, Row } from './row.ts';
import { underLoad } from './row.ts';

/** Row 9. Longer than the lease and the two looks of the others. */
const stoppedMs = 6_000;

export const zombie: Row = {
  name: 'zombie',
  numbers: [9],
  holds: 'a server that was stopped, declared dead and goes on delivers nothing stale',
  inTest: 1,
  inFull: 20,
  loadInTest: { rate: 30, devices: 50 },
  run({ times, seed, rate = 150, devices = 200 }) {
    return underLoad(
      { seed, rate, devices },
      async (world) => {
        for (let stop = 0; stop < times; stop++) {
          await sleep(world.random.between(500, 1_500));
          const program = world.servers[stop % world.servers.length]?.program;
          if (!program) continue;
          await world.fault('SIGSTOP im-server', 'server', { target: program.name }, async () => {
            program.pause();
            await sleep(stoppedMs + world.random.between(0, 4_000));
            program.resume();
          });
          await world.fleet.allOnline(10_000);
        }
      },
      staleDeliveries,
    );
  },
};

/** Frames on connections from before the stop that come after it. */
function staleDeliveries({ faults, sessions, messages }: HistoryIndex): Record<string, Figure> {
  const sessionOf = new Map([...sessions.values()].flat().map((session) => [session.connection, session]));
  let stale = 0;
  for (const { frames } of messages.values()) {
    for (const { at, connection } of [...frames.values()].flat()) {
      const session = sessionOf.get(connection);
      const stop = faults.findLast(({ name, to, from, target }) => {
        return (
          name === 'SIGSTOP im-server' && target === session?.server && (session?.from ?? 0) < from && to < at
        );
      });
      if (stop) stale += 1;
    }
  }
  return { 'stale deliveries': { value: stale, unit: '', atMost: 0 } };
}
