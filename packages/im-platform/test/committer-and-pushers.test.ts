import { ImError, silentLogger } from 'im-common';
import { onCleanup } from 'im-test/support';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../src/index.ts';
import type { LogKind } from '../src/message-log/entries.ts';
import { MessageLog } from '../src/message-log/message-log.ts';
import { Pushers } from '../src/message-log/pushers.ts';
import { migratedDatabase } from './support/migrated-database.ts';
import { storeKinds, type StoreKind } from './support/test-platform.ts';

interface Note {
  readonly to: string;
  readonly text: string;
}

interface StoredNote extends Note {
  readonly id: number;
  readonly number: number;
}

interface HeldPush {
  readonly text: string;
  /** It is on the bus. */
  end(): void;
}

const soon = { timeout: 20_000 };

/** A log whose pushes the test ends. */
async function openLog(store: StoreKind, longestWaitMs = 3_000) {
  const database = openDatabase({ url: await migratedDatabase(store) });
  const stored: string[] = [];
  const called: HeldPush[] = [];
  const preparing = new Map<string, () => void>();
  const storing = new Map<string, () => void>();
  const kind: LogKind<Note, StoredNote> = {
    name: 'private',
    lineOf: () => ({ sendId: 1, counts: true }),
    conversationOf: ({ to }) => `private:${to}`,
    identityOf: () => undefined,
    judge: async (_sql, drafts) =>
      drafts.map((draft) => ({ toMessage: ({ id, number }) => ({ ...draft, id, number }) })),
    toStore(_sql, notes) {
      for (const { message } of notes) {
        stored.push(message.text);
        storing.get(message.text)?.();
      }
      return [];
    },
    async preparePush({ text }) {
      if (text.startsWith('slow')) await new Promise<void>((resolve) => preparing.set(text, resolve));
      return () =>
        new Promise<void>((resolve, reject) => {
          if (text === 'too much') reject(new ImError('OVERLOADED', 'Too many sends wait.'));
          else called.push({ text, end: resolve });
        });
    },
  };
  const capacity = { asked: 0, isThere: Promise.resolve() };
  const whenCapacity = (): Promise<void> => {
    capacity.asked += 1;
    return capacity.isThere;
  };
  const handover = { begin: () => undefined, end: () => Promise.resolve(), giveUp: () => undefined };
  const batches: number[] = [];
  const onBatch = (messages: number): void => void batches.push(messages);
  const deps = { logger: silentLogger, onBatch, longestWaitMs, whenCapacity, handover };
  const log = new MessageLog(database, kind, deps);
  /** Of another instance. */
  const otherLog = new MessageLog(database, kind, deps);
  onCleanup(async () => {
    for (const { end } of called) end();
    await Promise.all([log.close(), otherLog.close()]);
    await database.close();
  });
  const pushed = async (text: string): Promise<HeldPush> =>
    vi.waitFor(() => {
      const push = called.find((one) => one.text === text);
      if (!push) throw new Error(`${text} is not being pushed, but ${called.map((one) => one.text).join()}`);
      return push;
    }, soon);
  /** In its transaction, which is not over yet. */
  const whenStored = (text: string): Promise<void> =>
    new Promise((resolve) => void storing.set(text, resolve));
  /** Longer than a transaction would take. */
  const othersHaveHadTheirTurn = async (): Promise<void> => {
    for (let times = 0; times < 20; times++) await database.sql.select(1);
  };
  return {
    ...{ log, otherLog, stored, batches, called, capacity, preparing, pushed, whenStored },
    othersHaveHadTheirTurn,
  };
}

describe.each(storeKinds)('the log on %s', (store) => {
  it('stores and pushes the next while one is being pushed, which answers nobody else', async () => {
    const { log, pushed, whenStored } = await openLog(store);
    const quick = whenStored('one').then(() => log.append({ draft: { to: 'friend', text: 'two' } }));
    const slow = log.append({ draft: { to: 'crowd', text: 'one' } });
    let isSlowDone = false;
    void slow.then(() => (isSlowDone = true));

    const first = await pushed('one');
    (await pushed('two')).end();

    expect(await quick).toMatchObject({ text: 'two', number: 1 });
    expect(isSlowDone).toBe(false);
    first.end();
    expect(await slow).toMatchObject({ text: 'one' });
  });

  it('calls pushes in the order of messages, however long it takes to know whom they are for', async () => {
    const { log, called, preparing, pushed } = await openLog(store);
    const sends = ['slow one', 'two', 'three'].map((text) => log.append({ draft: { to: 'crowd', text } }));
    await vi.waitFor(() => expect(preparing.size).toBe(1), soon);

    preparing.get('slow one')?.();
    for (const text of ['slow one', 'two', 'three']) (await pushed(text)).end();

    await Promise.all(sends);
    expect(called.map(({ text }) => text)).toEqual(['slow one', 'two', 'three']);
  });

  it('pushes no more than im-client takes, and goes on in order', async () => {
    const { log, called, capacity, pushed } = await openLog(store);
    let free = (): void => undefined;
    capacity.isThere = new Promise<void>((resolve) => (free = resolve));
    const texts = Array.from({ length: 40 }, (_, index) => `m${index}`);

    const sends = texts.map((text) => log.append({ draft: { to: 'crowd', text } }));
    await vi.waitFor(() => expect(capacity.asked).toBe(1), soon);
    const first = called.length;
    expect(first).toBeLessThan(40);
    free();
    for (const text of texts) (await pushed(text)).end();

    await Promise.all(sends);
    expect(called.map(({ text }) => text)).toEqual(texts);
  });

  it('changes what belongs to a message when those before it are on the bus', async () => {
    const { log, stored, pushed, othersHaveHadTheirTurn } = await openLog(store);
    const before = log.append({ draft: { to: 'group', text: 'before' } });
    const push = await pushed('before');
    let hasChanged = false;

    const change = log.append({
      draft: { to: 'group', text: 'somebody joined' },
      within: async () => void (hasChanged = true),
    });
    const after = log.append({ draft: { to: 'group', text: 'after' } });
    await othersHaveHadTheirTurn();
    expect(hasChanged).toBe(false);
    push.end();

    (await pushed('somebody joined')).end();
    (await pushed('after')).end();
    await Promise.all([before, change, after]);
    expect(hasChanged).toBe(true);
    expect(stored).toEqual(['before', 'somebody joined', 'after']);
  });
});

