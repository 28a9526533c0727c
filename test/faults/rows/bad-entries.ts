import { Random } from '../kit/random.ts';
import { enter, knock, percentile, sender, startClient, startOwnRedis, startProgram } from '../kit/few.ts';
import { rssBytes } from '../kit/world.ts';
import { waitUntil } from '../../support/wait-until.ts';
import type { Row } from './row.ts';

const receivers = '"receivers":[{"id":1,"terminal":0}],"sendResult":true,"serviceName":"java"';

/** Entries that nobody can read, some with receivers and service that can be. */
function poison(random: Random): { text: string; isTold: boolean } {
  const depth = 100_000;
  return random.pick([
    { text: 'not json at all', isTold: false },
    { text: '{"cmd":3,"data":{"cut off', isTold: false },
    { text: '[]', isTold: false },
    { text: '', isTold: false },
    { text: `{${receivers},"attempt":"many","data":1}`, isTold: true },
    { text: `{${receivers},"messageId":{},"data":1}`, isTold: true },
    { text: `{${receivers},"queuedAt":1e400,"data":1}`, isTold: true },
    { text: `{"receivers":{"id":1},"sendResult":true,"serviceName":"java","data":1}`, isTold: false },
    { text: `{${receivers},"data":${'['.repeat(depth)}${']'.repeat(depth)}}`, isTold: true },
    { text: `{"cmd":3,"data":${'{"a":'.repeat(200_000)}`, isTold: false },
  ]);
}

/** Row 15. */
export const poisonEntry: Row = {
  name: 'poison-entry',
  numbers: [15],
  holds:
    'an entry that nobody can read is put away with a result, and holds the next one up by less than 10 ms',
  inTest: 100,
  inFull: 2_000,
  async run({ times, seed, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    const device = await enter(scope, server.port, 1);
    const backend = redis.client();
    const list = `im:message:private:${server.id}`;
    const random = new Random(seed);
    const good = `{"cmd":3,"data":"good",${receivers}}`;
    const measure = async (before: readonly string[]): Promise<number> => {
      const count = device.seen.length;
      const startedAt = performance.now();
      await backend.rpush(list, ...before, good);
      await device.hasSeen(count + 1);
      return performance.now() - startedAt;
    };

    for (let i = 0; i < 50; i++) await measure([]);
    // One after the other, so that what else the machine does meets both.
    const [without, withPoison]: [number[], number[]] = [[], []];
    let told = 0;
    for (let i = 0; i < times; i++) {
      const { text, isTold } = poison(random);
      if (isTold) told += 1;
      // As long as the poison, so that the difference is not the time that Redis takes over it.
      without.push(
        await measure([`{"cmd":3,"data":"${'x'.repeat(text.length)}","receivers":[{"id":2,"terminal":0}]}`]),
      );
      withPoison.push(await measure([text]));
    }
    await waitUntil('all poison is put away', async () => (await backend.llen('im:dead:private')) === times);
    await waitUntil(
      'all results are there',
      async () => (await backend.llen('im:result:private:java')) >= told + 50 + 2 * times,
    );
    const results = (await backend.lrange('im:result:private:java', 0, -1)).filter((text) =>
      text.includes('POISON'),
    );
    const added = percentile(withPoison, 0.5) - percentile(without, 0.5);
    return {
      faults: times,
      checked: withPoison.length,
      problems: results.length === told ? [] : [`${results.length} of ${told} senders were told POISON`],
      figures: {
        'the next entry, median added': { value: added, unit: 'ms', atMost: 10 },
        'the next entry, p95 without': { value: percentile(without, 0.95), unit: 'ms' },
        'the next entry, p95 with poison before it': { value: percentile(withPoison, 0.95), unit: 'ms' },
      },
    };
  },
};

const warmUps = 5;
const tenMegabytes = 'x'.repeat(10_485_760);

/** Row 16. */
export const oversize: Row = {
  name: 'oversize',
  numbers: [16],
  holds:
    '10 MB from a device close it with 1009, from a backend they are refused before Redis, on a list they end as TOO_LARGE',
  inTest: 5,
  inFull: 50,
  async run({ times, scope }) {
    const redis = await startOwnRedis(scope);
    const server = await startProgram(scope, redis.url);
    const client = await startClient(scope, redis.url);
    const backend = redis.client();
    const witness = await enter(scope, server.port, 1);
    const problems: string[] = [];
    let slowestRefusal = 0;
    await client.sendPrivateMessage({ sender, recvId: 1, data: 'warm', sendToSelf: false });
    let rssBefore = 0;

    for (let i = -warmUps; i < times; i++) {
      if (i === 0) rssBefore = await rssBytes(server.pid);
      const device = await knock(server.port, 1_000 + i);
      device.socket.send(JSON.stringify({ cmd: 1, data: tenMegabytes }));
      const code = await device.closed;
      // The reset that follows a refusal may overtake the close frame on its way to a device that is still writing.
      if (code !== 1009 && code !== 1006) problems.push(`the device was closed with ${code}`);
    }
    const grownMb = ((await rssBytes(server.pid)) - rssBefore) / 1_048_576;

    const before = await writesOf(backend);
    for (let i = 0; i < times; i++) {
      const startedAt = performance.now();
      const refusal = await client
        .sendPrivateMessage({ sender, recvId: 1, data: tenMegabytes, sendToSelf: false })
        .then(
          () => 'nothing',
          (error: unknown) => (error as { code?: unknown }).code,
        );
      slowestRefusal = Math.max(slowestRefusal, performance.now() - startedAt);
      if (refusal !== 'MESSAGE_TOO_LARGE') problems.push(`the backend was refused with ${String(refusal)}`);
    }
    if ((await writesOf(backend)) !== before) problems.push('Redis was written to');

    for (let i = 0; i < times; i++) {
      await backend.rpush(
        `im:message:private:${server.id}`,
        `{"data":"${tenMegabytes}",${receivers}}`,
        `{"data":"next",${receivers}}`,
      );
    }
    await witness.hasSeen(1 + times);
    await waitUntil(
      'all results are there',
      async () => (await backend.llen('im:result:private:java')) === 2 * times,
      60_000,
    );
    if (witness.seen.slice(1).some(({ data }) => data !== 'next'))
      problems.push('the device got the large one');
    return {
      faults: 3 * times,
      checked: 3 * times,
      problems,
      figures: {
        'refusal of a backend': { value: slowestRefusal, unit: 'ms' },
        'memory after the devices': { value: grownMb, unit: 'MB more', atMost: 24 },
      },
    };
  },
};

/** How many pushes there ever were, by scripts or by themselves. */
async function writesOf(redis: { info(section: string): Promise<string> }): Promise<number> {
  const stats = await redis.info('commandstats');
  return Number(/cmdstat_rpush:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}
