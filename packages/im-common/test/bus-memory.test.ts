import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { cpuMsOf } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { Terminal } from '../src/address.ts';
import { deadServersKeptMs, routeTtlMs, type Bus } from '../src/bus/bus.ts';
import { createMemoryBus } from '../src/bus/memory/memory-bus.ts';
import { serverGroup } from '../src/bus/names.ts';
import { busConformance } from './bus-conformance.ts';
import { batchOf, freshList, numbered, openConsumer, put } from './bus-conformance/subject.ts';
import { losesNothing } from './bus-properties.ts';

busConformance('the bus in memory', async () => {
  const bus = createMemoryBus();
  await bus.start();
  return { bus, another: () => Promise.resolve(bus) };
});

describe('the lists in memory', () => {
  it('lose nothing, whatever happens in whatever order', async () => {
    await losesNothing(createMemoryBus().lists, 500);
  });

  it('take as fast from a long list as from a short one', async () => {
    const [short, long] = [await takeAllMs(30_000), await takeAllMs(300_000)];

    // Ten times as many. An array's shift would make it a hundred times as long.
    expect(long).toBeLessThan(30 * short + 500);
  });

  it('drop the oldest as fast from a long list as from a short one', async () => {
    const [short, long] = [await dropOldestMs(1_000), await dropOldestMs(300_000)];

    expect(long).toBeLessThan(5 * short + 500);
  });

  it('leave no timer behind when a wait ends', async () => {
    const { lists } = createMemoryBus();
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const controller = new AbortController();
    const list = freshList();
    const before = timers();

    const waits = [
      lists.wait(list, 60_000, controller.signal),
      lists.wait(freshList(), 60_000, controller.signal),
    ];
    expect(timers()).toBe(before + 2);
    await put(lists, list, numbered(1));
    controller.abort();
    await Promise.all(waits);

    expect(timers()).toBe(before);
  });
});

describe('time in memory', () => {
  it('ends a route that is not refreshed', async () => {
    const clock = new Clock();
    const { presence } = createMemoryBus({ now: clock.now });
    const [kept, forgotten] = ['1', '2'].map((id) => ({ id, terminal: Terminal.WEB })) as [Address, Address];
    await presence.bind(kept, 1);
    await presence.bind(forgotten, 1);

    clock.ms += routeTtlMs - 1;
    expect(await presence.locate([kept, forgotten])).toEqual([1, 1]);
    await presence.refresh([kept], 1);
    clock.ms += 1;
    expect(await presence.locate([kept, forgotten])).toEqual([1, undefined]);
    expect(await presence.bind(forgotten, 2)).toBeUndefined();
  });

  it('keeps a route of one server while it forgets those of others', async () => {
    const clock = new Clock();
    const { presence } = createMemoryBus({ now: clock.now });
    const kept = { id: 'kept', terminal: Terminal.WEB };
    await presence.bind(kept, 1);

    for (let minute = 1; minute < 10; minute += 1) {
      clock.ms += 60_000;
      await presence.bind({ id: `user ${minute}`, terminal: Terminal.WEB }, 2);
    }

    expect(await presence.locate([kept])).toEqual([1]);
  });

  it('ends a revocation when the last of its tokens has ended', async () => {
    const clock = new Clock();
    const { presence } = createMemoryBus({ now: clock.now });
    const address = { id: '1', terminal: Terminal.WEB };
    await presence.revoke(address, { expiringBefore: Date.now() + 600_000 });

    clock.ms += 655_000;
    expect(await presence.bind(address, 1)).toBe('revoked');
    clock.ms += 5_001;
    expect(await presence.bind(address, 1)).toBeUndefined();
  });

  it('ends a lease to the millisecond', async () => {
    const clock = new Clock();
    const { registry } = createMemoryBus({ now: clock.now });
    await registry.renew('group', { id: '1', boot: 'boot', leaseMs: 3_000, info: '' });

    clock.ms += 2_999;
    expect((await registry.view('group')).live).toHaveLength(1);
    expect(await registry.declareDead('group', '1', 'boot')).toBe(false);
    clock.ms += 1;
    expect((await registry.view('group')).expired).toHaveLength(1);
    expect(await registry.declareDead('group', '1', 'boot')).toBe(true);
  });

  it('forgets the dead, later than any route to them', async () => {
    const clock = new Clock();
    const { registry } = createMemoryBus({ now: clock.now });
    await registry.renew(serverGroup, { id: '1', boot: 'boot', leaseMs: 3_000, info: '' });
    await registry.leave(serverGroup, '1', 'boot');

    clock.ms += deadServersKeptMs - 1;
    expect((await registry.view(serverGroup)).dead).toEqual([{ id: '1', agoMs: deadServersKeptMs - 1 }]);
    clock.ms += 1;
    expect((await registry.view(serverGroup)).dead).toEqual([]);
  });

  it('lets a list disappear to the millisecond', async () => {
    const clock = new Clock();
    const { lists } = createMemoryBus({ now: clock.now });
    const list = freshList();
    await lists.put(list, batchOf(['a'], { ttlMs: 1_000 }));

    clock.ms += 999;
    expect(await lists.length(list)).toBe(1);
    clock.ms += 1;
    expect(await lists.length(list)).toBe(0);
    expect(await put(lists, list, ['b'])).toEqual({ status: 'put', length: 1, dropped: 0 });
  });

  it('keeps a list without a time of its own', async () => {
    const clock = new Clock();
    const { lists } = createMemoryBus({ now: clock.now });
    const list = freshList();
    await lists.put(list, batchOf(['a']));

    clock.ms += 365 * 24 * 3_600_000;
    await lists.put(freshList(), batchOf(['b']));

    expect(await lists.length(list)).toBe(1);
  });

  it('lets a lock go to the millisecond', async () => {
    const clock = new Clock();
    const { registry } = createMemoryBus({ now: clock.now });
    await registry.lock('name', 'one', 1_000);

    clock.ms += 999;
    expect(await registry.lock('name', 'other', 1_000)).toBe(false);
    clock.ms += 1;
    expect(await registry.lock('name', 'other', 1_000)).toBe(true);
  });
});

