import { expect, it } from 'vitest';
import type { ByteText } from '../src/bus/byte-text.ts';
import { Gathering } from '../src/bus/gathering.ts';
import { Producer, type PutTarget } from '../src/bus/produce.ts';

it('lets what comes in a burst wait for the end of 4 ms, and nothing else', () => {
  const gathering = new Gathering(() => undefined);
  const waits = (count: number, now: number): boolean => {
    const isToWait = gathering.isToWait(count, now);
    if (!isToWait) gathering.onCall(now);
    return isToWait;
  };

  expect(waits(1, 100), 'the first one').toBe(false);
  expect([waits(1, 100.5), waits(2, 103.9), waits(3, 104.1)], 'a burst').toEqual([true, true, false]);
  expect([waits(63, 104.2), waits(64, 104.3)], 'a large one').toEqual([true, false]);
  expect(waits(1, 110), 'after a pause').toBe(false);
});

it('ends a wait that nothing else ends, and lets nothing wait for a while then', async () => {
  const gathering = new Gathering(() => over());
  let over = (): void => undefined;
  const rests: boolean[] = [];

  for (let stalls = 0; stalls < 2; stalls += 1) {
    const ended = new Promise<void>((resolve) => (over = resolve));
    // Until it waits again, which it does some time after it has stalled.
    for (let now = performance.now(); ; now = performance.now()) {
      gathering.onCall(now);
      if (gathering.isToWait(1, now)) break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await ended;
    const now = performance.now();
    gathering.onCall(now);
    rests.push(!gathering.isToWait(1, now));
  }

  expect(rests).toEqual([true, true]);
});

it('has a producer put all, in order, in fewer calls', async () => {
  const calls: string[][] = [];
  const target: PutTarget = {
    put: (_, { entries }) => {
      calls.push([...entries]);
      return Promise.resolve({ status: 'put', length: 0, dropped: 0 });
    },
    length: () => Promise.resolve(0),
  };
  const producer = new Producer(target, {
    ...{ maxLength: 1_000, whenFull: 'refuse', timeoutMs: 5_000, maxBatch: 100 },
    gathers: true,
  });
  const texts = Array.from({ length: 300 }, (_, index) => `entry ${index}` as ByteText);

  const puts: Promise<unknown>[] = [];
  for (const text of texts) {
    puts.push(producer.put('list', text));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(puts);

  expect(calls.flat()).toEqual(texts);
  expect(calls.length).toBeLessThan(300);
});
