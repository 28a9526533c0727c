import { setTimeout as sleep } from 'node:timers/promises';
import { enter, sender, startClient, startOwnRedis, startProgram } from '../kit/few.ts';
import { Random } from '../kit/random.ts';
import type { Row } from './row.ts';

const everyMs = 100;

/** Row 35: one of two servers is stopped for less than its lease. `times` is how often. */
export const lateServer: Row = {
  name: 'late-server',
  numbers: [35],
  holds:
    'a server that is stopped for less than its lease keeps its users: what was sent meanwhile arrives with its first breath, in order',
  inTest: 2,
  inFull: 50,
  async run({ times, seed, scope }) {
    const redis = await startOwnRedis(scope);
    const client = await startClient(scope, redis.url);
    const server = await startProgram(scope, redis.url);
    await startProgram(scope, redis.url);
    const device = await enter(scope, server.port, 7);
    const random = new Random(seed);
    const problems: string[] = [];
    let sent = 0;
    let slowest = 0;
    const send = async (): Promise<void> => {
      const data = sent++;
      const receipt = await client.sendPrivateMessage({ sender, recvId: 7, recvTerminals: [0], data });
      const [result] = await receipt.results();
      if (result?.stage !== 'proved')
        problems.push(`message ${data} ended ${result?.reason ?? result?.stage ?? 'without a result'}`);
    };
    for (let round = 0; round < times; round++) {
      // The others declare it dead 2.5 s after its last renewal, which is up to 0.8 s old, at the earliest.
      const stoppedMs = random.between(200, 1_500);
      const underWay: Promise<void>[] = [];
      server.pause();
      const stoppedAt = performance.now();
      while (performance.now() - stoppedAt < stoppedMs) {
        underWay.push(send());
        await sleep(everyMs);
      }
      server.resume();
      const resumedAt = performance.now();
      underWay.push(send());
      await Promise.all(underWay);
      slowest = Math.max(slowest, performance.now() - resumedAt);
    }
    if (device.seen.some(({ data }, index) => data !== index) || device.seen.length !== sent)
      problems.push(`the device saw ${device.seen.length} of ${sent} messages, or in another order`);
    if (!device.isOpen) problems.push('the device lost its connection');
    if (!(await client.isOnline(7))) problems.push('the user is not online');
    return {
      faults: times,
      checked: sent,
      problems,
      figures: { 'all was proved after the first breath by': { value: slowest, unit: 'ms', atMost: 2_000 } },
    };
  },
};