describe('the memory of the bus in memory', () => {
  it.for<[string, (bus: Bus, round: number) => Promise<unknown>, rounds?: number]>([
    ['producers', ({ lists }, n) => lists.put('list', batchOf([], { producer: `producer ${n}` }))],
    ['closed lists', ({ lists }, n) => lists.closeList(`list ${n}`)],
    ['lists', putTakeAndDie],
    ['dropped lists', putTakeAndDrop],
    ['entries of a list that is never empty', putAndTakeOne],
    ['lists that nobody took from', putAndForget],
    // Each is slow to make, and two of them would be some 500 bytes.
    ['waits', waitAndAbort, 10_000],
    ['routes', ({ presence }, n) => presence.bind({ id: `${n}`, terminal: 0 }, n)],
    [
      'revocations',
      ({ presence }, n) => presence.revoke({ id: `${n}`, terminal: 0 }, { expiringBefore: Date.now() }),
    ],
    ['members', joinAndLeave],
    ['locks', ({ registry }, n) => registry.lock(`lock ${n}`, 'holder', 1_000)],
  ])('is not eaten up by past %s', async ([, use, rounds = 40_000]) => {
    const clock = new Clock();
    const bus = createMemoryBus({ now: clock.now });
    const useMany = async (from: number, to: number): Promise<void> => {
      for (let round = from; round < to; round += 1) {
        await use(bus, round);
        clock.ms += 1_000;
      }
    };

    await useMany(0, 5_000);
    const before = usedHeap();
    await useMany(5_000, 5_000 + rounds);
    const grownBytes = usedHeap() - before;

    // One number kept for each of 40,000 rounds would be 3 MB and more.
    expect(grownBytes).toBeLessThan(1_500_000);
  });
});

