import { ImError } from 'im-common';
import { createRedisBus, type Bus, type Posts } from 'im-common/bus';
import { onCleanup, testRedis } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import type { PrivateMessage } from '../src/index.ts';
import { withLocate } from './support/watched-bus.ts';
import { World } from './support/world.ts';

// P-5.13.

const sender = { id: 1, terminal: 0 };

interface Watched extends World {
  /** What went to the bus, in its order. */
  readonly calls: ('post' | 'locate')[];
}

/** On Redis, with `instead` of what posts. */
async function newWorld(instead?: (posts: Posts) => Posts['post']): Promise<Watched> {
  const { url, prefix: keyPrefix } = testRedis();
  const redis = createRedisBus({ url, keyPrefix });
  await redis.start();
  onCleanup(() => redis.close());
  const { posts, presence } = redis;
  if (!posts) throw new Error('One Redis posts');
  const calls: Watched['calls'] = [];
  const post = instead?.(posts) ?? posts.post.bind(posts);
  const located = withLocate(redis, (addresses) => {
    calls.push('locate');
    return presence.locate(addresses);
  });
  const watched: Bus = {
    ...located,
    posts: {
      encode: (message) => posts.encode(message),
      post: (batch) => {
        calls.push('post');
        return post(batch);
      },
    },
    // It is closed last, here.
    close: () => Promise.resolve(),
  };
  return Object.assign(new World(watched, { bus: watched }), { calls });
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('private messages on one Redis', () => {
  it('cost one call, which finds and puts all that are sent at once', async () => {
    const world = await newWorld();
    const server = await world.server();
    for (const id of ['1', '2', '3']) await server.connect(id, id === '1' ? 1 : 0);
    const im = world.client();
    await im.start();

    const receipts = await Promise.all(
      ['2', '3', '4'].map((recvId) => im.sendPrivateMessage({ sender, recvId, data: recvId })),
    );

    expect(world.calls).toEqual(['post']);
    expect(receipts.map(({ queued, offline }) => [queued.length, offline.length])).toEqual([
      [1, 3],
      [1, 3],
      [0, 4],
    ]);
    const entries = await server.take('private', 5);
    expect(entries.map(({ receivers: [to], dataText }) => [to, dataText])).toEqual([
      [{ id: '2', terminal: 0 }, '"2"'],
      [{ id: '1', terminal: 1 }, '"2"'],
      [{ id: '3', terminal: 0 }, '"3"'],
      [{ id: '1', terminal: 1 }, '"3"'],
      [{ id: '1', terminal: 1 }, '"4"'],
    ]);
  });

  it('have their results, also when those come before the answer to the send', async () => {
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const world = await newWorld((posts) => async (batch) => {
      const answers = await posts.post(batch);
      await held;
      return answers;
    });
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ terminals: [0, 1] });

    const sending = im.sendPrivateMessage({ sender, recvId: 2, data: 'early' });
    await server.serve('private');
    await server.connect('3');
    answer();

    const results = await (await sending).results();
    // Nobody promises in which order terminals are heard of.
    expect(results.toSorted((one, other) => one.terminal - other.terminal)).toEqual([
      expect.objectContaining({ terminal: 0, stage: 'proved' }),
      expect.objectContaining({ terminal: 1, reason: 'NOT_ONLINE' }),
    ]);
  });

  it('go along when they are to be kept, and are kept for who is away', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.announce({ features: ['keep'] });
    await server.connect('2');
    const im = world.client({ terminals: [0] });
    await im.start();

    const receipts = await Promise.all(
      [2, 3, 2].map((recvId) =>
        im.sendPrivateMessage({ sender, recvId, data: recvId, keep: { forMs: 60_000 } }),
      ),
    );

    expect(world.calls).toEqual(['post']);
    expect(receipts.map(({ queued, kept, offline }) => [queued.length, kept.length, offline.length])).toEqual(
      [
        [1, 0, 0],
        [0, 1, 1],
        [1, 0, 0],
      ],
    );
    const entries = await server.take('private', 2);
    // Its server keeps what the device does not prove.
    expect(entries.map(({ extras }) => extras?.keepMs)).toEqual([60_000, 60_000]);
    expect(await world.bus.kept.take({ id: '3', terminal: 0 }, 10, 10_000)).toHaveLength(1);
  });

  it('keep their order with those that are looked for first', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.announce({ features: ['keep'] });
    await server.connect('2');
    const im = world.client();
    await im.start();
    const special: Partial<PrivateMessage>[] = [
      { keep: { forMs: 60_000 } },
      { messageId: 'mine' },
      { replaces: 'key' },
    ];

    const sends = numbers(60).map((n) => {
      const message = { sender, recvId: 2, recvTerminals: [0], sendToSelf: false, data: n };
      const more = n % 7 === 3 ? special[n % 3] : {};
      return im.sendPrivateMessage({
        ...message,
        ...more,
        ...(more?.messageId && { messageId: `mine-${n}` }),
      });
    });
    await Promise.all(sends);

    const entries = await server.take('private', 60);
    const withoutOwnId = entries.filter(({ messageId }) => !messageId?.startsWith('mine'));
    const texts = withoutOwnId.map(({ dataText }) => Number(dataText));
    expect(texts).toEqual(texts.toSorted((a, b) => a - b));
    expect(entries).toHaveLength(60);
    expect(world.calls[0]).toBe('post');
    expect(world.calls).toContain('locate');
  });

  it('go one by one to a receiver that is on its way, in their order, and at once again afterwards', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    await world.bus.presence.unbind({ id: '2', terminal: 0 }, server.id, 60_000);
    const im = world.client();
    await im.start();
    const send = (data: number) =>
      im.sendPrivateMessage({ sender, recvId: 2, recvTerminals: [0], sendToSelf: false, data });

    const first = numbers(5).map(send);
    while (!world.calls.includes('locate')) await world.bus.ping();
    const more = numbers(5).map((n) => send(5 + n));
    await server.connect('2');
    await Promise.all([...first, ...more]);
    await send(10);

    const entries = await server.take('private', 11);
    expect(entries.map(({ dataText }) => Number(dataText))).toEqual(numbers(11));
    expect(world.calls.at(-1)).toBe('post');
    expect(world.calls.filter((call) => call === 'post')).toHaveLength(2);
  });

  it('are there once when the answer to a call is lost', async () => {
    let failures = 3;
    const world = await newWorld((posts) => async (batch) => {
      const answers = await posts.post(batch);
      if (failures-- > 0) throw new ImError('BUS_UNAVAILABLE', 'The answer is lost.', { effect: 'unknown' });
      return answers;
    });
    const server = await world.server();
    await server.connect('2');
    const im = world.client();

    const receipts = await Promise.all(
      numbers(3).map((data) => im.sendPrivateMessage({ sender, recvId: 2, sendToSelf: false, data })),
    );

    expect(receipts.map(({ queued }) => queued)).toEqual(numbers(3).map(() => [{ id: '2', terminal: 0 }]));
    const entries = await server.take('private', 3);
    expect(entries.map(({ dataText }) => Number(dataText))).toEqual([0, 1, 2]);
    expect(await server.waitingEntries('private')).toBe(0);
  });

  it('go one by one for good where Redis refuses a script that finds keys itself', async () => {
    const world = await newWorld(() => () => {
      throw new ImError('BUS_REFUSED', 'Redis refused a script: all the keys should be passed.');
    });
    const server = await world.server();
    await server.connect('2');
    const im = world.client();

    for (const data of numbers(3)) {
      const { queued } = await im.sendPrivateMessage({ sender, recvId: 2, data });
      expect(queued).toHaveLength(1);
    }

    expect(world.calls).toEqual(['post', 'locate', 'locate', 'locate']);
    expect(await server.waitingEntries('private')).toBe(3);
  });

  it('fail with what the bus says, and with nothing pending', async () => {
    const world = await newWorld(() => () => {
      throw new ImError('BUS_FULL', 'Redis has no memory left.');
    });
    const im = world.client();

    await expect(im.sendPrivateMessage({ sender, recvId: 2, data: 1 })).rejects.toMatchObject({
      code: 'BUS_FULL',
      effect: 'none',
    });
    expect(world.calls).toEqual(['post']);
  });

  it('acknowledge along the way what became of those before', async () => {
    const world = await newWorld();
    const acknowledged: (readonly number[])[] = [];
    const { posts } = world.bus;
    const post = posts!.post;
    Object.assign(posts!, {
      post: (batch: Parameters<typeof post>[0]) => {
        acknowledged.push(...batch.acknowledge.map(({ seqs }) => seqs));
        return post(batch);
      },
    });
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const send = (data: number) =>
      im.sendPrivateMessage({ sender, recvId: 2, recvTerminals: [0], sendToSelf: false, data });
    im.on('private', () => undefined);

    for (const data of numbers(30)) {
      const receipt = await send(data);
      await server.serve('private');
      await receipt.results();
    }

    const seqs = acknowledged.flat();
    expect(seqs.length).toBeGreaterThan(0);
    expect(new Set(seqs).size).toBe(seqs.length);
  });
});