describe('turns of one instance', () => {
  afterEach(() => void vi.useRealTimers());

  /** A change that takes as long as the test wants. */
  function change(to: string) {
    let end = (): void => undefined;
    let begin = (): void => undefined;
    const hasBegun = new Promise<void>((resolve) => (begin = resolve));
    const within = (): Promise<void> => {
      begin();
      return new Promise<void>((resolve) => (end = resolve));
    };
    return { entry: { draft: { to, text: `to ${to}` }, within }, hasBegun, end: (): void => end() };
  }

  it('wait for the one that stores, and what came meanwhile goes together', async () => {
    const { log, batches, pushed, othersHaveHadTheirTurn } = await openLog('mariadb');
    // It never takes too long.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const first = change('ann');
    const sends = [log.append(first.entry)];
    await first.hasBegun;
    for (const to of ['bob', 'cat', 'dan']) {
      sends.push(log.append({ draft: { to, text: `to ${to}` } }));
      await othersHaveHadTheirTurn();
    }
    expect(batches).toEqual([]);

    first.end();
    for (const to of ['ann', 'bob', 'cat', 'dan']) (await pushed(`to ${to}`)).end();

    await Promise.all(sends);
    expect(batches).toEqual([1, 3]);
  });

  it('go on beside three that hang', async () => {
    const { log, stored, pushed } = await openLog('mariadb');
    const hanging = ['ann', 'bob', 'cat'].map(change);
    const changes: Promise<unknown>[] = [];
    for (const { entry, hasBegun } of hanging) {
      changes.push(log.append(entry));
      await hasBegun;
    }

    for (const text of ['one', 'two']) {
      const send = log.append({ draft: { to: 'dan', text } });
      (await pushed(text)).end();
      await send;
    }

    expect(stored).toEqual(['one', 'two']);
    for (const { end } of hanging) end();
    for (const { entry } of hanging) (await pushed(entry.draft.text)).end();
    await Promise.all(changes);
  });
});

describe('the log of two instances', () => {
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['a slow bus has not taken yet, as long as others wait for their turn', 'before', 15_000],
    ['is under way when more was refused', 'too much', 1_000],
  ])('lets nobody past what %s', async (_what, before, afterMs) => {
    const { log, otherLog, called, pushed, othersHaveHadTheirTurn } = await openLog('mariadb', 20_000);
    const draft = (text: string) => ({ draft: { to: 'group', text } });
    const first = log.append(draft(before));
    if (before === 'before') (await pushed(before)).end();
    await first;
    const second = otherLog.append(draft('zero'));
    (await pushed('zero')).end();
    await second;
    called.length = 0;

    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const slow = log.append(draft('one'));
    const push = await pushed('one');
    vi.advanceTimersByTime(afterMs);
    vi.useRealTimers();
    const next = otherLog.append(draft('two'));
    await othersHaveHadTheirTurn();
    expect(called.map(({ text }) => text)).toEqual(['one']);
    push.end();

    (await pushed('two')).end();
    expect(await slow).toMatchObject({ number: 3 });
    expect(await next).toMatchObject({ number: 4 });
  });
});

it('stores on as soon as there are fewer pushes under way, not when there are none', async () => {
  const ends: (() => void)[] = [];
  const kind = { preparePush: () => () => new Promise<void>((resolve) => void ends.push(resolve)) };
  const pushers = new Pushers(kind as unknown as LogKind<object, object>, {
    ...{ logger: silentLogger, whenCapacity: () => Promise.resolve(), othersWaitMs: 3_000 },
  });
  const state = { skipped: 0, stamp: 1 };
  void pushers.push(Array.from({ length: 3 }, () => ({ entry: { draft: {} }, message: {}, state, lane: 3 })));
  await vi.waitFor(() => expect(ends).toHaveLength(3), soon);

  const isBelow = pushers.below(3);
  ends[0]?.();

  await isBelow;
  for (const end of ends) end();
  await pushers.idle(new Set([3]));
});
