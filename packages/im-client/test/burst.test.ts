import type { Bus } from 'im-common/bus';
import { onCleanup } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import {
  createImClient,
  type ImClient,
  type ImError,
  type PrivateResult,
  type Receipt,
} from '../src/index.ts';
import { failureOf, Inbox } from './support/inbox.ts';
import { withHeldLocate, withSlowLocate } from './support/watched-bus.ts';
import { newMemoryWorld, overBothBuses } from './support/world.ts';

const alice = { id: 1, terminal: 0 };
const toBob = { sender: alice, recvId: 2, recvTerminals: [0], sendToSelf: false };

function sendAtOnce(im: ImClient, count: number): Promise<PromiseSettledResult<Receipt>[]> {
  return Promise.allSettled(
    Array.from({ length: count }, (_, data) => im.sendPrivateMessage({ ...toBob, data })),
  );
}

function codesOf(ends: readonly PromiseSettledResult<unknown>[]): string[] {
  return ends.map((end) => (end.status === 'fulfilled' ? 'fulfilled' : (end.reason as ImError).code));
}

overBothBuses('a burst', (newWorld) => {
  it('beyond maxWaiting is refused at once with OVERLOADED, and nothing of that is put', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ maxWaiting: 10 });
    await im.start();

    const ends = await sendAtOnce(im, 25);

    expect(codesOf(ends)).toEqual([
      ...Array<string>(10).fill('fulfilled'),
      ...Array<string>(15).fill('OVERLOADED'),
    ]);
    const refused = ends.at(-1) as PromiseRejectedResult;
    expect(refused.reason).toMatchObject({ retryable: true, effect: 'none' });
    expect((refused.reason as Error).message).toContain(
      '10 sends wait or are under way, which is maxWaiting',
    );
    await im.sendPrivateMessage({ ...toBob, data: 'after' });
    const texts = (await server.take('private', 11)).map(({ dataText }) => dataText);
    expect(texts).toEqual([...Array.from({ length: 10 }, (_, n) => String(n)), '"after"']);
  });

  it('is bounded by memory too, in which each receiver counts', async () => {
    const world = await newWorld();
    const im = world.client({ maxWaitingBytes: 100_000 });
    await im.start();
    const large = { sender: alice, recvIds: Array.from({ length: 300 }, (_, id) => id + 2), data: 'x' };
    const manyBytes = { ...toBob, data: 'x'.repeat(60_000) };

    const group = codesOf(
      await Promise.allSettled([im.sendGroupMessage(large), im.sendPrivateMessage({ ...toBob, data: 1 })]),
    );
    const bytes = codesOf(
      await Promise.allSettled([manyBytes, manyBytes, manyBytes].map((one) => im.sendPrivateMessage(one))),
    );

    // One call gets in below the limit, however large it is.
    expect(group).toEqual(['fulfilled', 'OVERLOADED']);
    expect(bytes).toEqual(['fulfilled', 'fulfilled', 'OVERLOADED']);
  });

  it('of those who await capacity() first is not refused, and goes in their order', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ maxWaiting: 7 });
    await im.start();

    const ends = await Promise.allSettled(
      Array.from({ length: 500 }, async (_, data) => {
        await im.capacity();
        return im.sendPrivateMessage({ ...toBob, data });
      }),
    );

    expect(new Set(codesOf(ends))).toEqual(new Set(['fulfilled']));
    const texts = (await server.take('private', 500)).map(({ dataText }) => Number(dataText));
    expect(texts).toEqual(Array.from({ length: 500 }, (_, n) => n));
  });

  it('of questions leaves sends alone, and the other way round', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ maxWaiting: 100 });
    await im.start();

    const asked = Promise.allSettled(Array.from({ length: 150 }, () => im.isOnline(2)));
    const sent = sendAtOnce(im, 150);
    const order = failureOf(im.revokeTokens(2, { expiringBefore: Date.now() }));

    expect(codesOf(await asked).filter((code) => code === 'OVERLOADED')).toHaveLength(50);
    expect(codesOf(await sent).filter((code) => code === 'OVERLOADED')).toHaveLength(50);
    expect(await order).toMatchObject({ code: 'OVERLOADED', effect: 'none' });
    await im.capacity({ for: 'questions' });
    expect(await im.isOnline(2)).toBe(true);
  });

  it('of orders is carried out, all of it', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const expiringBefore = Date.now() + 60_000;

    const reached = await Promise.all(
      Array.from({ length: 2_000 }, () => im.revokeTokens(2, { terminals: [0], expiringBefore })),
    );

    expect(reached.every((terminals) => terminals.length === 1)).toBe(true);
  });

  it('has its results, each once, and in time', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    await im.start();
    const sent = sendAtOnce(im, 3_000);

    for (const entry of await server.take('private', 3_000)) void server.answer('private', entry);
    await sent;

    const heard = (await inbox.take(3_000)).map(({ data, code }) => `${data as number} ${code}`);
    expect(heard.sort()).toEqual(Array.from({ length: 3_000 }, (_, n) => `${n} 0`).sort());
  });
});

