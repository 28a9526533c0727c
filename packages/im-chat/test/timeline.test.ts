import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Timeline } from '../src/messages/timeline.ts';
import { isLinkOver } from '../src/model/links.ts';
import type { StoredMessage } from '../src/model/message.ts';
import type { Page } from '../src/model/page.ts';

const id = 'group:1';

/** What a platform would have of one conversation: numbers without holes, some of which are nothing to see. */
class Told {
  readonly nothing = new Set<number>();
  last = 0;
  asked: string[] = [];
  /** As a replica that is behind: what it does not have yet. */
  behind = 0;

  message(number: number): StoredMessage {
    return {
      ...{ id: String(100 + number), conversationId: id, number, senderId: '2', senderName: 'Bob' },
      ...{ sentAt: '2026-11-27T12:00:00.000Z', content: { type: 'text', text: `text ${number}` } },
      ...{ status: 'sent', mentions: [], stamp: 0, editedAt: null, replyTo: null, forwarded: null },
      ...{ isPinned: false, reactions: [] },
    };
  }

  say(isNothing = false): number {
    this.last += 1;
    if (isNothing) this.nothing.add(this.last);
    return this.last;
  }

  visible(from = 1, to = this.last): number[] {
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index).filter(
      (number) => !this.nothing.has(number),
    );
  }

  async fetch({ before, after, around, limit }: Wanted): Promise<Page> {
    this.asked.push(JSON.stringify({ before, after, around }));
    await Promise.resolve();
    const last = this.last - this.behind;
    let [from, to] = [Math.max(1, (before ?? last + 1) - limit), (before ?? last + 1) - 1];
    if (after !== undefined) [from, to] = [after + 1, Math.min(last, after + limit)];
    if (around !== undefined) {
      from = Math.max(1, around - Math.floor(limit / 2));
      to = Math.min(last, from + limit - 1);
    }
    const items = this.visible(from, to).map((number) => this.message(number));
    return { items, from, to, first: 1, last };
  }
}

interface Wanted {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
  readonly limit: number;
}

function timelineOf(told: Told): Timeline {
  return new Timeline({
    ...{ id, userId: '1', most: 150 },
    fetch: (_, wanted) => told.fetch(wanted),
    cache: {
      ...{ before: async () => undefined, keep: async () => undefined },
      ...{ change: () => undefined, remove: () => undefined },
    },
    see: (message: StoredMessage) => message,
    reached: () => undefined,
    pending: () => [],
    underWay: () => undefined,
  });
}

function numbersIn(timeline: Timeline): (number | undefined)[] {
  return timeline.view.get().messages.map(({ number }) => number);
}

async function settled(timeline: Timeline): Promise<void> {
  while (timeline.view.get().isLoading) await new Promise((resolve) => setTimeout(resolve, 1));
}

test('a message that is not next is held until those before it are fetched', async () => {
  const told = new Told();
  for (let count = 0; count < 6; count += 1) told.say();
  const timeline = timelineOf(told);
  await timeline.open();
  told.asked = [];
  for (let count = 0; count < 3; count += 1) told.say();

  timeline.heard(told.message(9));
  expect(numbersIn(timeline)).toEqual([1, 2, 3, 4, 5, 6]);
  await settled(timeline);

  expect(numbersIn(timeline)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(told.asked).toEqual(['{"after":6}']);
});

test('numbers that are nothing to see are asked for once', async () => {
  const told = new Told();
  told.say();
  const timeline = timelineOf(told);
  await timeline.open();
  told.asked = [];
  for (const isNothing of [true, true, false]) told.say(isNothing);

  timeline.heard(told.message(4));
  await settled(timeline);
  await timeline.refresh();

  expect(numbersIn(timeline)).toEqual([1, 4]);
  expect(told.asked).toEqual(['{"after":1}', '{"after":0}']);
});

test('a replica that is behind is asked again, and what was pushed is not lost', async () => {
  const told = new Told();
  told.say();
  const timeline = timelineOf(told);
  await timeline.open();
  told.say();
  told.say();
  told.behind = 2;

  timeline.heard(told.message(3));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(numbersIn(timeline)).toEqual([1]);
  told.behind = 0;
  await settled(timeline);

  expect(numbersIn(timeline)).toEqual([1, 2, 3]);
});

test('one may read up to the beginning of more than is held at once, and down again', async () => {
  const told = new Told();
  for (let count = 0; count < 400; count += 1) told.say();
  const timeline = timelineOf(told);
  await timeline.open();

  // At most 350 above, in pages of 50 at least.
  for (let page = 0; page < 10 && timeline.view.get().hasEarlier; page += 1) await timeline.loadEarlier(50);
  expect(numbersIn(timeline)).toEqual(told.visible(1, 150));

  for (let page = 0; page < 10 && timeline.view.get().hasLater; page += 1) await timeline.loadLater(50);
  expect(numbersIn(timeline)).toEqual(told.visible(251, 400));
});

test('with a long gap the newest part takes the place of what was held', async () => {
  const told = new Told();
  told.say();
  const timeline = timelineOf(told);
  await timeline.open();
  for (let count = 0; count < 1_000; count += 1) told.say();

  timeline.heard(told.message(1_001));
  await settled(timeline);

  const numbers = numbersIn(timeline);
  expect([numbers[0], numbers.at(-1), numbers.length]).toEqual([952, 1_001, 50]);
  expect(timeline.view.get()).toMatchObject({ hasEarlier: true, hasLater: false });
});

test('what is deleted, or changed, while a page is on its way is not brought back by it', async () => {
  const told = new Told();
  for (let count = 0; count < 6; count += 1) told.say();
  const timeline = timelineOf(told);
  await timeline.open();

  const loading = timeline.loadNewest();
  timeline.deleted([3]);
  timeline.heard({ ...told.message(4), stamp: 1, content: { type: 'text', text: 'edited' } });
  await loading;

  expect(numbersIn(timeline)).toEqual([1, 2, 4, 5, 6]);
  expect(timeline.view.get().messages[2]?.content).toMatchObject({ text: 'edited' });
  timeline.heard({ ...told.message(3), stamp: 2 });
  expect(numbersIn(timeline)).toEqual([1, 2, 4, 5, 6]);
});

test('an answer shows what it answers as that is now: edited, taken back, or deleted for me', async () => {
  const told = new Told();
  for (let count = 0; count < 3; count += 1) told.say();
  const timeline = timelineOf(told);
  await timeline.open();
  const quote = (): unknown =>
    timeline.view.get().messages.find(({ number }) => number === 4)?.replyTo?.quote;

  told.say();
  // A push to a whole group says the number only.
  timeline.heard({ ...told.message(4), replyTo: { number: 2 } });
  expect(quote()).toMatchObject({ senderName: 'Bob', text: 'text 2' });
  timeline.heard({ ...told.message(2), stamp: 1, content: { type: 'text', text: 'edited' } });
  expect(quote()).toMatchObject({ text: 'edited' });
  timeline.recalled(({ number }) => number === 2);
  expect(quote()).toBeNull();
});

test('who comes back to a group sees nothing of what was said before', async () => {
  const told = new Told();
  for (let count = 0; count < 9; count += 1) told.say();
  const timeline = timelineOf(told);
  await timeline.open();

  timeline.synced({ items: [told.message(9)], from: 9, to: 9, first: 8, last: 9 }, [], false);

  expect(numbersIn(timeline)).toEqual([8, 9]);
  expect(timeline.view.get().hasEarlier).toBe(false);
});

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ say: fc.boolean(), isHeard: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constantFrom('earlier', 'later', 'newest', 'refresh' as const) },
  { weight: 1, arbitrary: fc.record({ around: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ late: fc.nat(5) }) },
);

