import { expect, test } from 'vitest';
import type { PutBatch, PutOutcome } from '../src/bus/bus.ts';
import { toByteText } from '../src/bus/byte-text.ts';
import { decodeTraceRecord, encodeTraceOrder, traceNotice, TraceStore } from '../src/bus/traces.ts';

/** A store, and what it has put on the bus. */
function storing(): { store: TraceStore; batches: PutBatch[]; switched: boolean[] } {
  const batches: PutBatch[] = [];
  const switched: boolean[] = [];
  const lists = {
    put: (_list: string, batch: PutBatch): Promise<PutOutcome> => {
      batches.push(batch);
      return Promise.resolve({ status: 'put', length: 1, dropped: 0 });
    },
    length: () => Promise.resolve(0),
  };
  return {
    store: new TraceStore(
      lists,
      () => 'server 5',
      (isOn) => switched.push(isOn),
    ),
    batches,
    switched,
  };
}

function order(forMs: number): ReadonlyMap<string, string> {
  const text = encodeTraceOrder({ users: ['5'], messageIds: ['order-17'], idMember: 'id', forMs });
  return new Map([[traceNotice, text]]);
}

const others = Array.from({ length: 1_000 }, (_, index) => ({ id: String(index), terminal: 0 }));

function watchedOf(store: TraceStore, message: Parameters<TraceStore['watched']>[0]): unknown {
  const { isWatched, more, some } = store.watched(message, others, (address) => address);
  return [isWatched, some.length, more];
}

test('of a large group only those are written down who are watched; of a watched message or sender a few', () => {
  const { store } = storing();
  expect(watchedOf(store, { messageId: 'order-17' })).toEqual([false, 0, 0]);
  store.look(order(60_000));

  expect(watchedOf(store, { messageId: 'another' })).toEqual([true, 1, 0]);
  expect(watchedOf(store, { messageId: 'order-17' })).toEqual([true, 20, 980]);
  expect(watchedOf(store, { senderText: toByteText('{"id":5,"terminal":1}') })).toEqual([true, 20, 980]);
  expect(watchedOf(store, { senderText: toByteText('{"id":[') })).toEqual([true, 1, 0]);
});

test('a burst and long names make it no larger than its bounds', async () => {
  const { store, batches } = storing();
  store.look(order(60_000));

  const startedAt = performance.now();
  for (let count = 0; count < 10_000; count += 1)
    store.add({ step: 'taken', at: 1, id: '\u0001'.repeat(100_000), text: 'x'.repeat(100_000) });
  const seconds = Math.ceil((performance.now() - startedAt) / 1_000) + 1;
  await expect.poll(() => batches.length).toBeGreaterThan(0);

  const entries = batches.flatMap((batch) => batch.entries);
  expect(entries.length).toBeLessThanOrEqual(200 * seconds);
  expect(Math.max(...entries.map((text) => text.length))).toBeLessThan(1_000);
  expect(batches[0]).toMatchObject({ maxLength: 5_000, whenFull: 'drop-oldest', ttlMs: 3_600_000 });
  expect(decodeTraceRecord(entries[0] ?? toByteText(''))).toMatchObject({ step: 'taken', by: 'server 5' });
});

test('it is over by its own clock, also while the bus is away; and orders that are none switch nothing on', async () => {
  const { store, switched } = storing();
  store.look(order(1));
  await expect.poll(() => watchedOf(store, { messageId: 'order-17' })).toEqual([false, 0, 0]);
  expect(switched).toEqual([true, false]);

  const good = order(60_000).get(traceNotice) ?? '';
  for (const text of ['', '[', 'null', '{}', good.replace('60000', '1e9'), good.replace('"5"', '5')])
    store.look(new Map([[traceNotice, text]]));
  expect(switched).toEqual([true, false]);
  store.look(order(60_000));
  store.look(undefined);
  expect(switched).toEqual([true, false, true, false]);
});

test.each([
  'x',
  'null',
  '[]',
  '{"step":"sent","by":"x"}',
  '{"step":"x","at":1,"by":"x"}',
  '{"step":"sent","at":1,"by":"x","id":{}}',
])('%s is no step', (text) => {
  expect(decodeTraceRecord(toByteText(text))).toBeUndefined();
});
