import { setTimeout as sleep } from 'node:timers/promises';
import { leastMs, onCleanup, startRedis } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import type { Bus, Taken } from '../src/bus/bus.ts';
import { toByteText } from '../src/bus/byte-text.ts';
import { consume } from '../src/bus/consume.ts';
import { Producer } from '../src/bus/produce.ts';
import { createRedisBus } from '../src/bus/redis/redis-bus.ts';
import {
  batchOf,
  drain,
  freshList,
  freshName,
  numbered,
  openConsumer,
  put,
  soon,
} from './bus-conformance/subject.ts';

// P-5.9.

type RunningRedis = Awaited<ReturnType<typeof startRedis>>;
type Admin = ReturnType<RunningRedis['client']>;

async function connect(url: string): Promise<Bus> {
  const bus = createRedisBus({ url, commandTimeoutMs: 500 });
  await bus.start();
  onCleanup(() => bus.close());
  return bus;
}

interface Consuming {
  readonly consumer: string;
  readonly texts: string[];
  readonly seqs: number[];
  stop(): Promise<void>;
}

/** The only consumer of the list, until the test ends. */
function consuming(
  { lists }: Bus,
  list: string,
  handle: (batch: readonly Taken[]) => Promise<void> | undefined = () => undefined,
): Consuming {
  const stop = new AbortController();
  const consumer = freshName('consumer');
  const [texts, seqs]: [string[], number[]] = [[], []];
  const options = { list, consumer, maxBatch: 100, isAlone: true, onUnknown: () => Promise.resolve(true) };
  const ended = consume(lists, { ...options, signal: stop.signal }, (batch) => {
    texts.push(...batch.map(({ text }) => text));
    seqs.push(...batch.map(({ seq }) => seq));
    return handle(batch);
  });
  const end = async (): Promise<void> => {
    stop.abort();
    await ended;
  };
  onCleanup(end);
  return { consumer, texts, seqs, stop: end };
}

/** Resolves to where the list's consumer listens, when it does. */
function offered(admin: Admin, list: string): Promise<string> {
  return vi.waitFor(async () => {
    const channel = (await admin.hget(`{${list}}:offer`, 'channel')) ?? '';
    expect(channel).not.toBe('');
    return channel;
  }, soon);
}

