import { setTimeout as sleep } from 'node:timers/promises';
import { leastMs, msOf, onCleanup, startRedis, testRedis } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import type { Bus, Lists } from '../src/bus/bus.ts';
import type { ImError } from '../src/errors.ts';
import type { ByteText } from '../src/bus/byte-text.ts';
import { createMemoryBus } from '../src/bus/memory/memory-bus.ts';
import { Producer, type ProducerOptions, type PutTarget } from '../src/bus/produce.ts';
import { createRedisBus } from '../src/bus/redis/redis-bus.ts';
import { drain, freshList, numbered, soon } from './bus-conformance/subject.ts';

const options: ProducerOptions = {
  maxLength: 1_000_000,
  whenFull: 'refuse',
  timeoutMs: 5_000,
  maxBatch: 100,
};

async function start(bus: Bus): Promise<Bus> {
  await bus.start();
  onCleanup(() => bus.close());
  return bus;
}

async function sharedBus(): Promise<Bus> {
  const { url, prefix } = testRedis();
  return start(createRedisBus({ url, keyPrefix: prefix }));
}

/** Puts entries one by one, all in one turn of the event loop. */
function putEach(producer: Producer, list: string, entries: readonly string[]): Promise<unknown[]> {
  return Promise.all(entries.map((entry) => producer.put(list, entry as ByteText)));
}

