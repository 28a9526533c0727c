import type { ByteText, InFlight, PutOutcome } from 'im-common/bus';
import type { Producer } from 'im-common/internal/bus';
import { createMemoryBus } from 'im-common/bus';
import { decodeEntry, decodeResults, encodeEntry, toByteText } from 'im-common/internal/bus';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ServerMetrics } from '../src/metrics/metrics.ts';
import { LatestOnly } from '../src/push/latest-only.ts';
import { PushedMessage } from '../src/push/pushed-message.ts';
import { Reporter } from '../src/report/reporter.ts';

// P-7.7.

const source = { list: 'im:message:private:1', consumer: 'boot' };
const receiver = { id: '2', terminal: 0 };
const silent = (): void => undefined;

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

interface Call {
  readonly atMs: number;
  readonly list: string;
  readonly entries: number;
  readonly data: unknown[];
  readonly times: (number | undefined)[];
  readonly seqs: readonly number[];
}

/** A reporter whose messages are delivered as soon as they come, and what it puts for this service. */
function reporting(serviceName = 'app'): { calls: Call[]; push: (count?: number) => void } {
  const calls: Call[] = [];
  const startedAt = performance.now();
  const results = {
    putAndAcknowledge: (
      list: string,
      texts: readonly ByteText[],
      acknowledged: readonly InFlight[],
    ): Promise<PutOutcome> => {
      const reported = texts.flatMap(decodeResults);
      const data = reported.map(({ dataText }): unknown => JSON.parse(dataText));
      const times = reported.flatMap(({ takenAt, resolvedAt }) => [takenAt, resolvedAt]);
      const seqs = acknowledged.flatMap(({ seqs }) => seqs);
      calls.push({ atMs: performance.now() - startedAt, list, entries: texts.length, data, times, seqs });
      return Promise.resolve({ status: 'put', length: 1, dropped: 0 });
    },
  } as unknown as Producer; // nothing else is asked of it
  const reporter = new Reporter({
    lists: createMemoryBus().lists,
    results,
    packedResults: results,
    deadLetters: results,
    metrics: new ServerMetrics(),
    tracing: { output: undefined },
    logger: { debug: silent, info: silent, warn: silent, error: silent },
    serverId: () => 1,
    whenOwner: () => undefined,
  });
  let seq = 0;
  const push = (count = 1): void => {
    const takenAt = performance.now();
    const batch = {
      kind: 'private' as const,
      source,
      takenAt,
      dueSince: takenAt,
      onOutcome: reporter.onOutcome,
      onMissed: () => undefined,
      isKept: () => false,
      isFor: () => true,
      onNumbered: () => undefined,
      hasPassed: () => false,
      latest: new LatestOnly([]),
    };
    for (let n = 0; n < count; n += 1) {
      seq += 1;
      const text = encodeEntry('private', {
        dataText: toByteText(String(seq)),
        receivers: [receiver],
        sendResult: true,
        serviceName,
        attempt: 1,
      });
      const message = new PushedMessage(batch, seq, decodeEntry(text));
      reporter.accept(message);
      message.add({ address: receiver, stage: 'proved' });
      reporter.finish(message);
    }
  };
  return { calls, push };
}

/** To the end of this turn of the event loop, and so many milliseconds further. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

test('the result of a message that comes alone goes at once', async () => {
  const { calls, push } = reporting();

  push();
  await pass(0);
  await pass(100);
  push();
  await pass(0);

  expect(calls).toMatchObject([
    { atMs: 0, data: [1], seqs: [1] },
    { atMs: 100, data: [2], seqs: [2] },
  ]);
});

test('a message is taken before it is resolved, also by a clock that was set meanwhile', async () => {
  const { calls, push } = reporting();

  const date = Date.UTC(2031, 4, 1);
  vi.setSystemTime(date);
  push();
  await pass(0);

  expect(calls).toMatchObject([{ times: [date, date] }]);
});

test('the results of a stream of small batches share calls, and none waits for more than sixteen milliseconds', async () => {
  const { calls, push } = reporting();

  for (let ms = 0; ms < 50; ms += 1) {
    push();
    await pass(1);
  }
  await pass(100);

  expect(calls.flatMap(({ data }) => data)).toEqual(upTo(50));
  expect(calls.flatMap(({ seqs }) => seqs)).toEqual(upTo(50));
  expect(calls.length).toBeLessThan(15);
  for (const { atMs, data } of calls) {
    // Message n was pushed n - 1 ms after the start.
    expect(atMs - (Number(data[0]) - 1)).toBeLessThanOrEqual(16);
  }
});

test('the results of large batches go at once, however closely they follow', async () => {
  const { calls, push } = reporting();

  for (let ms = 0; ms < 5; ms += 1) {
    push(100);
    await pass(1);
  }

  expect(calls.map(({ data }) => data.length)).toEqual([100, 100, 100, 100, 100]);
});

test('a sender who waits for each result before it goes on is held up only now and then', async () => {
  const { calls, push } = reporting();

  let ms = 0;
  for (let n = 1; n <= 1_000; n += 1) {
    push();
    // The result comes back to it, and the next message from it, within a millisecond.
    for (const before = calls.length; calls.length === before; ms += 1) await pass(1);
  }

  expect(calls.flatMap(({ data }) => data)).toEqual(upTo(1_000));
  expect(ms).toBeLessThan(1_200);
});

// P-7.12.
test('the results for an instance share entries, and those for a service do not', async () => {
  const service = reporting();
  const instance = reporting('app@0123456789ab');

  service.push(40);
  instance.push(40);
  await pass(0);

  expect(service.calls).toMatchObject([{ list: 'im:result:private:app', entries: 40, data: upTo(40) }]);
  expect(instance.calls).toMatchObject([
    { list: 'im:result:private:app@0123456789ab', entries: 3, data: upTo(40), seqs: upTo(40) },
  ]);
});
