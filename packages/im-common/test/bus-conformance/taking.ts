import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Lists, Taken } from '../../src/bus/bus.ts';
import { toByteText } from '../../src/bus/byte-text.ts';
import type { InFlight } from '../../src/bus/in-flight.ts';
import { resultList } from '../../src/bus/names.ts';
import {
  batchOf,
  drain,
  freshList,
  freshName,
  numbered,
  openConsumer,
  put,
  type Connections,
} from './subject.ts';

export function taking(connections: () => Connections): void {
  it('shows a part of the list, and leaves it there', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(5));

    expect(await second.lists.range(list, 1, 3)).toEqual(numbered(3, 2));
    expect(await second.lists.range(list, 4, 10)).toEqual(numbered(1, 5));
    expect(await second.lists.range(list, 5, 10)).toEqual([]);
    expect(await second.lists.range(list, 0, 0)).toEqual([]);
    expect(await second.lists.range(freshList(), 0, 10)).toEqual([]);
    expect(await drain(bus.lists, list)).toEqual(numbered(5));
  });

  it('removes entries that were shown, each once, also when others before them went meanwhile', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, [...numbered(700), 'twin', 'twin', 'last']);
    const shown = await bus.lists.range(list, 600, 101);

    const others = await second.lists.range(list, 0, 600);
    expect(await second.lists.remove(list, 0, others)).toBe(600);
    expect(await bus.lists.remove(list, 600, shown.slice(1))).toBe(100);
    expect(await bus.lists.remove(list, 600, shown.slice(1, 100))).toBe(0);

    expect(await drain(bus.lists, list)).toEqual(['entry 601', 'twin', 'last']);
  });

  it('removes what is asked for by two at once one time', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(300));
    const shown = await bus.lists.range(list, 100, 100);

    const counts = await Promise.all([bus, second].map(({ lists }) => lists.remove(list, 100, shown)));

    expect((counts[0] ?? 0) + (counts[1] ?? 0)).toBe(100);
    expect(await drain(bus.lists, list)).toEqual([...numbered(100), ...numbered(100, 201)]);
  });

  it('moves entries in flight and numbers them from 1', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(3));
    const consumer = await openConsumer(second.lists, list);

    const batch = await second.lists.take(list, consumer, 0, 10);

    expect(batch).toEqual(taken(1, numbered(3)));
    expect(await bus.lists.length(list)).toBe(0);
    expect(await second.lists.take(list, consumer, 3, 10)).toEqual([]);
  });

  it('takes no more than it is asked for and goes on where it stopped', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(5));
    const consumer = await openConsumer(bus.lists, list);

    expect(await bus.lists.take(list, consumer, 0, 2)).toEqual(taken(1, numbered(2)));
    expect(await bus.lists.length(list)).toBe(3);
    expect(await bus.lists.take(list, consumer, 2, 2)).toEqual(taken(3, numbered(2, 3)));
    expect(await bus.lists.take(list, consumer, 4, 2)).toEqual(taken(5, numbered(1, 5)));
  });

  it('gives entries of any length back as they were put, few and many, also again', async () => {
    const { bus } = connections();
    const lengths = [0, 1, 15, 16, 31, 32, 255, 256, 32_767, 32_768, 65_535, 65_536, 200_000];
    const entries = lengths.flatMap((length) => ['x'.repeat(length), 'é\n\u0000\u007f'.repeat(length / 5)]);
    for (const some of [entries, ...entries.map((entry) => [entry])]) {
      const list = freshList();
      await put(bus.lists, list, some);
      const consumer = await openConsumer(bus.lists, list);

      expect(await bus.lists.take(list, consumer, 0, 100)).toEqual(taken(1, some.map(toByteText)));
      expect(await bus.lists.take(list, consumer, 0, 100)).toEqual(taken(1, some.map(toByteText)));
    }
  });

  it('gives thousands of entries back in their order, also again without those that are acknowledged', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(9_000));
    const consumer = await openConsumer(bus.lists, list);
    const even = Array.from({ length: 4_500 }, (_, index) => 2 * index + 2);

    expect(await bus.lists.take(list, consumer, 0, 9_000)).toEqual(taken(1, numbered(9_000)));
    await bus.lists.acknowledge(list, consumer, even);

    expect(await bus.lists.take(list, consumer, 0, 9_000)).toEqual(
      taken(1, numbered(9_000)).filter(({ seq }) => seq % 2 === 1),
    );
  });

  it('numbers from the number that the consumer was opened with', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(2));
    const consumer = await openConsumer(bus.lists, list);

    expect(await bus.lists.take(list, consumer, 41, 10)).toEqual(taken(42, numbered(2)));
  });

  it('returns the same entries again when the answer was lost', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(3));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 3);
    await put(bus.lists, list, numbered(2, 4));

    expect(await bus.lists.take(list, consumer, 0, 3)).toEqual(taken(1, numbered(3)));
    expect(await second.lists.take(list, consumer, 0, 3)).toEqual(taken(1, numbered(3)));
    expect(await bus.lists.length(list)).toBe(2);
    expect(await bus.lists.take(list, consumer, 3, 3)).toEqual(taken(4, numbered(2, 4)));
  });

  it('returns again only what was taken after the number that the consumer knows', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(5));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 2);
    await bus.lists.acknowledge(list, consumer, [1]);
    await bus.lists.take(list, consumer, 2, 2);

    expect(await bus.lists.take(list, consumer, 2, 2)).toEqual(taken(3, numbered(2, 3)));
    expect(await bus.lists.take(list, consumer, 3, 2)).toEqual(taken(4, numbered(1, 4)));
  });

  it('gets beyond what is acknowledged with a consumer that begins anew', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(50));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 40);
    const allBut31And32 = numbered(40).flatMap((_, index) => ([30, 31].includes(index) ? [] : [index + 1]));
    await bus.lists.acknowledge(list, consumer, allBut31And32);

    await second.lists.open(list, consumer);
    expect(await second.lists.take(list, consumer, 0, 3)).toEqual(taken(31, numbered(2, 31)));
    expect(await second.lists.take(list, consumer, 32, 3)).toEqual(taken(41, numbered(3, 41)));
    expect(await second.lists.take(list, consumer, 43, 30)).toEqual(taken(44, numbered(7, 44)));
    await second.lists.acknowledge(list, consumer, [31, 32, ...numbered(10).map((_, index) => index + 41)]);

    expect(await bus.lists.take(list, consumer, 0, 10)).toEqual([]);
    await put(bus.lists, list, numbered(1, 51));
    expect(await bus.lists.take(list, consumer, 0, 10)).toEqual(taken(51, numbered(1, 51)));
  });

  it('returns no more than it is asked for, also again', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(5));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 5);

    expect(await bus.lists.take(list, consumer, 0, 2)).toEqual(taken(1, numbered(2)));
    expect(await bus.lists.take(list, consumer, 2, 2)).toEqual(taken(3, numbered(2, 3)));
  });

  it('returns thousands of lost entries again, each once and in order', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(6_000));
    const consumer = await openConsumer(bus.lists, list);
    const first = await takeAll(bus.lists, list, consumer);

    expect(first).toEqual(taken(1, numbered(6_000)));
    expect(await takeAll(bus.lists, list, consumer)).toEqual(first);
  });

  it('forgets acknowledged entries, in any order', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(6));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 6);

    await bus.lists.acknowledge(list, consumer, [5, 2]);
    await bus.lists.acknowledge(list, consumer, [3]);

    expect(await bus.lists.requeue(list, consumer)).toBe(3);
    expect(await drain(bus.lists, list)).toEqual(['entry 1', 'entry 4', 'entry 6']);
  });

  it('ignores numbers that are unknown, acknowledged before, or none', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(2));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 2);

    await bus.lists.acknowledge(list, consumer, [1, 1, 77, 0, -1]);
    await bus.lists.acknowledge(list, consumer, [1]);
    await bus.lists.acknowledge(list, consumer, []);
    await bus.lists.acknowledge(list, freshName('stranger'), [2]);

    expect(await bus.lists.take(list, consumer, 2, 10)).toEqual([]);
    expect(await bus.lists.requeue(list, consumer)).toBe(1);
    expect(await drain(bus.lists, list)).toEqual(['entry 2']);
  });

  it('acknowledges with a put, if it says that it does and the entries are put', async () => {
    const { bus, second } = connections();
    const [list, other, results] = [freshList(), freshList(), freshList()];
    const acknowledge: InFlight[] = [];
    for (const from of [list, other]) {
      await put(bus.lists, from, numbered(5_000));
      const consumer = await openConsumer(bus.lists, from);
      const batch = await takeAll(bus.lists, from, consumer);
      acknowledge.push({ list: from, consumer, seqs: batch.slice(1).map(({ seq }) => seq) });
    }
    const [inList, inOther] = acknowledge as [InFlight, InFlight];

    await second.lists.closeList(results);
    expect(await bus.lists.put(results, batchOf(['a result'], { acknowledge: [inList] }))).toEqual({
      status: 'closed',
    });
    await bus.lists.put(freshList(), batchOf(numbered(2), { acknowledge: [inList], maxLength: 1 }));
    expect(await bus.lists.take(list, inList.consumer, 0, 9)).toHaveLength(9);
    const left = bus.lists.acknowledgesWithPut ? 1 : 5_000;

    const batch = batchOf(['a result', 'another'], { acknowledge });
    const open = freshList();
    expect(await bus.lists.put(open, batch)).toEqual({ status: 'put', length: 2, dropped: 0 });
    expect(await bus.lists.put(open, batch)).toMatchObject({ status: 'put', length: 2, dropped: 0 });
    expect(await drain(bus.lists, open)).toEqual(['a result', 'another']);
    expect(await bus.lists.requeue(list, inList.consumer)).toBe(left);
    expect(await bus.lists.requeue(other, inOther.consumer)).toBe(left);
  });

  it('has nothing to put back when all is acknowledged', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(5_000));
    const consumer = await openConsumer(bus.lists, list);
    const batch = await takeAll(bus.lists, list, consumer);

    await bus.lists.acknowledge(
      list,
      consumer,
      batch.map(({ seq }) => seq),
    );

    expect(await bus.lists.requeue(list, consumer)).toBe(0);
    expect(await bus.lists.length(list)).toBe(0);
  });

  it('puts back in front, in order, before what is newer', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(15));
    const dead = await openConsumer(bus.lists, list);
    await bus.lists.take(list, dead, 0, 12);

    expect(await second.lists.requeue(list, dead)).toBe(12);

    expect(await drain(bus.lists, list)).toEqual(numbered(15));
  });

  it('puts back in front of a long list what was not acknowledged', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(20));
    const dead = await openConsumer(bus.lists, list);
    await bus.lists.take(list, dead, 0, 5);
    await bus.lists.acknowledge(list, dead, [2, 5]);

    expect(await bus.lists.requeue(list, dead)).toBe(3);

    expect(await drain(bus.lists, list)).toEqual(['entry 1', 'entry 3', 'entry 4', ...numbered(15, 6)]);
  });

  it('puts thousands back in order', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(9_000));
    const dead = await openConsumer(bus.lists, list);
    await takeAll(bus.lists, list, dead);
    await put(bus.lists, list, numbered(1, 9_001));

    expect(await bus.lists.requeue(list, dead)).toBe(9_000);

    expect(await drain(bus.lists, list)).toEqual(numbered(9_001));
  });

  it('ends a consumer by putting back what it had', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(2));
    const dead = await openConsumer(bus.lists, list);
    await bus.lists.take(list, dead, 0, 2);
    await bus.lists.requeue(list, dead);

    expect(await bus.lists.take(list, dead, 2, 10)).toBeUndefined();
    expect(await bus.lists.take(list, dead, 0, 10)).toBeUndefined();
    expect(await bus.lists.consumers(list)).toEqual([]);
    expect(await bus.lists.length(list)).toBe(2);
  });

  it('puts back once, however often it is repeated', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(2));
    const dead = await openConsumer(bus.lists, list);
    await bus.lists.take(list, dead, 0, 2);

    const counts = await Promise.all([bus, second, bus].map(({ lists }) => lists.requeue(list, dead)));

    expect(counts.toSorted()).toEqual([0, 0, 2]);
    expect(await drain(bus.lists, list)).toEqual(numbered(2));
  });

  it('acknowledges nothing for a consumer that was ended', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(2));
    const dead = await openConsumer(bus.lists, list);
    await bus.lists.take(list, dead, 0, 2);
    await bus.lists.requeue(list, dead);
    const heir = await openConsumer(bus.lists, list);
    await bus.lists.take(list, heir, 0, 2);

    await bus.lists.acknowledge(list, dead, [1, 2]);

    expect(await bus.lists.requeue(list, heir)).toBe(2);
  });

  it('gives nothing to a consumer that was never opened', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(2));
    const stranger = freshName('stranger');

    expect(await bus.lists.take(list, stranger, 0, 10)).toBeUndefined();
    expect(await bus.lists.requeue(list, stranger)).toBe(0);
    expect(await bus.lists.length(list)).toBe(2);
  });

  it('changes nothing when an open consumer is opened again', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(4));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 2);

    await second.lists.open(list, consumer);
    expect(await bus.lists.take(list, consumer, 0, 2)).toEqual(taken(1, numbered(2)));
    await second.lists.open(list, consumer);
    expect(await bus.lists.take(list, consumer, 2, 2)).toEqual(taken(3, numbered(2, 3)));
    expect(await bus.lists.consumers(list)).toEqual([consumer]);
  });

  it('goes on with the numbers of a consumer that is told again', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(3));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 3);
    await bus.lists.drop(list); // as a bus that lost its memory
    await put(bus.lists, list, numbered(2, 4));

    await bus.lists.open(list, consumer);

    expect(await bus.lists.take(list, consumer, 3, 10)).toEqual(taken(4, numbered(2, 4)));
  });

  it('shares a list between consumers, each entry for one of them', async () => {
    const { bus, second } = connections();
    const list = freshList();
    const count = 2_000;
    let takenCount = 0;

    const consuming = [bus, second, bus].map(async ({ lists }) => {
      const consumer = await openConsumer(lists, list);
      const texts: string[] = [];
      for (let seq = 0; takenCount < count;) {
        const batch = (await lists.take(list, consumer, seq, 7)) ?? [];
        seq = batch.at(-1)?.seq ?? seq;
        texts.push(...batch.map(({ text }) => text));
        takenCount += batch.length;
        await setImmediate(); // or a bus in memory would let nobody else run
      }
      return texts;
    });
    for (let first = 1; first <= count; first += 100) await put(second.lists, list, numbered(100, first));
    const shares = await Promise.all(consuming);

    const byNumber = (a: string, b: string): number => numberOf(a) - numberOf(b);
    expect(shares.flat().toSorted(byNumber)).toEqual(numbered(count));
    for (const share of shares) {
      expect(share).toEqual(share.toSorted(byNumber));
      expect(share.length).toBeGreaterThan(0);
    }
  });

  it('puts back the entries of one consumer and leaves those of others', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(6));
    const [dead, alive] = [await openConsumer(bus.lists, list), await openConsumer(bus.lists, list)];
    await bus.lists.take(list, alive, 0, 2);
    await bus.lists.take(list, dead, 0, 2);

    expect(await bus.lists.requeue(list, dead)).toBe(2);

    expect(await bus.lists.take(list, alive, 0, 2)).toEqual(taken(1, numbered(2)));
    expect(await drain(bus.lists, list)).toEqual(numbered(4, 3));
  });

  it('lists who is open', async () => {
    const { bus, second } = connections();
    const list = freshList();
    expect(await bus.lists.consumers(list)).toEqual([]);

    const first = await openConsumer(bus.lists, list);
    const other = await openConsumer(second.lists, list);
    await openConsumer(bus.lists, freshList());

    expect((await bus.lists.consumers(list)).toSorted()).toEqual([first, other].toSorted());
    await bus.lists.requeue(list, first);
    expect(await bus.lists.consumers(list)).toEqual([other]);
  });

  it('keeps the same consumer apart on two lists', async () => {
    const { bus } = connections();
    const [list, other] = [freshList(), freshList()];
    await put(bus.lists, list, ['a']);
    await put(bus.lists, other, ['b']);
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.open(other, consumer);

    expect(await bus.lists.take(list, consumer, 0, 1)).toEqual(taken(1, ['a']));
    expect(await bus.lists.take(other, consumer, 0, 1)).toEqual(taken(1, ['b']));
    await bus.lists.acknowledge(list, consumer, [1]);
    expect(await bus.lists.requeue(other, consumer)).toBe(1);
  });

  it('drops a list with all that belongs to it', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(4));
    const consumer = await openConsumer(bus.lists, list);
    await bus.lists.take(list, consumer, 0, 2);

    await second.lists.drop(list);
    await second.lists.drop(list);

    expect(await bus.lists.length(list)).toBe(0);
    expect(await bus.lists.consumers(list)).toEqual([]);
    expect(await bus.lists.take(list, consumer, 2, 2)).toBeUndefined();
    expect(await bus.lists.requeue(list, consumer)).toBe(0);
    await put(bus.lists, list, ['afterwards']);
    expect(await drain(bus.lists, list)).toEqual(['afterwards']);
  });

  it('lets a closed list be emptied', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(2));
    const dead = await openConsumer(bus.lists, list);
    await bus.lists.take(list, dead, 0, 1);

    await bus.lists.closeList(list);

    expect(await bus.lists.requeue(list, dead)).toBe(1);
    expect(await drain(bus.lists, list)).toEqual(numbered(2));
  });

  it('takes any characters as names', async () => {
    const { bus } = connections();
    const list = resultList('group', freshName('客服 1:*'));
    const consumer = freshName('büro\n');
    await put(bus.lists, list, numbered(1));
    await bus.lists.open(list, consumer);

    expect(await bus.lists.consumers(list)).toEqual([consumer]);
    expect(await bus.lists.take(list, consumer, 0, 1)).toEqual(taken(1, numbered(1)));
    expect(await bus.lists.requeue(list, consumer)).toBe(1);
    expect(await bus.lists.consumers(list)).toEqual([]);
  });
}

function taken(firstSeq: number, texts: readonly string[]): { seq: number; text: string }[] {
  return texts.map((text, index) => ({ seq: firstSeq + index, text }));
}

/** As a consumer that knows of nothing yet: what is in flight and lost, then what is on the list. */
async function takeAll(lists: Lists, list: string, consumer: string): Promise<Taken[]> {
  const all: Taken[] = [];
  for (;;) {
    const batch = (await lists.take(list, consumer, all.at(-1)?.seq ?? 0, 1_000)) ?? [];
    if (batch.length === 0) return all;
    all.push(...batch);
  }
}

function numberOf(entry: string): number {
  return Number(entry.split(' ')[1]);
}
