import { onCleanup, startRedis } from 'im-test/support';
import { describe, expect, it, vi } from 'vitest';
import type { Bus, Taken } from '../src/bus/bus.ts';
import { consume, type ConsumeOptions } from '../src/bus/consume.ts';
import { createMemoryBus } from '../src/bus/memory/memory-bus.ts';
import { createRedisBus } from '../src/bus/redis/redis-bus.ts';
import { freshList, freshName, numbered, put, soon } from './bus-conformance/subject.ts';

interface Consuming {
  readonly texts: string[];
  readonly batches: number[];
  readonly ended: Promise<void>;
  stop(): void;
}

/** Consumes until the test ends, and notes what came. */
function consuming(
  { lists }: Bus,
  list: string,
  options: Partial<ConsumeOptions> = {},
  handle: (batch: readonly Taken[]) => Promise<void> | undefined = () => undefined,
): Consuming {
  const controller = new AbortController();
  const texts: string[] = [];
  const batches: number[] = [];
  const ended = consume(
    lists,
    {
      list,
      consumer: freshName('consumer'),
      maxBatch: 10,
      signal: controller.signal,
      onUnknown: () => Promise.resolve(true),
      ...options,
    },
    (batch) => {
      texts.push(...batch.map(({ text }) => text));
      batches.push(batch.length);
      return handle(batch);
    },
  );
  onCleanup(async () => {
    controller.abort();
    await ended;
  });
  return { texts, batches, ended, stop: () => controller.abort() };
}

function memoryBus(): Bus {
  const bus = createMemoryBus();
  onCleanup(() => bus.close());
  return bus;
}

describe('a consumer', () => {
  it('gets what is on the list and what comes later, in order, in batches of its size', async () => {
    const [bus, list] = [memoryBus(), freshList()];
    await put(bus.lists, list, numbered(25));

    const { texts, batches } = consuming(bus, list);
    await vi.waitFor(() => expect(texts).toHaveLength(25), soon);
    await put(bus.lists, list, numbered(5, 26));

    await vi.waitFor(() => expect(texts).toEqual(numbered(30)), soon);
    expect(batches).toEqual([10, 10, 5, 5]);
  });

  it('is given nothing more while it is busy with a batch', async () => {
    const [bus, list] = [memoryBus(), freshList()];
    await put(bus.lists, list, numbered(30));
    let finish = (): void => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));

    const { texts } = consuming(bus, list, {}, () => finished);
    await vi.waitFor(() => expect(texts).toHaveLength(10), soon);
    await bus.ping();
    expect(texts).toHaveLength(10);
    expect(await bus.lists.length(list)).toBe(20);
    finish();

    await vi.waitFor(() => expect(texts).toHaveLength(30), soon);
  });

  it('takes nothing while it is not ready', async () => {
    const [bus, list] = [memoryBus(), freshList()];
    await put(bus.lists, list, numbered(1));
    let makeReady = (): void => undefined;
    const isReady = new Promise<void>((resolve) => (makeReady = resolve));

    const { texts } = consuming(bus, list, { ready: () => isReady });
    await bus.ping();
    expect(await bus.lists.length(list)).toBe(1);
    makeReady();

    await vi.waitFor(() => expect(texts).toEqual(numbered(1)), soon);
  });

  it('stops at once while it waits, and takes nothing when it is stopped while it gets ready', async () => {
    const [bus, list] = [memoryBus(), freshList()];
    const waiting = consuming(bus, list);
    await bus.ping();
    waiting.stop();
    await waiting.ended;

    await put(bus.lists, list, numbered(1));
    const stopped = consuming(bus, list, {
      ready: () => {
        stopped.stop();
        return Promise.resolve();
      },
    });
    await stopped.ended;

    expect(await bus.lists.length(list)).toBe(1);
  });

  it('opens again where it is told to, and goes on with its numbers', async () => {
    const [bus, list] = [memoryBus(), freshList()];
    const consumer = freshName('consumer');
    const seqs: number[] = [];
    const { texts } = consuming(bus, list, { consumer }, (batch) => {
      seqs.push(...batch.map(({ seq }) => seq));
      return bus.lists.acknowledge(list, consumer, seqs);
    });
    await put(bus.lists, list, numbered(2));
    await vi.waitFor(() => expect(texts).toHaveLength(2), soon);

    await bus.lists.requeue(list, consumer);
    await put(bus.lists, list, numbered(2, 3));

    await vi.waitFor(() => expect(texts).toEqual(numbered(4)), soon);
    expect(seqs).toEqual([1, 2, 3, 4]);
  });

  it('ends where it is told to, when the bus does not know it any more', async () => {
    const [bus, list] = [memoryBus(), freshList()];
    const consumer = freshName('consumer');
    const { texts, ended } = consuming(bus, list, { consumer, onUnknown: () => Promise.resolve(false) });
    await put(bus.lists, list, numbered(1));
    await vi.waitFor(() => expect(texts).toHaveLength(1), soon);

    await bus.lists.requeue(list, consumer);
    await ended;

    expect(await bus.lists.length(list)).toBe(1);
  });
});

describe('a consumer whose Redis fails', () => {
  it('tells of each outage once, and gets every entry once', async () => {
    const redis = await startRedis({ appendonly: true });
    const bus = createRedisBus({ url: redis.url, commandTimeoutMs: 1_000 });
    await bus.start();
    onCleanup(() => bus.close());
    const list = freshList();
    const outages: unknown[] = [];
    const { texts } = consuming(bus, list, { onOutage: (error) => outages.push(error) });
    await put(bus.lists, list, numbered(5));
    await vi.waitFor(() => expect(texts).toHaveLength(5), soon);

    await redis.kill();
    await vi.waitFor(() => expect(outages).toHaveLength(1), soon);
    await redis.start();
    await vi.waitFor(() => put(bus.lists, list, numbered(5, 6)), soon);
    await vi.waitFor(() => expect(texts).toEqual(numbered(10)), soon);
    expect(outages).toHaveLength(1);

    await redis.kill();
    await vi.waitFor(() => expect(outages).toHaveLength(2), soon);
    await redis.start();
    await vi.waitFor(() => put(bus.lists, list, numbered(1, 11)), soon);
    await vi.waitFor(() => expect(texts).toEqual(numbered(11)), soon);
  });

  it('gets what it took in a call whose answer was lost', async () => {
    const redis = await startRedis();
    const bus = createRedisBus({ url: redis.url, commandTimeoutMs: 500 });
    await bus.start();
    onCleanup(() => bus.close());
    const list = freshList();
    let ask = (): void => undefined;
    const mayAsk = new Promise<void>((resolve) => (ask = resolve));
    const { texts } = consuming(bus, list, { ready: () => mayAsk, onOutage: () => undefined });
    await put(bus.lists, list, numbered(5));

    await redis.client().call('CLIENT', 'PAUSE', '1500', 'ALL');
    ask(); // carried out after the pause, when the answer is not waited for any more

    await vi.waitFor(() => expect(texts).toEqual(numbered(5)), soon);
  });
});
