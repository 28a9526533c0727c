import { getEventListeners } from 'node:events';
import { leastMs, msOf } from 'im-test/support';
import { expect, it } from 'vitest';
import { drain, freshList, numbered, openConsumer, put, type Connections } from './subject.ts';

const never = new AbortController().signal;
const longMs = 60_000;

export function waiting(connections: () => Connections): void {
  it('ends at once when the list has an entry', async () => {
    const { bus } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(1));

    await bus.lists.wait(list, longMs, never);
  });

  it('goes on while the list is empty, and ends when another connection puts', async () => {
    const { bus, second } = connections();
    const list = freshList();

    const wait = watch(bus.lists.wait(list, longMs, never));
    for (let i = 0; i < 5; i += 1) await bus.ping();
    expect(wait.ended).toBe(false);
    await put(second.lists, list, numbered(1));

    await wait.promise;
  });

  it('ends within milliseconds of the put', async () => {
    const { bus, second } = connections();
    const [delays, roundTrips]: [number[], number[]] = [[], []];
    for (let round = 0; round < 15; round += 1) {
      const list = freshList();
      const wait = bus.lists.wait(list, longMs, never).then(() => performance.now());
      roundTrips.push(await bus.ping());
      const before = performance.now();
      await put(second.lists, list, numbered(1));
      delays.push((await wait) - before);
    }

    // A poll every 100 ms, as box-im does, would need 50 on average. On a busy machine whatever goes there and back needs longer.
    const middle = (all: number[]): number => all.toSorted((a, b) => a - b)[7] ?? NaN;
    expect(middle(delays)).toBeLessThan(25 + 20 * middle(roundTrips));
  });

  it('ends for all who wait', async () => {
    const { bus, second } = connections();
    const list = freshList();

    const waits = [bus, second, bus, second].map(({ lists }) => lists.wait(list, longMs, never));
    await bus.ping();
    await put(bus.lists, list, numbered(1));

    await Promise.all(waits);
  });

  it('ends for the list that was put on, and no other', async () => {
    const { bus, second } = connections();
    const [list, other] = [freshList(), freshList()];

    const wait = bus.lists.wait(list, longMs, never);
    const otherWait = watch(bus.lists.wait(other, longMs, never));
    await put(second.lists, list, numbered(1));
    await wait;
    await bus.ping();

    expect(otherWait.ended).toBe(false);
    await put(second.lists, other, numbered(1));
    await otherWait.promise;
  });

  it('ends when entries are put back', async () => {
    const { bus, second } = connections();
    const list = freshList();
    await put(bus.lists, list, numbered(1));
    const dead = await openConsumer(second.lists, list);
    await second.lists.take(list, dead, 0, 1);

    const wait = bus.lists.wait(list, longMs, never);
    await bus.ping();
    await second.lists.requeue(list, dead);

    await wait;
  });

  it('takes nothing and leaves the order as it is', async () => {
    const { bus, second } = connections();
    const list = freshList();

    const waits = [bus, second].map(({ lists }) => lists.wait(list, longMs, never));
    await bus.ping();
    await put(second.lists, list, numbered(3));
    await Promise.all(waits);
    await bus.lists.wait(list, longMs, never);

    expect(await drain(bus.lists, list)).toEqual(numbered(3));
  });

  it('ends after its time', async () => {
    const { bus } = connections();

    const took = await leastMs(1_000, async () => {
      const ms = await msOf(() => bus.lists.wait(freshList(), 150, never));
      expect(ms).toBeGreaterThan(140);
      return ms;
    });

    expect(took).toBeLessThan(1_000);
  });

  it('ends at once when it has no time', async () => {
    const { bus } = connections();

    expect(await leastMs(500, () => msOf(() => bus.lists.wait(freshList(), 0, never)))).toBeLessThan(500);
  });

  it('ends each wait after its own time', async () => {
    const { bus } = connections();
    const list = freshList();
    const ended: string[] = [];

    await Promise.all([
      bus.lists.wait(list, 600, never).then(() => ended.push('long')),
      bus.lists.wait(list, 100, never).then(() => ended.push('short')),
    ]);

    expect(ended).toEqual(['short', 'long']);
  });

  it('ends when its signal aborts', async () => {
    const { bus } = connections();
    const controller = new AbortController();
    const wait = bus.lists.wait(freshList(), longMs, controller.signal);
    await bus.ping();

    controller.abort();

    await wait;
  });

  it('does not begin when its signal was aborted before', async () => {
    const { bus } = connections();

    await bus.lists.wait(freshList(), longMs, AbortSignal.abort());
  });

  it('goes on for others when one signal aborts', async () => {
    const { bus, second } = connections();
    const [list, other] = [freshList(), freshList()];
    const controller = new AbortController();
    const aborted = bus.lists.wait(list, longMs, controller.signal);
    const others = [list, other].map((each) => watch(bus.lists.wait(each, longMs, never)));
    await bus.ping();

    controller.abort();
    await aborted;
    for (let i = 0; i < 5; i += 1) await bus.ping();

    expect(others.map(({ ended }) => ended)).toEqual([false, false]);
    await put(second.lists, list, numbered(1));
    await put(second.lists, other, numbered(1));
    await Promise.all(others.map(({ promise }) => promise));
  });

  it('can wait again after an abort', async () => {
    const { bus, second } = connections();
    const list = freshList();
    const controller = new AbortController();
    const aborted = bus.lists.wait(list, longMs, controller.signal);
    controller.abort();
    await aborted;

    const wait = watch(bus.lists.wait(list, longMs, never));
    await bus.ping();
    expect(wait.ended).toBe(false);
    await put(second.lists, list, numbered(1));
    await wait.promise;
  });

  it('leaves at most one listener on the signal, however often it is waited with', async () => {
    const { bus, second } = connections();
    const { signal } = new AbortController();
    const [list, other] = [freshList(), freshList()];

    const ended = [
      bus.lists.wait(list, longMs, signal),
      bus.lists.wait(freshList(), 50, signal),
      bus.lists.wait(other, longMs, signal),
    ];
    await put(second.lists, list, numbered(1));
    await put(second.lists, other, numbered(1));
    await Promise.all(ended);

    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
  });

  it('holds up no other call', async () => {
    const { bus } = connections();
    const list = freshList();
    const controller = new AbortController();
    const wait = watch(bus.lists.wait(list, longMs, controller.signal));

    await bus.lists.length(list);
    await bus.presence.locate([]);
    await bus.registry.view(list);

    expect(wait.ended).toBe(false);
    controller.abort();
    await wait.promise;
  });
}

interface Watched {
  readonly promise: Promise<void>;
  readonly ended: boolean;
}

function watch(promise: Promise<void>): Watched {
  let ended = false;
  return {
    promise: promise.finally(() => {
      ended = true;
    }),
    get ended() {
      return ended;
    },
  };
}
