import { randomBytes } from 'node:crypto';
import { startSentinel, type RedisSentinel } from 'im-test/support';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Bus } from '../src/bus/bus.ts';
import { createRedisBus } from '../src/bus/redis/redis-bus.ts';
import { busConformance } from './bus-conformance.ts';
import { freshList } from './bus-conformance/subject.ts';
import { startWork, type Work } from './bus-work.ts';

let started: Promise<RedisSentinel>;

beforeAll(async () => {
  started = startSentinel();
  await started;
});

async function connect(keyPrefix: string): Promise<Bus> {
  const { url } = await started;
  const bus = createRedisBus({ url, keyPrefix });
  await bus.start();
  return bus;
}

busConformance('the bus on a Redis behind Sentinel', async () => {
  const keyPrefix = freshPrefix();
  return { bus: await connect(keyPrefix), another: () => connect(keyPrefix) };
});

describe('work goes on', () => {
  it('through an ordered fail-over', async () => {
    const sentinel = await quietSentinel();
    const work = await startWorkOnSentinel();
    await work.untilAcknowledged(300);

    const oldPort = await sentinel.masterPort();
    work.mark('safe');
    await sentinel.whenReplicated();
    expect(await sentinel.failover()).not.toBe(oldPort);
    await untilReplica(sentinel, oldPort);
    work.mark('over');

    await work.untilAcknowledged(50);
    await work.finish();
  });

  it('when the master is killed', async () => {
    const sentinel = await quietSentinel();
    const work = await startWorkOnSentinel();
    await work.untilAcknowledged(300);

    work.mark('safe');
    await sentinel.whenReplicated();
    const oldPort = await sentinel.killMaster();
    expect(await sentinel.masterAfter(oldPort)).not.toBe(oldPort);
    work.mark('over');

    await work.untilAcknowledged(50);
    expect(work.failures.length).toBeGreaterThan(0);
    await work.finish();
  });
});

/** A replica that is not linked yet may become the master, with what it had long ago. */
async function quietSentinel(): Promise<RedisSentinel> {
  const sentinel = await started;
  await sentinel.whenQuiet();
  return sentinel;
}

async function startWorkOnSentinel(): Promise<Work> {
  const keyPrefix = freshPrefix();
  return startWork(freshList(), { producing: await connect(keyPrefix), consuming: await connect(keyPrefix) });
}

/** From then on the old master takes no writes, and whatever is acknowledged is on the new one. */
async function untilReplica(sentinel: RedisSentinel, port: number): Promise<void> {
  const client = sentinel.servers.find((server) => server.port === port)?.client();
  await vi.waitFor(
    async () => {
      expect(await client?.role()).toContain('slave');
    },
    { timeout: 20_000, interval: 20 },
  );
}

function freshPrefix(): string {
  return `test-${randomBytes(4).toString('hex')}:`;
}
