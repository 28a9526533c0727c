import { expect, it, vi } from 'vitest';
import { toByteText, type ByteText } from '../../src/bus/byte-text.ts';
import {
  batchOf,
  drain,
  freshList,
  freshName,
  numbered,
  openConsumer,
  put,
  soon,
  type Connections,
} from './subject.ts';

export function putting(connections: () => Connections): void {
  it('keeps the order within a batch and from batch to batch', async () => {
    const { bus, second } = connections();
    const list = freshList();

    await put(bus.lists, list, numbered(3));
    await put(second.lists, list, numbered(2, 4));
    await put(bus.lists, list, numbered(1, 6));

    expect(await drain(second.lists, list)).toEqual(numbered(6));
  });

  it('answers how long the list has become', async () => {
    const { bus, second } = connections();
    const list = freshList();

    expect(await bus.lists.length(list)).toBe(0);
    expect(await put(bus.lists, list, numbered(3))).toEqual({ status: 'put', length: 3, dropped: 0 });
    expect(await put(bus.lists, list, numbered(2))).toEqual({ status: 'put', length: 5, dropped: 0 });
    expect(await second.lists.length(list)).toBe(5);
  });

  it('refuses what makes a list hold too many bytes, whatever was taken from it before', async () => {
    const { bus, second } = connections();
    const list = freshList();
    const consumer = await openConsumer(bus.lists, list);
    const entry = (n: number): string => `${n}`.padEnd(100, '.');
    const rest = { maxBytes: 10_000, producer: freshName('producer') };
    let taken = 0;
    // Far more goes over the list than it may hold, and it is never empty.
    for (let n = 1; n <= 400; n += 1) {
      const outcome = await second.lists.put(list, batchOf([entry(n)], { ...rest, batchNumber: n }));
      expect(outcome.status).toBe('put');
      if (n > 50) taken += (await bus.lists.take(list, consumer, taken, 1))?.length ?? 0;
    }
    const outcomes: string[] = [];
    for (let n = 401; n <= 470; n += 1) {
      outcomes.push((await bus.lists.put(list, batchOf([entry(n)], { ...rest, batchNumber: n }))).status);
    }
    const length = await bus.lists.length(list);

    expect(length).toBeGreaterThanOrEqual(97);
    expect(length).toBeLessThanOrEqual(100);
    expect(outcomes).toEqual(outcomes.toSorted().toReversed());
    // A repetition is one, however full the list is.
    const repeated = batchOf([entry(1)], { ...rest, batchNumber: 400 });
    expect(await bus.lists.put(list, repeated)).toMatchObject({ isRepeat: true });
    await bus.lists.requeue(list, consumer);
    expect(await bus.lists.put(list, batchOf(['x'], { maxBytes: 60_000 }))).toMatchObject({ status: 'put' });
    expect(await bus.lists.put(list, batchOf(['x'], { maxBytes: 10_000 }))).toMatchObject({ status: 'full' });
  });

  it('drops the oldest of a list that holds too many bytes, and leaves it to one that has more by itself', async () => {
    const { bus } = connections();
    const list = freshList();
    const rest = { maxBytes: 10_000, whenFull: 'drop-oldest' as const };
    const entry = (n: number): string => `${n}`.padEnd(100, '.');
    let dropped = 0;
    for (let n = 0; n < 40; n += 1) {
      const batch = Array.from({ length: 5 }, (_, at) => entry(5 * n + at));
      const outcome = await bus.lists.put(list, batchOf(batch, rest));
      if (outcome.status === 'put') dropped += outcome.dropped;
    }

    const length = await bus.lists.length(list);
    expect(length).toBeGreaterThan(80);
    expect(length).toBeLessThanOrEqual(100);
    expect(dropped).toBe(200 - length);
    expect((await bus.lists.range(list, length - 1, 1))[0]).toBe(entry(199));

    const large = 'x'.repeat(20_000);
    expect(await bus.lists.put(list, batchOf([large], rest))).toEqual({
      status: 'put',
      length: 1,
      dropped: length,
    });
    expect(await bus.lists.put(list, batchOf(['y'], rest))).toEqual({ status: 'put', length: 1, dropped: 1 });
    expect(await drain(bus.lists, list)).toEqual(['y']);
    const other = freshList();
    expect(await bus.lists.put(other, batchOf([large], { maxBytes: 10_000 }))).toMatchObject({
      status: 'put',
    });
  });

  it('puts a batch once, however often it is repeated', async () => {
    const { bus, second } = connections();
    const list = freshList();
    const batch = batchOf(numbered(2));

    await bus.lists.put(list, batch);
    await put(bus.lists, list, ['of another producer']);
    const repeat = { status: 'put', length: 3, dropped: 0, isRepeat: true };
    expect(await bus.lists.put(list, batch)).toEqual(repeat);
    expect(await second.lists.put(list, batch)).toEqual(repeat);

    expect(await drain(bus.lists, list)).toEqual([...numbered(2), 'of another producer']);
  });

  it('puts a batch once when it is repeated after its entries were taken', async () => {
    const { bus } = connections();
    const list = freshList();
    const batch = batchOf(numbered(2));

    await bus.lists.put(list, batch);
    await drain(bus.lists, list);
    expect(await bus.lists.put(list, batch)).toMatchObject({ status: 'put', isRepeat: true });
    expect(await bus.lists.length(list)).toBe(0);
  });

  it('puts a batch once when it is repeated after its list was dropped', async () => {
    const { bus } = connections();
    const list = freshList();
    const batch = batchOf(numbered(2));

    await bus.lists.put(list, batch);
    await bus.lists.drop(list);
    expect(await bus.lists.put(list, batch)).toMatchObject({ status: 'put' });

    expect(await bus.lists.length(list)).toBe(0);
  });

  it('puts a batch once when it is repeated at the same time', async () => {
    const { bus, second } = connections();
    const list = freshList();
    const batch = batchOf(numbered(2));

    await Promise.all([bus, second, bus, second].map(({ lists }) => lists.put(list, batch)));

    expect(await drain(bus.lists, list)).toEqual(numbered(2));
  });

  it('puts nothing for a batch number lower than the last', async () => {
    const { bus } = connections();
    const list = freshList();
    const producer = freshName('producer');

    await bus.lists.put(list, batchOf(['batch 9'], { producer, batchNumber: 9 }));
    await bus.lists.put(list, batchOf(['batch 8'], { producer, batchNumber: 8 }));
    await bus.lists.put(list, batchOf(['batch 12'], { producer, batchNumber: 12 }));

    expect(await drain(bus.lists, list)).toEqual(['batch 9', 'batch 12']);
  });

  it('counts batches for each producer and each list alone', async () => {
    const { bus } = connections();
    const [list, other] = [freshList(), freshList()];
    const producer = freshName('producer');

    await bus.lists.put(list, batchOf(['a'], { producer, batchNumber: 5 }));
    await bus.lists.put(other, batchOf(['b'], { producer, batchNumber: 1 }));
    await bus.lists.put(list, batchOf(['c'], { batchNumber: 1 }));

    expect(await drain(bus.lists, list)).toEqual(['a', 'c']);
    expect(await drain(bus.lists, other)).toEqual(['b']);
  });

  it('takes any first batch number', async () => {
    const { bus } = connections();
    const list = freshList();

    for (const batchNumber of [0, 7])
      await bus.lists.put(list, batchOf([`batch ${batchNumber}`], { batchNumber }));

    expect(await drain(bus.lists, list)).toEqual(['batch 0', 'batch 7']);
  });

  it('tells batch numbers beyond 2^31 apart', async () => {
    const { bus } = connections();
    const list = freshList();
    const producer = freshName('producer');
    const batchNumber = 2 ** 52;

    await bus.lists.put(list, batchOf(['a'], { producer, batchNumber }));
    await bus.lists.put(list, batchOf(['repeated'], { producer, batchNumber }));
    await bus.lists.put(list, batchOf(['b'], { producer, batchNumber: batchNumber + 1 }));

    expect(await drain(bus.lists, list)).toEqual(['a', 'b']);
  });

  it('puts nothing of a batch that would make the list too long', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(3));

    expect(await bus.lists.put(list, batchOf(['x', 'y', 'z'], { maxLength: 5 }))).toEqual({
      status: 'full',
      length: 3,
    });
    expect(await drain(bus.lists, list)).toEqual(numbered(3));
  });

  it('puts a batch that just fits', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(3));

    const outcome = await bus.lists.put(list, batchOf(numbered(2, 4), { maxLength: 5 }));

    expect(outcome).toEqual({ status: 'put', length: 5, dropped: 0 });
    expect(await drain(bus.lists, list)).toEqual(numbered(5));
  });

  it('puts a refused batch when it is repeated and there is room', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(2));
    const batch = batchOf(numbered(1, 3), { maxLength: 2 });

    expect(await bus.lists.put(list, batch)).toMatchObject({ status: 'full' });
    await drain(bus.lists, list);
    expect(await bus.lists.put(list, batch)).toMatchObject({ status: 'put' });

    expect(await drain(bus.lists, list)).toEqual(numbered(1, 3));
  });

  it('does not count what is in flight as length', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(3));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 2);

    expect(await bus.lists.length(list)).toBe(1);
    const outcome = await bus.lists.put(list, batchOf(numbered(2, 4), { maxLength: 3 }));
    expect(outcome).toEqual({ status: 'put', length: 3, dropped: 0 });
  });

  it('drops exactly the oldest that are too many, and counts them', async () => {
    const { bus } = connections();
    const list = freshList();
    const shortList = { maxLength: 5, whenFull: 'drop-oldest' } as const;

    const first = await bus.lists.put(list, batchOf(numbered(4), shortList));
    const next = await bus.lists.put(list, batchOf(numbered(3, 5), shortList));

    expect(first).toEqual({ status: 'put', length: 4, dropped: 0 });
    expect(next).toEqual({ status: 'put', length: 5, dropped: 2 });
    expect(await drain(bus.lists, list)).toEqual(numbered(5, 3));
  });

  it('keeps the last of a batch that is longer than the list may be', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(3));

    const outcome = await bus.lists.put(
      list,
      batchOf(numbered(6, 4), { maxLength: 4, whenFull: 'drop-oldest' }),
    );

    expect(outcome).toEqual({ status: 'put', length: 4, dropped: 5 });
    expect(await drain(bus.lists, list)).toEqual(numbered(4, 6));
  });

  it('drops nothing for a batch that was put before', async () => {
    const { bus } = connections();
    const list = freshList();
    const batch = batchOf(numbered(3), { maxLength: 3, whenFull: 'drop-oldest' });

    await bus.lists.put(list, batch);
    expect(await bus.lists.put(list, batch)).toMatchObject({ status: 'put', length: 3, dropped: 0 });

    expect(await drain(bus.lists, list)).toEqual(numbered(3));
  });

  it('lets a list disappear when nothing was put on it for its time', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await bus.lists.put(list, batchOf(numbered(3), { ttlMs: 100 }));
    expect(await bus.lists.length(list)).toBe(3);

    await vi.waitFor(async () => {
      expect(await second.lists.length(list)).toBe(0);
    }, soon);

    await put(bus.lists, list, ['afterwards']);
    expect(await drain(bus.lists, list)).toEqual(['afterwards']);
  });

  it('counts the time of a list anew from each put', async () => {
    const { bus } = connections();
    const [list, canary] = [freshList(), freshList()];
    await bus.lists.put(list, batchOf(['a'], { ttlMs: 100 }));
    await bus.lists.put(list, batchOf(['b'], { ttlMs: 60_000 }));
    await bus.lists.put(canary, batchOf(['a'], { ttlMs: 150 }));

    await vi.waitFor(async () => {
      expect(await bus.lists.length(canary)).toBe(0);
    }, soon);

    expect(await drain(bus.lists, list)).toEqual(['a', 'b']);
  });

  it.for([
    ['without an end', undefined],
    ['while it is taken from', 'taken'],
  ] as const)('keeps a list that was to end, once something is put on it %s', async ([, ttlMs]) => {
    const { bus } = connections();
    const [list, canary] = [freshList(), freshList()];
    await bus.lists.put(list, batchOf(['a'], { ttlMs: 100 }));
    await bus.lists.put(list, batchOf(['b'], { ttlMs }));
    await bus.lists.put(canary, batchOf(['a'], { ttlMs: 150 }));

    await vi.waitFor(async () => {
      expect(await bus.lists.length(canary)).toBe(0);
    }, soon);

    expect(await drain(bus.lists, list)).toEqual(['a', 'b']);
  });

  it('answers every new put on a closed list with closed', async () => {
    const { bus, second } = connections();
    const list = freshList();
    const before = batchOf(['before']);
    await bus.lists.put(list, before);

    await bus.lists.closeList(list);
    await bus.lists.closeList(list);

    const late = batchOf(['late']);
    expect(await bus.lists.put(list, late)).toEqual({ status: 'closed' });
    expect(await bus.lists.put(list, late)).toEqual({ status: 'closed' });
    expect(await second.lists.put(list, late)).toEqual({ status: 'closed' });
    const dropping = batchOf(['late'], { whenFull: 'drop-oldest', maxLength: 1 });
    expect(await bus.lists.put(list, dropping)).toEqual({ status: 'closed' });
    expect(await drain(bus.lists, list)).toEqual(['before']);
  });

  it('answers a repeated put as before, also when the list was closed meanwhile', async () => {
    // Its answer may have been lost; "closed" would make the caller put it elsewhere a second time.
    const { bus } = connections();
    const list = freshList();
    const batch = batchOf(['a']);
    await bus.lists.put(list, batch);

    await bus.lists.closeList(list);

    expect(await bus.lists.put(list, batch)).toMatchObject({ status: 'put' });
    expect(await drain(bus.lists, list)).toEqual(['a']);
  });

  it('closes one list and no other', async () => {
    const { bus } = connections();
    const [list, other] = [freshList(), freshList()];

    await bus.lists.closeList(list);

    expect(await put(bus.lists, other, ['a'])).toMatchObject({ status: 'put' });
  });

  it('keeps a list closed when it is dropped', async () => {
    const { bus } = connections();
    const list = freshList();
    await bus.lists.closeList(list);

    await bus.lists.drop(list);

    expect(await put(bus.lists, list, ['late'])).toEqual({ status: 'closed' });
  });

  it.for(unusualEntries())('carries %s byte for byte, also when it is taken twice', async ([, entry]) => {
    const { bus, second } = connections();
    const list = freshList();
    const dead = await openConsumer(second.lists, list);
    await bus.lists.put(list, { ...batchOf([]), entries: [entry] });

    const taken = await second.lists.take(list, dead, 0, 1);
    await second.lists.requeue(list, dead);
    const [again] = await drain(bus.lists, list);

    // Not toEqual: of two different megabytes it would print both.
    expect(taken?.[0]?.text === entry).toBe(true);
    expect(again === entry).toBe(true);
  });

  it('puts a batch of 5,000 entries in one call, in order', async () => {
    const { bus } = connections();
    const list = freshList();

    const outcome = await put(bus.lists, list, numbered(5_000));

    expect(outcome).toEqual({ status: 'put', length: 5_000, dropped: 0 });
    expect(await drain(bus.lists, list)).toEqual(numbered(5_000));
  });
}

function unusualEntries(): [string, ByteText][] {
  const allBytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
  const asBytes = (bytes: Buffer): ByteText => bytes.toString('latin1') as ByteText;
  return [
    ['nothing at all', toByteText('')],
    ['every byte from 0x00 to 0xff', asBytes(allBytes)],
    ['an entry that breaks off within a character', asBytes(Buffer.from('é').subarray(0, 1))],
    ['line ends and zeros', toByteText('\r\n\0\r\n$5\r\nhello')],
    ['emoji and Chinese', toByteText('{"data":"👩‍👩‍👧 你好 \\ud83d"}')],
    ['a megabyte of ASCII', toByteText('x'.repeat(1024 * 1024))],
    ['a megabyte of every byte', asBytes(Buffer.alloc(1024 * 1024, allBytes))],
  ];
}