async function takeAllMs(count: number): Promise<number> {
  const { lists } = createMemoryBus();
  const list = freshList();
  const entries = numbered(1_000).map((text) => text);
  for (let first = 0; first < count; first += 1_000) await put(lists, list, entries);
  const consumer = await openConsumer(lists, list);

  let seq = 0;
  const tookMs = await cpuMsOf(async () => {
    for (let batch = await lists.take(list, consumer, 0, 10); batch?.length;) {
      seq = batch.at(-1)?.seq ?? seq;
      await lists.acknowledge(
        list,
        consumer,
        batch.map((taken) => taken.seq),
      );
      batch = await lists.take(list, consumer, seq, 10);
    }
  });

  expect(seq).toBe(count);
  return tookMs;
}

async function dropOldestMs(length: number): Promise<number> {
  const { lists } = createMemoryBus();
  const list = freshList();
  const full = { maxLength: length, whenFull: 'drop-oldest' } as const;
  await lists.put(list, batchOf(numbered(length), full));

  const tookMs = await cpuMsOf(async () => {
    for (let round = 1; round <= 20_000; round += 1) await lists.put(list, batchOf(['one more'], full));
  });

  expect(await lists.length(list)).toBe(length);
  const [first] = (await lists.take(list, await openConsumer(lists, list), 0, 1)) ?? [];
  expect(first?.text).toBe(length > 20_000 ? 'entry 20001' : 'one more');
  return tookMs;
}

type Address = Parameters<Bus['presence']['bind']>[0];

class Clock {
  ms = 1_000_000;
  readonly now = (): number => this.ms;
}

async function putTakeAndDie({ lists }: Bus, n: number): Promise<void> {
  const [list, consumer] = [`list ${n}`, `consumer ${n}`];
  await lists.put(list, batchOf(['a', 'b']));
  await lists.open(list, consumer);
  await lists.take(list, consumer, 0, 2);
  await lists.acknowledge(list, consumer, [2, 1]);
  await lists.requeue(list, consumer);
}

async function putTakeAndDrop({ lists }: Bus, n: number): Promise<void> {
  const [list, consumer] = [`list ${n}`, `consumer ${n}`];
  await lists.put(list, batchOf(['a', 'b']));
  await lists.open(list, consumer);
  await lists.take(list, consumer, 0, 1);
  await lists.drop(list);
}

async function putAndTakeOne({ lists }: Bus, n: number): Promise<void> {
  await lists.open('list', 'consumer');
  if (n === 0) await lists.put('list', batchOf(['the one that is too many']));
  await lists.put('list', batchOf([`${n}`.padEnd(100)]));
  await lists.take('list', 'consumer', n, 1);
  await lists.acknowledge('list', 'consumer', [n + 1]);
}

async function waitAndAbort({ lists }: Bus, n: number): Promise<void> {
  const controller = new AbortController();
  const waits = ['list', `list ${n}`].map((list) => lists.wait(list, 60_000, controller.signal));
  controller.abort();
  await Promise.all(waits);
}

async function putAndForget({ lists }: Bus, n: number): Promise<void> {
  await lists.put(`list ${n}`, batchOf(['a'], { ttlMs: 1_000 }));
}

async function joinAndLeave({ registry }: Bus, n: number): Promise<void> {
  const lease = { id: `${n}`, boot: `boot ${n}`, leaseMs: 500, info: 'here' };
  await registry.renew('group', lease);
  await registry.leave('group', lease.id, lease.boot);
}

function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)(); // the flag puts it into new contexts only
  return process.memoryUsage().heapUsed;
}

describe('a caller that calls the bus in memory again and again', () => {
  it('leaves timers and sockets their turn', async () => {
    const { lists, presence } = createMemoryBus();
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 1);

    const until = performance.now() + 5_000;
    while (ticks <= 5 && performance.now() < until) {
      await presence.locate([{ id: '1', terminal: 0 }]);
      await lists.length('list');
    }
    clearInterval(timer);

    expect(ticks).toBeGreaterThan(5);
  });

  it('has its answers in the order of its calls', async () => {
    const { lists } = createMemoryBus();
    const answered: number[] = [];

    const until = performance.now() + 50;
    for (let call = 0; performance.now() < until; call += 10) {
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          lists.length('list').then(() => answered.push(call + index)),
        ),
      );
    }

    expect(answered).toEqual(answered.map((_, index) => index));
  });
});