describe.each([
  ['Redis', sharedBus],
  ['memory', () => start(createMemoryBus())],
])('a producer on %s', (_, makeBus) => {
  it('puts in the order of its calls, whatever the batches', async () => {
    const { lists } = await makeBus();
    const [list, producer] = [freshList(), new Producer(lists, { ...options, maxBatch: 7 })];

    const first = putEach(producer, list, numbered(50));
    await lists.length(list); // the first batch is under way now
    await Promise.all([first, putEach(producer, list, numbered(50, 51))]);

    expect(await drain(lists, list)).toEqual(numbered(100));
  });

  it('keeps the entries of one call together, also more of them than go in a batch', async () => {
    const { lists } = await makeBus();
    const [list, producer] = [freshList(), new Producer(lists, { ...options, maxBatch: 3 })];

    const outcomes = await Promise.all([
      producer.put(list, ...(numbered(2) as ByteText[])),
      producer.put(list, ...(numbered(10_000, 3) as ByteText[])),
      producer.put(list, 'last' as ByteText),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual(['put', 'put', 'put']);
    expect(await drain(lists, list)).toEqual([...numbered(10_002), 'last']);
  });

  it('does not let one list wait for another', async () => {
    const { lists } = await makeBus();
    const [list, closed, producer] = [freshList(), freshList(), new Producer(lists, options)];
    await lists.closeList(closed);

    const outcomes = await Promise.all([
      producer.put(closed, 'a' as ByteText),
      producer.put(list, 'b' as ByteText),
    ]);

    expect(outcomes).toMatchObject([{ status: 'closed' }, { status: 'put' }]);
  });

  it('says when a list is full, and goes on when there is room', async () => {
    const { lists } = await makeBus();
    const [list, producer] = [freshList(), new Producer(lists, { ...options, maxLength: 3 })];
    await putEach(producer, list, numbered(3));

    expect(await producer.put(list, 'too much' as ByteText)).toEqual({ status: 'full', length: 3 });
    expect(await drain(lists, list)).toEqual(numbered(3));
    expect(await producer.put(list, 'room again' as ByteText)).toMatchObject({ status: 'put', length: 1 });
  });

  it('drops the oldest instead where it is told to, and counts them', async () => {
    const { lists } = await makeBus();
    const [list, producer] = [
      freshList(),
      new Producer(lists, { ...options, maxLength: 3, whenFull: 'drop-oldest' }),
    ];

    const outcome = await producer.put(list, ...(numbered(5) as ByteText[]));

    expect(outcome).toEqual({ status: 'put', length: 3, dropped: 2 });
    expect(await drain(lists, list)).toEqual(numbered(3, 3));
  });

  it('does not mix up its batch numbers with those of another producer', async () => {
    const { lists } = await makeBus();
    const list = freshList();

    for (const entry of numbered(6)) await new Producer(lists, options).put(list, entry as ByteText);

    expect(await drain(lists, list)).toEqual(numbered(6));
  });

  it('holds entries back while a list is long, and puts them in their order as it is taken from', async () => {
    const { lists } = await makeBus();
    const [list, producer] = [freshList(), new Producer(lists, { ...options, maxBatch: 5, holdAbove: 10 })];

    const all = putEach(producer, list, numbered(60));
    await vi.waitFor(async () => expect(await lists.length(list)).toBe(15), soon);
    const taken: string[] = [];
    while (taken.length < 60) {
      expect(await lists.length(list)).toBeLessThanOrEqual(15);
      taken.push(...(await drain(lists, list)));
      await sleep(5); // no event tells that the producer has looked again
    }

    expect(taken).toEqual(numbered(60));
    expect(await all).toHaveLength(60);
  });

  it('refuses with OVERLOADED what waits for a list that nobody takes from, and does not put it', async () => {
    const { lists } = await makeBus();
    const [list, producer] = [
      freshList(),
      new Producer(lists, { ...options, maxBatch: 5, holdAbove: 10, timeoutMs: 200 }),
    ];

    const ends = await Promise.allSettled(numbered(20).map((entry) => producer.put(list, entry as ByteText)));

    expect(ends.slice(0, 15).every(({ status }) => status === 'fulfilled')).toBe(true);
    for (const end of ends.slice(15)) {
      expect(end).toMatchObject({ reason: { code: 'OVERLOADED', retryable: true, effect: 'none' } });
    }
    expect(await drain(lists, list)).toEqual(numbered(15));
    await producer.put(list, 'entry 16' as ByteText);
    expect(await drain(lists, list)).toEqual(['entry 16']);
  });

  it('takes nothing once it is closed, and ends what is under way', async () => {
    const { lists } = await makeBus();
    const [list, producer] = [freshList(), new Producer(lists, options)];
    const underWay = producer.put(list, 'before' as ByteText);

    producer.close();

    await expect(producer.put(list, 'after' as ByteText)).rejects.toMatchObject({ code: 'CLOSED' });
    expect(await underWay).toMatchObject({ status: 'put' });
    expect(await drain(lists, list)).toEqual(['before']);
  });
});

describe('a producer whose Redis fails', () => {
  it('puts once what it has to repeat because the answer was lost', async () => {
    const redis = await startRedis();
    const { lists } = await start(createRedisBus({ url: redis.url, commandTimeoutMs: 200 }));
    const givenUp: unknown[] = [];
    let tell = (): void => undefined;
    const watched: PutTarget = {
      length: (list) => lists.length(list),
      put(list, call) {
        const answer = lists.put(list, call);
        answer.catch((error: unknown) => {
          givenUp.push(error);
          tell();
        });
        return answer;
      },
    };
    const [list, producer] = [freshList(), new Producer(watched, { ...options, timeoutMs: 15_000 })];
    await producer.put(list, 'entry 1' as ByteText); // the script is known now
    const admin = redis.client();

    const all: Promise<unknown>[] = [];
    for (let round = 0; round < 4; round += 1) {
      // Carried out late: our side has given up on the answer and asks again.
      await admin.call('CLIENT', 'PAUSE', '300', 'ALL');
      const givingUp = new Promise<void>((resolve) => (tell = resolve));
      const puts = putEach(producer, list, numbered(10, 2 + 10 * round));
      all.push(puts);
      await Promise.race([givingUp, puts]);
    }
    await Promise.all(all);
    expect(givenUp).not.toHaveLength(0);

    expect(await drain(lists, list)).toEqual(numbered(41));
  });

  it('keeps the order over a Redis that is killed and comes back', async () => {
    const redis = await startRedis({ appendonly: true });
    const { lists } = await start(createRedisBus({ url: redis.url }));
    const [list, producer] = [freshList(), new Producer(lists, { ...options, timeoutMs: 15_000 })];
    await putEach(producer, list, numbered(10));

    await redis.kill();
    const later = putEach(producer, list, numbered(10, 11));
    await redis.start();
    await later;

    expect(await vi.waitFor(() => drain(lists, list), soon)).toEqual(numbered(20));
  });

  it('gives up in time, entry by entry, and tells BUS_UNAVAILABLE', async () => {
    const redis = await startRedis();
    const { lists } = await start(createRedisBus({ url: redis.url }));
    const producer = new Producer(lists, { ...options, timeoutMs: 300 });
    const list = freshList();
    await redis.kill();

    const took = await leastMs(1_500, () =>
      msOf(async () => {
        const outcomes = await Promise.allSettled(
          numbered(3).map((entry) => producer.put(list, entry as ByteText)),
        );
        for (const outcome of outcomes) {
          expect(outcome).toMatchObject({
            status: 'rejected',
            reason: { code: 'BUS_UNAVAILABLE', retryable: true },
          });
        }
      }),
    );

    expect(took).toBeLessThan(1_500);
  });

  it('says of what was out that nobody knows, of what waited that nothing was put, and is right', async () => {
    const redis = await startRedis();
    const { lists } = await start(createRedisBus({ url: redis.url, commandTimeoutMs: 200 }));
    const producer = new Producer(lists, { ...options, maxBatch: 10, timeoutMs: 500 });
    const list = freshList();
    await producer.put(list, 'before' as ByteText);

    redis.pause();
    const ends = await Promise.allSettled(
      numbered(100).map((entry) => producer.put(list, entry as ByteText)),
    );
    const later = await Promise.allSettled([producer.put(list, 'later' as ByteText)]);
    redis.resume();
    await vi.waitFor(() => producer.put(list, 'after' as ByteText), soon);

    const effects = ends.map((end) => (end as PromiseRejectedResult).reason as ImError);
    expect(effects.slice(0, 10).map(({ effect }) => effect)).toEqual(Array(10).fill('unknown'));
    for (const { code, effect } of effects.slice(10)) {
      expect([code, effect]).toEqual(['BUS_UNAVAILABLE', 'none']);
    }
    expect(later).toMatchObject([{ reason: { code: 'BUS_UNAVAILABLE', effect: 'none' } }]);
    const there = await drain(lists, list);
    expect([there[0], there.at(-1)]).toEqual(['before', 'after']);
    expect(numbered(10)).toEqual(expect.arrayContaining(there.slice(1, -1)));
  });

  it('lets what waits for others take its time while Redis answers them', async () => {
    const redis = await startRedis();
    const { lists } = await start(createRedisBus({ url: redis.url }));
    const producer = new Producer(slowly(lists, 50), { ...options, maxBatch: 1, timeoutMs: 300 });
    const list = freshList();

    await putEach(producer, list, numbered(20));

    expect(await drain(lists, list)).toEqual(numbered(20));
  });

  it('tells BUS_FULL at once when Redis has no memory left', async () => {
    const redis = await startRedis();
    const { lists } = await start(createRedisBus({ url: redis.url }));
    const producer = new Producer(lists, options);
    await redis.client().config('SET', 'maxmemory', '1');

    const took = await leastMs(1_000, () =>
      msOf(() =>
        expect(producer.put(freshList(), 'x' as ByteText)).rejects.toMatchObject({
          code: 'BUS_FULL',
          retryable: true,
        }),
      ),
    );
    expect(took).toBeLessThan(1_000);
  });
});

/** The same lists, which take so long for each put. */
function slowly(lists: Lists, ms: number): Lists {
  const slow: Pick<Lists, 'put'> = {
    async put(list, batch) {
      await sleep(ms);
      return lists.put(list, batch);
    },
  };
  return Object.assign(Object.create(lists) as Lists, slow);
}
