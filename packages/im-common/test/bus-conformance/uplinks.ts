import { expect, it, vi } from 'vitest';
import { toByteText } from '../../src/bus/byte-text.ts';
import {
  uplinkList,
  uplinkPartitionOf,
  uplinkPartitions,
  type HandledUplink,
  type Uplink,
  type UplinkLimits,
} from '../../src/bus/uplinks.ts';
import { drain, freshName, freshNumber, openConsumer, soon, type Connections } from './subject.ts';

const limits: UplinkLimits = { maxLength: 1_000, maxBytes: 1_000_000, maxOutstanding: 64 };

function freshUplinkList(): string {
  return uplinkList(freshName('service'), 0);
}

function uplink(n: number, rest: Partial<Uplink> = {}): Uplink {
  const box = rest.box ?? 'box';
  const sender = rest.sender ?? { id: '7', terminal: 1 };
  return { sender, box, n, done: 0, via: 5, entry: toByteText(`${box} ${n}`), ...rest };
}

function handled(seq: number, n: number, reply?: string): HandledUplink {
  const text = reply === undefined ? undefined : toByteText(reply);
  return { seq, sender: { id: '7', terminal: 1 }, box: 'box', n, reply: text };
}

const stored = { status: 'stored' } as const;

export function uplinks(connections: () => Connections): void {
  it('stores the next number, takes one that it has for stored, and refuses a gap', async () => {
    const { bus, second } = connections();
    const list = freshUplinkList();

    expect(await bus.uplinks.put(list, [uplink(1), uplink(2)], limits)).toEqual([stored, stored]);
    expect(await second.uplinks.put(list, [uplink(2), uplink(4), uplink(3)], limits)).toEqual([
      stored,
      { status: 'gap' },
      stored,
    ]);

    expect(await drain(bus.lists, list)).toEqual(['box 1', 'box 2', 'box 3']);
  });

  it('numbers each outbox of each address on its own', async () => {
    const { bus } = connections();
    const list = freshUplinkList();
    const others = [uplink(1, { box: 'other' }), uplink(1, { sender: { id: '7', terminal: 2 } })];

    expect(await bus.uplinks.put(list, [uplink(1), ...others], limits)).toEqual([stored, stored, stored]);

    expect(await bus.lists.length(list)).toBe(3);
  });

  it('believes a device what it has done with, where it has forgotten', async () => {
    const { bus } = connections();
    const list = freshUplinkList();

    const outcomes = await bus.uplinks.put(list, [uplink(6), uplink(6, { done: 5 }), uplink(5)], limits);

    expect(outcomes).toEqual([{ status: 'gap' }, stored, stored]);
    expect(await drain(bus.lists, list)).toEqual(['box 6']);
  });

  it('stores at most so many of an address that wait, whatever they are called, until they are acknowledged', async () => {
    const { bus } = connections();
    const list = freshUplinkList();
    const few = { ...limits, maxOutstanding: 2 };
    await bus.uplinks.put(list, [uplink(1), uplink(1, { box: 'other' })], few);

    expect(await bus.uplinks.put(list, [uplink(2), uplink(9, { box: 'third', done: 8 })], few)).toEqual([
      { status: 'busy' },
      { status: 'busy' },
    ]);
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 10);
    await bus.uplinks.acknowledge(list, consumer, [handled(1, 1)]);
    expect(await bus.uplinks.put(list, [uplink(2), uplink(3)], few)).toEqual([stored, { status: 'busy' }]);
  });

  it('stores no more than the list may hold', async () => {
    const { bus } = connections();
    const list = freshUplinkList();

    const outcomes = await bus.uplinks.put(list, [uplink(1), uplink(2), uplink(3)], {
      ...limits,
      maxLength: 2,
    });

    expect(outcomes).toEqual([stored, stored, { status: 'full' }]);
  });

  it('stores no more bytes than the list may hold, and more when some are taken', async () => {
    const { bus, second } = connections();
    const list = freshUplinkList();
    const few = { ...limits, maxBytes: 10_000 };
    const from = (user: number, length = 1_000): Uplink =>
      uplink(1, { sender: { id: `${user}`, terminal: 1 }, entry: toByteText('x'.repeat(length)) });
    const statuses = async (users: readonly number[], length?: number): Promise<string[]> => {
      const some = users.map((user) => from(user, length));
      return (await second.uplinks.put(list, some, few)).map(({ status }) => status);
    };

    expect(await statuses([1, 2, 3, 4, 5, 6])).not.toContain('full');
    expect(await statuses([7, 8, 9, 10, 11, 12])).toEqual([
      'stored',
      'stored',
      'stored',
      'stored',
      'full',
      'full',
    ]);
    expect(await statuses([13], 1)).toEqual(['full']);
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 5);
    expect(await statuses([11, 12, 13])).toEqual(['stored', 'stored', 'stored']);
    await bus.lists.take(list, consumer, 5, 100);
    expect(await statuses([14], 20_000)).toEqual(['stored']);
    expect(await statuses([15], 1)).toEqual(['full']);
  });

  it('forgets the oldest outbox of an address that comes with ever new ones', async () => {
    const { bus } = connections();
    const list = freshUplinkList();
    for (let box = 0; box < 18; box += 1)
      await bus.uplinks.put(list, [uplink(1, { box: `b${box}` })], limits);

    await bus.uplinks.put(list, [uplink(1, { box: 'b17' }), uplink(1, { box: 'b0' })], limits);

    expect((await drain(bus.lists, list)).slice(18)).toEqual(['b0 1']);
  });

  it('hands them to a consumer like all that is put', async () => {
    const { bus, second } = connections();
    const list = freshUplinkList();
    const consumer = await openConsumer(bus.lists, list);
    const waiting = new AbortController();
    for (let n = 1; n <= 5; n += 1) {
      const news = bus.lists.wait(list, 5_000, waiting.signal, { consumer, afterSeq: n - 1 });
      await second.uplinks.put(list, [uplink(n)], limits);
      await news;
      const taken = async (): Promise<unknown> => bus.lists.take(list, consumer, n - 1, 10);
      expect(await taken()).toEqual([{ seq: n, text: `box ${n}` }]);
    }
    waiting.abort();
  });

  it('keeps a reply, and gives it to a repetition and the server where its device was heard last', async () => {
    const { bus } = connections();
    const list = freshUplinkList();
    await bus.uplinks.put(list, [uplink(1), uplink(2)], limits);
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 10);
    await bus.uplinks.put(list, [uplink(1, { via: 6 })], limits);

    expect(
      await bus.uplinks.acknowledge(list, consumer, [handled(1, 1, '"reply":"ö"'), handled(2, 2)]),
    ).toEqual([6, 0]);
    // The same again, as after an answer that was lost.
    expect(await bus.uplinks.acknowledge(list, consumer, [handled(1, 1, '"reply":"ö"')])).toEqual([6]);
    expect(await bus.uplinks.put(list, [uplink(1), uplink(2)], limits)).toEqual([
      { status: 'stored', reply: toByteText('"reply":"ö"') },
      stored,
    ]);
  });

  it('acknowledges nothing that another consumer has by now', async () => {
    const { bus } = connections();
    const list = freshUplinkList();
    await bus.uplinks.put(list, [uplink(1)], limits);
    const late = await openConsumer(bus.lists, list);
    await bus.lists.take(list, late, 0, 10);
    await bus.lists.requeue(list, late);

    expect(await bus.uplinks.acknowledge(list, late, [handled(1, 1, '"reply":1')])).toEqual([undefined]);

    expect(await bus.uplinks.put(list, [uplink(1)], limits)).toEqual([stored]);
    expect(await drain(bus.lists, list)).toEqual(['box 1']);
  });

  it('gives each owner a higher epoch than those before it, also within one moment', async () => {
    const { bus } = connections();
    const service = freshName('service');
    const shares = Array.from({ length: 20 }, () => bus.uplinks.share(service, 'a', 5_000, [0]));
    const epochs = (await Promise.all(shares)).map(
      ({ owned }) => owned.find(({ partition }) => partition === 0)?.epoch ?? NaN,
    );
    expect(epochs).toEqual([...new Set(epochs)].sort((one, other) => one - other));
    await bus.uplinks.leave(service, 'a');
    const { owned } = await bus.uplinks.share(service, 'b', 5_000, []);
    expect(owned[0]?.epoch).toBeGreaterThan(epochs.at(-1) ?? Infinity);
  });

  it('gives a lone instance all partitions, and those who come later their share of what it gives up', async () => {
    const { bus, second } = connections();
    const service = freshName('service');
    const alone = await bus.uplinks.share(service, 'a', 5_000, []);
    expect(alone.owned).toHaveLength(uplinkPartitions);
    expect(new Set(alone.owned.map(({ epoch }) => epoch > 0))).toEqual(new Set([true]));

    expect(await second.uplinks.share(service, 'b', 5_000, [])).toEqual({ share: 8, owned: [] });
    const { share } = await bus.uplinks.share(service, 'a', 5_000, []);
    await bus.uplinks.share(service, 'a', 5_000, [0, 1, 2]);
    const { owned } = await second.uplinks.share(service, 'b', 5_000, []);

    expect(share).toBe(8);
    expect(owned.map(({ partition }) => partition)).toEqual([0, 1, 2]);
    for (const { partition, epoch } of owned) {
      expect(epoch).toBeGreaterThan(
        alone.owned.find((one) => one.partition === partition)?.epoch ?? Infinity,
      );
    }
    await bus.uplinks.leave(service, 'a');
    expect((await second.uplinks.share(service, 'b', 5_000, [])).owned).toHaveLength(uplinkPartitions);
  });

  it('gives away what a silent instance owned, but not to who looks first after an outage', async () => {
    const { bus } = connections();
    const service = freshName('service');
    const first = await bus.uplinks.share(service, 'a', 60, []);
    await vi.waitFor(async () => {
      // It was late at the first look; then it is back.
      await bus.uplinks.share(service, 'b', 30, []);
      await bus.lists.length('im:uplink:none:0');
      const back = await bus.uplinks.share(service, 'a', 60, []);
      expect(back.owned).toEqual(first.owned);
    }, soon);

    await vi.waitFor(async () => {
      const { owned } = await bus.uplinks.share(service, 'c', 90, []);
      expect(owned).toHaveLength(uplinkPartitions);
    }, soon);
  });

  it('opens a consumer for an owner, and for none before it', async () => {
    const { bus, second } = connections();
    const list = freshUplinkList();
    await bus.uplinks.put(list, [uplink(1)], limits);
    expect(await bus.uplinks.claim(list, 'old', 1_000)).toBe(true);
    await bus.lists.take(list, 'old', 0, 10);

    expect(await second.uplinks.claim(list, 'new', 1_001)).toBe(true);
    await second.lists.requeue(list, 'old');

    expect(await bus.lists.take(list, 'old', 1, 10)).toBeUndefined();
    expect(await bus.uplinks.claim(list, 'old', 1_000)).toBe(false);
    expect(await second.uplinks.claim(list, 'new', 1_001)).toBe(true);
    expect(await second.lists.take(list, 'new', 0, 10)).toEqual([{ seq: 1, text: 'box 1' }]);
  });

  it('spreads users over all partitions', () => {
    const first = freshNumber() * 1_000_000;
    const counts = new Array<number>(uplinkPartitions).fill(0);
    for (let id = 0; id < 16_000; id += 1) {
      const partition = uplinkPartitionOf(String(first + id));
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });
}
