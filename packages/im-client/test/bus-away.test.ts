import { setImmediate } from 'node:timers/promises';
import { inTime, leastMs, startRedis } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import type { PrivateResult } from '../src/index.ts';
import { failureOf, Inbox, nextEvent } from './support/inbox.ts';
import { redisWorld } from './support/world.ts';

const alice = { id: 1, terminal: 0 };
const message = { sender: alice, recvId: 2, recvTerminals: [0] };

describe('with Redis away', () => {
  it('sends and questions reject with BUS_UNAVAILABLE in time while it hangs, and work again by themselves', async () => {
    const redis = await startRedis();
    const world = await redisWorld(redis.url);
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ sendTimeoutMs: 800, leaseMs: 2_000 });
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    await im.sendPrivateMessage({ ...message, data: 'before' });
    let sends = 0;
    const unknown: number[] = [];
    const send = async (): Promise<unknown> => {
      const data = sends++;
      const problem = await failureOf(im.sendPrivateMessage({ ...message, data }));
      if ((problem as { effect?: unknown }).effect === 'unknown') unknown.push(data);
      return problem;
    };

    const took = await leastMs(1_500, async () => {
      const lost = nextEvent(im, 'busLost');
      const back = nextEvent(im, 'busBack');
      const unknownBefore = unknown.length;
      redis.pause();
      const before = performance.now();
      const first = Array.from({ length: 64 }, send);
      // These wait for the call with the first ones.
      await setImmediate();
      const others = Array.from({ length: 36 }, send);
      const problems = await Promise.all([...first, ...others, failureOf(im.isOnline(2))]);
      const tookMs = performance.now() - before;
      await lost;
      redis.resume();
      await back;
      for (const problem of problems)
        expect(problem).toMatchObject({ code: 'BUS_UNAVAILABLE', retryable: true });
      expect(unknown.length - unknownBefore).toBeLessThanOrEqual(64);
      return tookMs;
    });

    expect(took).toBeLessThan(1_500);
    await im.sendPrivateMessage({ ...message, data: 'after' });
    await server.serve('private');
    expect(await inbox.next()).toMatchObject({ data: 'before' });
    // Whether those that were told "unknown" went out is not known: the one after them did, and the others did not.
    let entry = await server.serve('private');
    while (entry.dataText !== '"after"') {
      expect(unknown).toContain(Number(entry.dataText));
      entry = await server.serve('private');
    }
    expect(await inbox.next()).toMatchObject({ data: 'after' });
  });

  it('a restart that loses all ends what was pending as EXPIRED, and everything goes on', async () => {
    const redis = await startRedis();
    const world = await redisWorld(redis.url);
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ leaseMs: 1_000, resultDeadlineMs: 1_500 });
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    const lostMessage = await im.sendPrivateMessage({ ...message, data: 'lost' });

    await redis.kill();
    expect(await failureOf(im.sendPrivateMessage({ ...message, data: 1 }))).toMatchObject({
      code: 'BUS_UNAVAILABLE',
    });
    await redis.start();

    expect(await inbox.next()).toMatchObject({ data: 'lost', reason: 'EXPIRED' });
    expect(await lostMessage.results()).toMatchObject([{ reason: 'EXPIRED' }]);
    await expect
      .poll(() =>
        server.announce().then(
          () => 'announced',
          () => 'not yet',
        ),
      )
      .toBe('announced');
    await server.connect('2');
    const sent = await im.sendPrivateMessage({ ...message, data: 'again' });
    expect(sent.queued).toHaveLength(1);
    await server.serve('private');
    expect(await inbox.next()).toMatchObject({ data: 'again', code: 0 });
  });

  it('a restart that keeps all loses no result', async () => {
    const redis = await startRedis({ appendonly: true });
    const world = await redisWorld(redis.url);
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ leaseMs: 2_000 });
    const inbox = new Inbox<PrivateResult>();
    im.on('private', inbox.listener);
    const sent = await Promise.all(
      Array.from({ length: 100 }, (_, n) => im.sendPrivateMessage({ ...message, data: n })),
    );
    const entries = await server.take('private', 100);
    for (const entry of entries.slice(0, 50)) await server.answer('private', entry);

    await redis.kill();
    await redis.start();
    await expect
      .poll(() =>
        world.bus.ping().then(
          () => 'back',
          () => 'away',
        ),
      )
      .toBe('back');
    for (const entry of entries.slice(50)) await server.answer('private', entry);

    const results = await inbox.take(100);
    expect(results.map(({ data }) => data as number).sort((a, b) => a - b)).toEqual(sent.map((_, n) => n));
    expect(results.every(({ code }) => code === 0)).toBe(true);
  });

  it('closing ends in time', async () => {
    const redis = await startRedis();
    const world = await redisWorld(redis.url);
    const im = world.client({ sendTimeoutMs: 500 });
    im.on('all', () => undefined);
    await im.sendPrivateMessage({ ...message, data: 1 });

    redis.pause();
    await inTime('the end', im.close());
    redis.resume();
  });

  it('a full Redis rejects with BUS_FULL and takes the next one when there is room', async () => {
    const redis = await startRedis();
    const world = await redisWorld(redis.url);
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    await im.sendPrivateMessage({ ...message, data: 'first' });

    await redis.client().config('SET', 'maxmemory', '1');
    const problem = await failureOf(im.sendPrivateMessage({ ...message, data: 'too much' }));
    await redis.client().config('SET', 'maxmemory', '0');

    expect(problem).toMatchObject({ code: 'BUS_FULL', retryable: true });
    await im.sendPrivateMessage({ ...message, data: 'second' });
    expect((await server.take('private', 2)).map(({ dataText }) => dataText)).toEqual([
      '"first"',
      '"second"',
    ]);
  });
});