/** How often Redis was asked to take entries or to put some on a list. */
async function countCalls(admin: Admin, command: string): Promise<number> {
  const stats = await admin.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

interface Idle extends Consuming {
  readonly redis: RunningRedis;
  readonly admin: Admin;
  readonly bus: Bus;
  readonly list: string;
  readonly channel: string;
}

/** A consumer that waits for a fresh list, and has made its offer. */
async function idleConsumer(handle?: (batch: readonly Taken[]) => Promise<void> | undefined): Promise<Idle> {
  const redis = await startRedis();
  const [bus, list, admin] = [await connect(redis.url), freshList(), redis.client()];
  const consumer = consuming(bus, list, handle);
  return { redis, admin, bus, list, channel: await offered(admin, list), ...consumer };
}

/** Keeps who waits for it until it is opened. */
function closedGate(): { readonly opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('a consumer that is alone on its list', () => {
  it('is handed what is put, in order, without the list and without a take', async () => {
    const { redis, list, admin, texts, seqs } = await idleConsumer();
    const producing = await connect(redis.url);
    const before = [await countCalls(admin, 'rpush'), await countCalls(admin, 'ltrim')];

    for (const entry of numbered(40)) await put(producing.lists, list, [entry, `${entry} – 二`]);

    await vi.waitFor(() => expect(texts).toHaveLength(80), soon);
    expect(texts.slice(0, 3).map((text) => Buffer.from(text, 'latin1').toString())).toEqual([
      'entry 1',
      'entry 1 – 二',
      'entry 2',
    ]);
    expect(seqs).toEqual(Array.from({ length: 80 }, (_, index) => index + 1));
    expect([await countCalls(admin, 'rpush'), await countCalls(admin, 'ltrim')]).toEqual(before);
  });

  it('has in flight what it was handed, until it is acknowledged, and gives it back in its order', async () => {
    const { bus, list, admin, consumer, texts, stop } = await idleConsumer();
    await put(bus.lists, list, numbered(5));
    await vi.waitFor(() => expect(texts).toHaveLength(5), soon);
    await bus.lists.acknowledge(list, consumer, [2, 4]);
    await stop();

    expect(await bus.lists.requeue(list, consumer)).toBe(3);
    await put(bus.lists, list, ['afterwards']);

    expect(await drain(bus.lists, list)).toEqual(['entry 1', 'entry 3', 'entry 5', 'afterwards']);
    expect(await admin.exists(`{${list}}:offer`)).toBe(0);
  });

  it('is handed no more than it has room for; the rest waits on the list, in order', async () => {
    const gate = closedGate();
    const { bus, list, admin, texts } = await idleConsumer(() => gate.opened);

    for (let turn = 0; turn < 60; turn += 1) await put(bus.lists, list, numbered(10, 1 + turn * 10));
    // What comes while it is busy stays where it is.
    const busyWith = texts.length;
    expect(busyWith).toBeLessThanOrEqual(100);
    expect(await bus.lists.length(list)).toBeGreaterThanOrEqual(600 - 256 - 128);
    expect(texts).toHaveLength(busyWith);
    gate.open();

    await vi.waitFor(() => expect(texts).toHaveLength(600), soon);
    expect(texts).toEqual(numbered(600));
    // … and is handed entries again afterwards.
    await vi.waitFor(async () => {
      const [length, pushes] = [texts.length, await countCalls(admin, 'rpush')];
      await put(bus.lists, list, ['one more']);
      await vi.waitFor(() => expect(texts).toHaveLength(length + 1), soon);
      expect(await countCalls(admin, 'rpush')).toBe(pushes);
    }, soon);
  });

  it('finds large entries and large batches on the list, in order with what it is handed', async () => {
    const { bus, list, texts } = await idleConsumer();
    const large = 'x'.repeat(40_000);

    await put(bus.lists, list, ['small']);
    await put(bus.lists, list, [large]);
    await put(bus.lists, list, ['small again']);
    await put(bus.lists, list, numbered(200));
    await put(bus.lists, list, ['last']);

    await vi.waitFor(() => expect(texts.at(-1)).toBe('last'), soon);
    expect(texts).toEqual(['small', large, 'small again', ...numbered(200), 'last']);
  });

  it('loses, doubles and swaps nothing while its connections are cut and others push in', async () => {
    const redis = await startRedis();
    const [producing, bus, list, admin] = [
      await connect(redis.url),
      await connect(redis.url),
      freshList(),
      redis.client(),
    ];
    const producer = new Producer(producing.lists, {
      timeoutMs: 30_000,
      maxBatch: 30,
      maxLength: 1_000_000,
      whenFull: 'refuse',
    });
    const { consumer, texts, seqs, stop } = consuming(bus, list, async (batch) => {
      if (batch.length % 3 === 0) await sleep(1);
      await vi.waitFor(
        () =>
          bus.lists.acknowledge(
            list,
            consumer,
            batch.map(({ seq }) => seq),
          ),
        soon,
      );
    });
    await offered(admin, list);

    const puts: Promise<unknown>[] = [];
    const stranger: string[] = [];
    for (let turn = 1; turn <= 400; turn += 1) {
      puts.push(producer.put(list, ...numbered(1 + (turn % 7), puts.length * 100).map(toByteText)));
      if (turn % 40 === 0) await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
      if (turn % 90 === 0) await admin.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      if (turn % 25 === 0) {
        stranger.push(`stranger ${turn}`);
        await admin.rpush(list, `stranger ${turn}`);
      }
      if (turn % 2 === 0) await sleep(1);
    }
    await Promise.all(puts);
    const expected = Array.from({ length: 400 }, (_, index) =>
      numbered(1 + ((index + 1) % 7), index * 100),
    ).flat();

    await vi.waitFor(
      () => expect(texts.length).toBeGreaterThanOrEqual(expected.length + stranger.length),
      soon,
    );
    expect(texts.filter((text) => text.startsWith('entry'))).toEqual(expected);
    expect(texts.filter((text) => text.startsWith('stranger'))).toEqual(stranger);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    await stop(); // the last batch is acknowledged then
    const inFlight = await admin.hlen(`{${list}}:inflight:${consumer}`);
    expect(inFlight, 'only the last number is left').toBe(1);
  });

  it.for(['it waits', 'it is busy'])(
    'gets at once what a connection did not hear that died while %s',
    async (state) => {
      // By itself it would ask after 5 s.
      expect(await leastMs(2_000, () => hearsOfLost(state))).toBeLessThan(2_000);
    },
  );

  async function hearsOfLost(state: string): Promise<number> {
    const gate = closedGate();
    const { bus, list, admin, channel, consumer, texts } = await idleConsumer(() => gate.opened);
    if (state === 'it is busy') {
      await put(bus.lists, list, ['before']);
      await vi.waitFor(() => expect(texts).toEqual(['before']), soon);
    }

    const seq = texts.length + 1;
    const lost = admin.multi().hset(`{${list}}:inflight:${consumer}`, { seq, [seq]: 'lost' });
    await lost.call('CLIENT', 'KILL', 'TYPE', 'pubsub').exec();
    if (state === 'it is busy') {
      await vi.waitFor(async () => expect(await admin.pubsub('CHANNELS', '*')).toHaveLength(1), soon);
      expect(await admin.pubsub('CHANNELS', '*')).not.toContain(channel);
    }
    const before = performance.now();
    gate.open();

    await vi.waitFor(() => expect(texts.at(-1)).toBe('lost'), soon);
    return performance.now() - before;
  }

  it('is not told old numbers by a Redis that has forgotten some', async () => {
    const { bus, list, admin, channel, consumer, texts, seqs } = await idleConsumer();
    for (const entry of numbered(9)) await put(bus.lists, list, [entry]);
    await vi.waitFor(() => expect(texts).toHaveLength(9), soon);
    await bus.lists.acknowledge(list, consumer, seqs);

    // As after a fail-over to a replica that was behind: everybody is connected anew.
    const forgetful = admin.multi().hset(`{${list}}:inflight:${consumer}`, 'seq', 6);
    await forgetful.call('CLIENT', 'KILL', 'TYPE', 'pubsub').exec();
    await vi.waitFor(async () => expect(await offered(admin, list)).not.toBe(channel), soon);
    for (const entry of numbered(5, 10)) await put(bus.lists, list, [entry]);

    await vi.waitFor(() => expect(texts).toEqual(numbered(14)), soon);
    expect(seqs).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
  });

  it('is handed nothing as long as Redis does not know its numbers', async () => {
    const { bus, list, admin, consumer, texts } = await idleConsumer();
    for (const entry of numbered(3)) await put(bus.lists, list, [entry]);
    await vi.waitFor(() => expect(texts).toHaveLength(3), soon);

    await admin.del(`{${list}}:inflight:${consumer}`);
    await put(bus.lists, list, ['entry 4']);
    await vi.waitFor(() => expect(texts).toEqual(numbered(4)), soon);
    await admin.del(`{${list}}:inflight:${consumer}`);
    await bus.lists.open(list, consumer);
    await put(bus.lists, list, ['entry 5']);

    await vi.waitFor(() => expect(texts).toEqual(numbered(5)), soon);
  });

  it('believes no number that does not follow its last one', async () => {
    const { bus, list, admin, channel, texts } = await idleConsumer();
    await put(bus.lists, list, ['first']);
    await vi.waitFor(() => expect(texts).toEqual(['first']), soon);

    const strange = ['0:\x91\xa3old', '7:\x91\xa6future', ''];
    for (const [index, message] of strange.entries()) {
      await admin.publish(channel, Buffer.from(message, 'latin1'));
      await put(bus.lists, list, [`good ${index}`]);
      await vi.waitFor(() => expect(texts.at(-1)).toBe(`good ${index}`), soon);
    }

    expect(texts).toEqual(['first', 'good 0', 'good 1', 'good 2']);
  });

  it('believes no number that does not follow the ones before it, which it has not taken yet', async () => {
    const gate = closedGate();
    const { bus, list, admin, channel, texts } = await idleConsumer(() => gate.opened);

    await put(bus.lists, list, ['first']);
    await vi.waitFor(() => expect(texts).toEqual(['first']), soon);
    await put(bus.lists, list, ['second']);
    await admin.publish(channel, Buffer.from('7:\x91\xa6future', 'latin1'));
    await put(bus.lists, list, ['third']);
    gate.open();

    await vi.waitFor(() => expect(texts).toEqual(['first', 'second', 'third']), soon);
  });

  it('goes on after Redis has lost its memory', async () => {
    const { bus, list, admin, texts } = await idleConsumer();
    for (const entry of numbered(3)) await put(bus.lists, list, [entry]);
    await vi.waitFor(() => expect(texts).toHaveLength(3), soon);

    await admin.flushall();
    for (const entry of numbered(3, 4)) await put(bus.lists, list, [entry]);

    await vi.waitFor(() => expect(texts).toEqual(numbered(6)), soon);
    await offered(admin, list);
    await put(bus.lists, list, ['handed']);
    await vi.waitFor(() => expect(texts.at(-1)).toBe('handed'), soon);
  });

  it.for(['who puts', 'who listens'])(
    'gets everything by the list when Redis forbids channels to %s',
    async (who) => {
      const redis = await startRedis();
      const admin = redis.client();
      await admin.call('ACL', 'SETUSER', 'limited', 'on', '>secret', '~*', '+@all', 'resetchannels');
      const limited = redis.url.replace('redis://', 'redis://limited:secret@');
      const producing = await connect(who === 'who puts' ? limited : redis.url);
      const bus = await connect(who === 'who listens' ? limited : redis.url);
      const list = freshList();
      const { texts } = consuming(bus, list);
      if (who === 'who puts') await offered(admin, list);

      for (const entry of numbered(20)) await put(producing.lists, list, [entry]);

      await vi.waitFor(() => expect(texts).toEqual(numbered(20)), soon);
    },
  );

  it('is handed nothing by a repeated put, nor by one on a closed list', async () => {
    const { bus, list, admin, consumer, texts } = await idleConsumer();
    const batch = batchOf(['once']);

    for (let repeated = 0; repeated < 5; repeated += 1) await bus.lists.put(list, batch);
    await put(bus.lists, list, ['afterwards']);
    await vi.waitFor(() => expect(texts.at(-1)).toBe('afterwards'), soon);
    await bus.lists.closeList(list);
    expect(await put(bus.lists, list, ['late'])).toEqual({ status: 'closed' });

    expect(texts).toEqual(['once', 'afterwards']);
    expect(await admin.hget(`{${list}}:inflight:${consumer}`, 'seq'), 'nothing more was given out').toBe('2');
  });

  it('leaves its offer with the consumer that is open, when another one is requeued', async () => {
    const { bus, list, admin, texts } = await idleConsumer();
    const other = await openConsumer(bus.lists, list);

    await bus.lists.requeue(list, other);

    expect(await admin.exists(`{${list}}:offer`)).toBe(1);
    await put(bus.lists, list, ['handed']);
    await vi.waitFor(() => expect(texts).toEqual(['handed']), soon);
  });
});
