import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, vi } from 'vitest';
import type { Bus, Lists } from '../src/bus/bus.ts';
import { toByteText } from '../src/bus/byte-text.ts';
import { consume } from '../src/bus/consume.ts';
import { Producer } from '../src/bus/produce.ts';
import { ImError } from '../src/errors.ts';

interface PutEntry {
  readonly name: string;
  readonly startedAt: number;
  readonly acknowledgedAt: number;
}

interface Failure {
  readonly call: string;
  readonly error: unknown;
  readonly tookMs: number;
}

interface Connections {
  readonly producing: Bus;
  readonly consuming: Bus;
}

export interface Work {
  readonly failures: readonly Failure[];
  /**
   * `safe`: what was acknowledged until now must outlive the fault. Redis acknowledges before its replicas have an entry, so
   * see to it that they have what there is before the fault begins. `over`: what begins from now on must come through again.
   */
  mark(moment: 'safe' | 'over'): void;
  /** So many more from now on. */
  untilAcknowledged(count: number): Promise<void>;
  /** Ends it, and checks that what had to come through came through. */
  finish(): Promise<void>;
}

/** Half a second or two, and for ever without a bound. */
const boundMs = 20_000;

/** One producer and one consumer that do not know of any fail-over. The connections are closed with the test. */
export function startWork(list: string, { producing, consuming }: Connections): Work {
  const failures: Failure[] = [];
  const stop = new AbortController();
  const acknowledged: PutEntry[] = [];
  const given: string[] = [];
  const consumed: string[] = [];
  const marks = { safe: NaN, over: NaN };

  const producer = new Producer(watched(producing.lists, failures), {
    timeoutMs: 30_000,
    maxBatch: 10,
    maxLength: 1_000_000,
    whenFull: 'refuse',
  });
  const lists = watched(consuming.lists, failures);
  const loops = [produceUntil(stop.signal), consumeUntil(stop.signal)];
  onTestFinished(async () => {
    stop.abort();
    await Promise.allSettled(loops);
    await producing.close();
    await consuming.close();
  });

  async function produceUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const name = `entry ${given.length + 1}`;
      given.push(name);
      const startedAt = performance.now();
      expect(await producer.put(list, toByteText(name))).toMatchObject({ status: 'put' });
      acknowledged.push({ name, startedAt, acknowledgedAt: performance.now() });
      await sleep(2);
    }
  }

  function consumeUntil(signal: AbortSignal): Promise<void> {
    const consumer = 'consumer';
    const onUnknown = (): Promise<boolean> => Promise.resolve(true);
    const options = { list, consumer, maxBatch: 20, signal, isAlone: true, onUnknown };
    return consume(lists, options, async (batch) => {
      consumed.push(...batch.map(({ text }) => text));
      await settleUntilDone(
        consumer,
        batch.map(({ seq }) => seq),
      );
    });
  }

  async function settleUntilDone(consumer: string, seqs: readonly number[]): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        await lists.acknowledge(list, consumer, seqs);
        return;
      } catch {
        await sleep(50);
      }
    }
  }

  return {
    failures,
    mark(moment) {
      marks[moment] = performance.now();
    },
    async untilAcknowledged(count) {
      const target = acknowledged.length + count;
      await vi.waitFor(
        () => {
          expect(acknowledged.length).toBeGreaterThanOrEqual(target);
        },
        { timeout: 20_000, interval: 20 },
      );
    },
    async finish() {
      const before = acknowledged.filter((entry) => entry.acknowledgedAt < marks.safe);
      const after = acknowledged.filter((entry) => entry.startedAt > marks.over);
      const expected = [...before, ...after].map(({ name }) => name);
      expect(before.length).toBeGreaterThan(10);
      expect(after.length).toBeGreaterThan(10);

      await vi.waitFor(
        () => {
          const missing = expected.filter((name) => !consumed.includes(name));
          expect(missing).toEqual([]);
        },
        { timeout: 10_000, interval: 50 },
      );
      stop.abort();
      await Promise.all(loops);

      expect(consumed.filter((name) => !given.includes(name))).toEqual([]);
      const firstTimes = [...new Set(consumed)].filter((name) => expected.includes(name));
      expect(firstTimes).toEqual(expected);
      for (const { call, error, tookMs } of failures) {
        expect(error, call).toBeInstanceOf(ImError);
        expect(error, call).toMatchObject({ code: 'BUS_UNAVAILABLE' });
        expect(tookMs, call).toBeLessThan(boundMs);
      }
    },
  };
}

/** The same lists, with a note of every call that is rejected and how long it took. */
function watched(lists: Lists, failures: Failure[]): Lists {
  return new Proxy(lists, {
    get(target, call) {
      const method = Reflect.get(target, call) as (...args: unknown[]) => Promise<unknown>; // Lists has no other members
      return async (...args: unknown[]) => {
        const before = performance.now();
        try {
          return await method.apply(target, args);
        } catch (error) {
          failures.push({ call: String(call), error, tookMs: performance.now() - before });
          throw error;
        }
      };
    },
  });
}
