import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../kit/random.ts';
import { startClient, sender, startOwnRedis, startProgram } from '../kit/few.ts';
import { Fleet } from '../kit/fleet.ts';
import type { Happening } from '../history/event.ts';
import type { Row } from './row.ts';

/** Row 5, second half. `times` is the number of connections. */
export const flushUnderConnections: Row = {
  name: 'flush-under-connections',
  numbers: [5],
  holds:
    'after a FLUSHALL all routes are back within 3 s, nobody has reconnected, and pending sends have their results',
  inTest: 500,
  inFull: 5_000,
  async run({ times, seed, scope }) {
    const redis = await startOwnRedis(scope);
    const servers = [await startProgram(scope, redis.url), await startProgram(scope, redis.url)];
    const doors = servers.map(({ name, port }) => ({ server: name, port }));
    const seen: Happening['type'][] = [];
    const history = { record: (_: string, { type }: Happening) => void seen.push(type) };
    const fleet = new Fleet({
      scope,
      random: new Random(seed),
      history,
      users: times,
      ackShare: 0,
      doors: () => doors,
    });
    await fleet.start();
    const client = await startClient(scope, redis.url, { resultDeadlineMs: 3_000 });
    const admin = redis.client();
    let slowest = 0;
    let results = 0;
    const rounds = 3;
    for (let round = 0; round < rounds; round++) {
      await sleep(1_000);
      const pending = Array.from({ length: 100 }, async (_, i) => {
        const receipt = await client.sendPrivateMessage({
          sender,
          recvId: i + 1,
          data: i,
          sendToSelf: false,
        });
        const { length } = await receipt.results();
        results += length;
      });
      await sleep(2);
      await admin.flushall();
      const flushedAt = performance.now();
      while ((await countRoutes(admin)) < times && performance.now() - flushedAt < 20_000) await sleep(20);
      slowest = Math.max(slowest, performance.now() - flushedAt);
      await Promise.all(pending);
    }
    return {
      faults: rounds,
      checked: rounds * times,
      problems: results === rounds * 100 ? [] : [`${results} of ${rounds * 100} pending sends have a result`],
      figures: {
        'all routes are back after': { value: slowest, unit: 'ms', atMost: 3_000 },
        'connections lost': { value: seen.filter((type) => type === 'closed').length, unit: '', atMost: 0 },
      },
    };
  },
};

async function countRoutes(redis: { keys(pattern: string): Promise<string[]> }): Promise<number> {
  return (await redis.keys('im:user:server_id:*')).length;
}
