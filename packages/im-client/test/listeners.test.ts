import { deadLetterList, resultList } from 'im-common/internal/bus';
import { expect, it } from 'vitest';
import type { ImClient, ListenerFailure, PrivateResult } from '../src/index.ts';
import { Inbox, nextEvent } from './support/inbox.ts';
import { put, takeFrom } from './support/scripted-server.ts';
import { overBothBuses, type World } from './support/world.ts';

const shared = resultList('private', 'shop');

function result(n: number): string {
  return `{"code":0,"data":${n},"receiver":{"id":2,"terminal":0},"sender":{"id":1,"terminal":0}}`;
}

async function putResults(world: World, count: number): Promise<void> {
  await put(world.bus, shared, ...Array.from({ length: count }, (_, n) => result(n)));
}

/** Nothing waits on the list and nobody has anything of it in hand: a fresh look after the instances closed finds it empty. */
async function expectAllSettled(world: World, ...instances: ImClient[]): Promise<void> {
  for (const im of instances) await im.close();
  expect(await world.bus.lists.length(shared)).toBe(0);
}

overBothBuses('a listener', (newWorld) => {
  it('gets results in order, at most 100 at a time, one call after the other', async () => {
    const world = await newWorld();
    const im = world.client();
    const inbox = new Inbox<number>();
    const sizes: number[] = [];
    let running = 0;
    let mostRunning = 0;
    im.on('private', async (results) => {
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      sizes.push(results.length);
      await Promise.resolve();
      inbox.push(...results.map(({ data }) => data as number));
      running -= 1;
    });
    await putResults(world, 1_000);

    await im.start();

    expect(await inbox.take(1_000)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect(Math.max(...sizes)).toBe(100);
    expect(mostRunning).toBe(1);
    await expectAllSettled(world, im);
  });

  it('that fails is called again with the same batch, and told which attempt it is', async () => {
    const world = await newWorld();
    const im = world.client({ retryDelaysMs: [1, 1] });
    const attempts = new Inbox<{ attempt: number; data: unknown[] }>();
    const failures = new Inbox<ListenerFailure & { attempt: number }>();
    im.events.on('listenerFailed', failures.push);
    im.on('private', function recordDelivery(results, { attempt }) {
      attempts.push({ attempt, data: results.map(({ data }) => data) });
      if (attempt === 1) throw new Error('once');
      if (attempt === 2) return Promise.reject(new Error('twice'));
      return undefined;
    });
    await putResults(world, 2);

    await im.start();

    expect(await attempts.take(3)).toEqual([1, 2, 3].map((attempt) => ({ attempt, data: [0, 1] })));
    expect(
      (await failures.take(2)).map(({ listener, attempt, error }) => [listener, attempt, String(error)]),
    ).toEqual([
      ['recordDelivery', 1, 'Error: once'],
      ['recordDelivery', 2, 'Error: twice'],
    ]);
    await expectAllSettled(world, im);
  });

  it('that fails every attempt leaves its batch with the dead letters, and goes on with the next', async () => {
    const world = await newWorld();
    const im = world.client({ retryDelaysMs: [1] });
    const inbox = new Inbox<PrivateResult>();
    const died = nextEvent(im, 'deadLetter');
    im.on(
      'private',
      (results) => {
        if (results.some(({ data }) => data === 0)) throw new Error('never');
        inbox.push(...results);
      },
      { name: 'picky' },
    );
    await im.start();

    await put(world.bus, shared, result(0));
    expect(await died).toMatchObject({ listener: 'picky', results: [{ data: 0 }] });
    await put(world.bus, shared, result(1));

    expect(await inbox.next()).toMatchObject({ data: 1 });
    const [letter] = await takeFrom(world.bus, deadLetterList('result:shop'));
    const { text, ...about } = JSON.parse(letter!) as { text: string };
    expect(about).toEqual({
      id: expect.any(String) as string,
      list: shared,
      why: 'Error: never',
      by: 'listener picky',
      at: expect.any(Number) as number,
    });
    expect(JSON.parse(text)).toMatchObject({ code: 0, data: 0, receiver: { id: 2, terminal: 0 } });
    await expectAllSettled(world, im);
  });

  it('that hangs has its signal aborted, and counts as failed', async () => {
    const world = await newWorld();
    const im = world.client({ listenerTimeoutMs: 30, retryDelaysMs: [1] });
    const aborted = new Inbox<unknown>();
    im.on('private', (_, { signal, attempt }) => {
      if (attempt === 2) aborted.push('tried again');
      if (attempt === 2) return undefined;
      return new Promise(() => signal.addEventListener('abort', () => aborted.push(signal.reason)));
    });
    await putResults(world, 1);

    await im.start();

    expect(String(await aborted.next())).toContain('30 ms');
    expect(await aborted.next()).toBe('tried again');
    await expectAllSettled(world, im);
  });

  it('that fails or hangs neither stops nor delays another', async () => {
    const world = await newWorld();
    const im = world.client({ listenerTimeoutMs: 60_000, retryDelaysMs: [60_000] });
    const inbox = new Inbox<PrivateResult>();
    im.on('private', () => {
      throw new Error('broken');
    });
    im.on('private', (_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)), {
      listenerTimeoutMs: 200,
      retryDelaysMs: [],
    });
    im.on('private', inbox.listener);
    await im.start();

    for (let n = 0; n < 5; n += 1) {
      await putResults(world, 20);
      await inbox.take(20);
    }

    expect(inbox.items).toHaveLength(100);
  });

  it('is called no more once it is unsubscribed, by function or by signal', async () => {
    const world = await newWorld();
    const im = world.client();
    const [first, second, third] = [
      new Inbox<PrivateResult>(),
      new Inbox<PrivateResult>(),
      new Inbox<PrivateResult>(),
    ];
    const abort = new AbortController();
    const off = im.on('private', first.listener);
    im.on('private', second.listener, { signal: abort.signal });
    im.on('private', third.listener);
    await im.start();
    await putResults(world, 1);
    await Promise.all([first.next(), second.next(), third.next()]);

    off();
    abort.abort();
    await putResults(world, 1);

    await third.next();
    expect([first.items.length, second.items.length]).toEqual([1, 1]);
  });

  it('that is the last of its kind and goes leaves what it has not dealt with to other instances', async () => {
    const world = await newWorld();
    const [im, other] = [world.client({ retryDelaysMs: [60_000] }), world.client()];
    const inbox = new Inbox<PrivateResult>();
    const failed = nextEvent(im, 'listenerFailed');
    const off = im.on('private', () => Promise.reject(new Error('not mine')));
    await im.start();
    await putResults(world, 3);
    await failed;

    off();
    other.on('private', inbox.listener);
    await other.start();

    expect((await inbox.take(3)).map(({ data }) => data)).toEqual([0, 1, 2]);
  });

  it('can come back after it was the last to go', async () => {
    const world = await newWorld();
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    await im.start();
    im.on('private', inbox.listener)();
    im.on('private', inbox.listener);

    await putResults(world, 1);

    expect(await inbox.next()).toMatchObject({ data: 0 });
  });

  it('that hangs leaves what is too much to other instances, also when it begins here', async () => {
    const world = await newWorld();
    const im = world.client();
    let letGo: (() => void) | undefined;
    const pause = new Promise<void>((resolve) => (letGo = resolve));
    im.on('private', () => pause);
    await im.start();
    const message = { sender: { id: 1, terminal: 0 }, recvId: 2, recvTerminals: [0] };

    for (let round = 0; round < 12; round += 1) {
      const sent = Array.from({ length: 1_000 }, (_, n) => im.sendPrivateMessage({ ...message, data: n }));
      await Promise.all(sent);
    }

    await expect.poll(() => world.bus.lists.length(shared)).toBe(2_000);
    letGo!();
  });

  it('that is slow slows the taking down, not the memory up', async () => {
    const world = await newWorld();
    const im = world.client();
    const inbox = new Inbox<number>();
    let letGo: (() => void) | undefined;
    const pause = new Promise<void>((resolve) => (letGo = resolve));
    im.on('private', async (results) => {
      await pause;
      inbox.push(...results.map(({ data }) => data as number));
    });
    for (let n = 0; n < 15; n += 1) await putResults(world, 1_000);

    await im.start();
    await expect.poll(() => world.bus.lists.length(shared)).toBeLessThanOrEqual(15_000 - 8_500);
    const left = await world.bus.lists.length(shared);
    letGo!();

    expect(left).toBeGreaterThanOrEqual(5_000);
    expect(await inbox.take(15_000)).toHaveLength(15_000);
    await expectAllSettled(world, im);
  });
});
