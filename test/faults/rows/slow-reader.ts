import { setTimeout as sleep } from 'node:timers/promises';
import {
  enter,
  percentile,
  sender,
  startClient,
  startOwnRedis,
  startProgram,
  type Device,
} from '../kit/few.ts';
import { FaultProxy } from '../kit/proxy.ts';
import { rssBytes } from '../kit/world.ts';
import type { Row } from './row.ts';

interface Data {
  readonly sentAt: number;
  readonly pad: string;
}

const groupSize = 1_000;
const pad = 'x'.repeat(1_000);
const everyMs = 100;

/** Row 11. Each message goes to 1,000 devices; one of them then reads 1 KB in a second. `times` is how many such rounds. */
export const slowReader: Row = {
  name: 'slow-reader',
  numbers: [11],
  holds:
    'one device among 1,000 that reads 1 KB in a second costs its server a bounded amount of memory, and the others no time',
  inTest: 1,
  inFull: 5,
  async run({ times, scope }) {
    const messages = times > 1 ? 100 : 25;
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    const client = await startClient(scope, redis.url);
    const way = await FaultProxy.start(() => server.port);
    scope.onEnd(() => way.stop());
    const others: Device[] = [];
    for (let user = 1; user < groupSize; user++) others.push(await enter(scope, server.port, user));
    const recvIds = Array.from({ length: groupSize }, (_, index) => index + 1);

    const round = async (
      messages: number,
    ): Promise<{ latencies: number[]; toSlow: (string | undefined)[] }> => {
      for (const device of others) device.seen.length = 0;
      const toSlow: Promise<string | undefined>[] = [];
      for (let i = 0; i < messages; i++) {
        const data: Data = { sentAt: performance.now(), pad };
        const receipt = await client.sendGroupMessage({ sender, recvIds, data, sendToSelf: false });
        toSlow.push(
          receipt.results().then((results) => {
            const own = results.find(({ id }) => id === String(groupSize));
            return own && (own.reason ?? own.stage);
          }),
        );
        await sleep(everyMs);
      }
      await Promise.all(others.map((device) => device.hasSeen(messages)));
      const latencies = others.flatMap(({ seen }) => seen.map(({ data, at }) => at - (data as Data).sentAt));
      return { latencies, toSlow: await Promise.all(toSlow) };
    };

    await round(5); // warms everything up
    const before: number[] = [];
    const during: number[] = [];
    const ends = new Set<string>();
    let mostGrowth = 0;
    for (let i = 0; i < times; i++) {
      const slow = await enter(scope, way.port, groupSize);
      before.push(...(await round(messages)).latencies);
      const rssBefore = await rssBytes(server.pid);
      way.trouble = { bytesPerSecond: 1_000 };
      const { latencies, toSlow } = await round(messages);
      mostGrowth = Math.max(mostGrowth, (await rssBytes(server.pid)) - rssBefore);
      during.push(...latencies);
      for (const end of toSlow) ends.add(end ?? 'nothing');
      way.pass();
      slow.socket.terminate();
    }
    const [p99Before, p99During] = [percentile(before, 0.99), percentile(during, 0.99)];
    return {
      faults: times,
      checked: during.length,
      problems: [...ends].some((end) => ['SLOW_READER', 'CLOSED_BEFORE_PROOF'].includes(end))
        ? []
        : [`the slow one was reported ${[...ends].join(', ')}`],
      figures: {
        "the others' p99 before": { value: p99Before, unit: 'ms' },
        // A fifth more, and what the percentiles of a shared machine move by themselves.
        "the others' p99 meanwhile": {
          value: p99During,
          unit: 'ms',
          atMost: Math.round(1.2 * p99Before + 40),
        },
        // Its budget, and what garbage there is at the moment.
        'memory meanwhile': { value: mostGrowth / 1_048_576, unit: 'MB more', atMost: 32 },
      },
      details: `  the slow one was reported: ${[...ends].join(', ')}`,
    };
  },
};