describe('to wait for capacity', () => {
  async function fullClient(): Promise<{ im: ImClient; ends: Promise<unknown> }> {
    const world = await newMemoryWorld();
    const im = world.client({ maxWaiting: 1 });
    await im.start();
    return { im, ends: im.sendPrivateMessage({ ...toBob, data: 1 }) };
  }

  it('ends with the signal, and with the client', async () => {
    const { im, ends } = await fullClient();
    const stop = new AbortController();
    const aborted = failureOf(im.capacity({ signal: stop.signal }));
    const closed = failureOf(im.capacity());

    stop.abort(new Error('enough'));
    await im.close();

    expect(await aborted).toMatchObject({ message: 'enough' });
    expect(await closed).toMatchObject({ code: 'CLOSED' });
    await ends;
    expect(await failureOf(im.capacity())).toMatchObject({ code: 'CLOSED' });
  });

  it('takes nothing from those behind who have given up', async () => {
    const { im } = await fullClient();
    const stop = new AbortController();
    const first = failureOf(im.capacity({ signal: stop.signal }));
    const second = im.capacity();
    stop.abort();

    await first;
    await expect(second).resolves.toBeUndefined();
  });
});

describe('a send that waits for its turn here', () => {
  it('has the bus’s time from when it goes out', async () => {
    const world = await newMemoryWorld();
    const im = slowClient(world.bus, { everyCallMs: 40, sendTimeoutMs: 400 });
    await im.start();

    // Twenty calls to find out where all are, 40 ms each.
    const ends = await sendAtOnce(im, 20_000);

    expect(new Set(codesOf(ends))).toEqual(new Set(['fulfilled']));
  });

  it('is let go by its signal, before it goes out', async () => {
    const world = await newMemoryWorld();
    const server = await world.server();
    await server.connect('2');
    const im = slowClient(world.bus, { everyCallMs: 50 });
    await im.start();
    const stop = new AbortController();
    const before = im.sendPrivateMessage({ ...toBob, data: 'before' });
    const aborted = failureOf(im.sendPrivateMessage({ ...toBob, data: 'no' }, { signal: stop.signal }));

    stop.abort(new Error('changed my mind'));

    expect(await aborted).toMatchObject({ message: 'changed my mind' });
    await before;
    await im.sendPrivateMessage({ ...toBob, data: 'after' });
    expect((await server.take('private', 2)).map(({ dataText }) => dataText)).toEqual([
      '"before"',
      '"after"',
    ]);
  });

  it('to one user passes a group of thousands', async () => {
    const world = await newMemoryWorld();
    const im = slowClient(world.bus, { everyCallMs: 5 });
    await im.start();
    const members = Array.from({ length: 30_000 }, (_, id) => id + 10);
    const ended: string[] = [];

    const group = im
      .sendGroupMessage({ sender: alice, recvIds: members, data: 1, sendResult: false })
      .then(() => ended.push('group'));
    const one = im.sendPrivateMessage({ ...toBob, data: 1 }).then(() => ended.push('private'));
    await Promise.all([group, one]);

    expect(ended).toEqual(['private', 'group']);
  });

  it('to one user does not wait for the answer that a group waits for', async () => {
    const world = await newMemoryWorld();
    let release = (): void => undefined;
    const bus = withHeldLocate(world.bus, new Promise((resolve) => (release = resolve)));
    const im = createImClient({ service: 'shop', bus });
    onCleanup(() => im.close());
    await im.start();

    const group = im.sendGroupMessage({ sender: alice, recvIds: [2, 3], data: 1 });
    await expect(im.sendPrivateMessage({ ...toBob, data: 1 })).resolves.toBeDefined();

    release();
    await group;
  });

  function slowClient(
    bus: Bus,
    { everyCallMs, ...options }: { everyCallMs: number; sendTimeoutMs?: number },
  ): ImClient {
    const im = createImClient({ service: 'shop', bus: withSlowLocate(bus, everyCallMs), ...options });
    onCleanup(() => im.close());
    return im;
  }
});