test('whatever is missed, overtaken or said twice: what is shown has no gaps, no doubles, and the order of numbers', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(260), fc.array(step, { maxLength: 60 }), async (before, steps) => {
      const told = new Told();
      for (let count = 0; count < before; count += 1) told.say(count % 7 === 3);
      const timeline = timelineOf(told);
      const ignore = (): void => undefined;
      void timeline.open().catch(ignore);
      for (const one of steps) {
        if (one === 'earlier') await timeline.loadEarlier().catch(ignore);
        else if (one === 'later') await timeline.loadLater().catch(ignore);
        else if (one === 'newest') void timeline.loadNewest().catch(ignore);
        else if (one === 'refresh') void timeline.refresh().catch(ignore);
        else if ('around' in one) void timeline.loadAround(Math.max(1, one.around)).catch(ignore);
        else if ('late' in one) {
          const number = told.last - one.late;
          if (number > 0 && !told.nothing.has(number)) timeline.heard(told.message(number));
        } else {
          const number = told.say(one.say);
          if (!one.isHeard) continue;
          if (one.say) timeline.heardNothing(number);
          else timeline.heard(told.message(number));
        }
        const numbers = numbersIn(timeline) as number[];
        if (numbers.length > 0) expect(numbers).toEqual(told.visible(numbers[0], numbers.at(-1)));
      }
      await settled(timeline);
      await timeline.loadNewest();
      await settled(timeline);
      const numbers = numbersIn(timeline) as number[];
      expect(numbers).toEqual(told.visible(numbers[0] ?? 1));
      expect(numbers.length).toBeLessThanOrEqual(150);
    }),
    { numRuns: 300 },
  );
});

test('addresses that are over are read again once for all that are near, and nothing else is held than before', async () => {
  const told = new Told();
  for (let count = 0; count < 120; count += 1) told.say();
  const timeline = timelineOf(told);
  await timeline.open();
  const held = numbersIn(timeline);
  told.asked = [];
  let ends = 1;
  told.message = (number) => ({
    ...Told.prototype.message(number),
    content: { type: 'image', url: `https://chat.example.com/files/${number}?c=${id}&e=${ends}&s=x` },
  });
  await Promise.all([71, 90, 99, 100, 120, 5].map((number) => timeline.renewLinks(number)));

  expect(told.asked).toEqual(['{"after":70}', '{"after":99}']);
  expect(numbersIn(timeline)).toEqual(held);
  ends = 2;
  await timeline.renewLinks(100);
  const contents = timeline.view.get().messages.map(({ content }) => JSON.stringify(content));
  expect([28, 29, 49].map((index) => contents[index])).toEqual([
    expect.stringContaining('e=1&'),
    expect.stringContaining('e=2&'),
    expect.stringContaining('e=2&'),
  ]);
});

test('an address is over in its last minute, and one without an end never', () => {
  const address = 'https://chat.example.com/files/a?c=group:1&e=1000&s=x';
  expect(isLinkOver(address, 939_000)).toBe(false);
  expect(isLinkOver(address, 940_001)).toBe(true);
  expect(isLinkOver('https://chat.example.com/files/a')).toBe(false);
});
