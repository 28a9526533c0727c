import type { ImServer } from 'im-server';
import {
  connectDevice,
  makeToken,
  onCleanup,
  testRedis,
  type RawDevice,
  type RawFrame,
} from 'im-test/support';
import { Redis } from 'ioredis';
import { describe, expect, it, test } from 'vitest';
import { secret, World, worlds } from './world.ts';

// P-13.9, P-13.10: a topic keeps its last messages for devices that come back.

const sender = { id: 1, terminal: 0 };
const keep = { forMs: 60_000, most: 5 };

type Positions = Readonly<Record<string, readonly [epoch: string, number: number, floor?: number]>>;

interface TopicsSaid {
  readonly in?: readonly string[];
  readonly joined?: readonly string[];
  readonly left?: readonly string[];
  readonly at?: Positions;
  readonly reload?: Positions;
}

/** A device that acknowledges, and follows its topics. */
class Follower {
  readonly raw: RawDevice;
  #count = 0;

  private constructor(raw: RawDevice) {
    this.raw = raw;
  }

  static async enter(
    server: ImServer,
    userId: number,
    topics: Positions = {},
    terminal = 0,
  ): Promise<Follower> {
    const raw = await connectDevice(server.url);
    const accessToken = await makeToken({ userId, terminal, secret });
    raw.send({ cmd: 0, data: { accessToken, devId: userId, ack: true, topics } });
    expect((await raw.next()).data).toMatchObject({ ack: true });
    return new Follower(raw);
  }

  async topics(): Promise<TopicsSaid> {
    const frame = await this.raw.next();
    expect(frame.cmd).toBe(24);
    return frame.data as TopicsSaid;
  }

  /** The next message, which is acknowledged. */
  async take(): Promise<unknown> {
    const frame = await this.raw.next();
    this.#acknowledge(frame);
    return frame.data;
  }

  /** All up to the one with this data, with what is said of positions in between. */
  async takeUntil(data: unknown): Promise<{ messages: RawFrame[]; at: Positions }> {
    const messages: RawFrame[] = [];
    let at: Positions = {};
    for (;;) {
      const frame = await this.raw.next();
      if (frame.cmd === 24) at = { ...at, ...(frame.data as TopicsSaid).at };
      else {
        this.#acknowledge(frame);
        messages.push(frame);
        if (frame.data === data) return { messages, at };
      }
    }
  }

  async leave(): Promise<void> {
    this.raw.terminate();
    await this.raw.closed;
  }

  #acknowledge({ cmd }: RawFrame): void {
    expect(cmd).toBe(4);
    this.#count += 1;
    this.raw.send({ cmd: 6, data: { count: this.#count } });
  }
}

function dataOf(frames: readonly RawFrame[]): unknown[] {
  return frames.map(({ data }) => data);
}

describe.each(worlds)('a topic that keeps messages, %s', (_, newWorld) => {
  it('gives a device that comes back what it missed, in order, before anything else', async () => {
    const world = await newWorld();
    const [one, two, im] = [await world.server(), await world.server(), await world.client()];
    const send = async (data: unknown, more: object = { keep }): Promise<void> => {
      await im.sendGroupMessage({ sender, topic: 'room', data, sendToSelf: false, ...more });
    };
    await im.topics.add('room', [2]);
    await im.topics.add('hall', [2]);
    const first = await Follower.enter(one, 2);
    expect((await first.topics()).in?.toSorted()).toEqual(['hall', 'room']);
    await send('a');
    expect(await first.take()).toBe('a');
    const { at = {} } = await first.topics();
    expect(Object.keys(at)).toEqual(['room']);

    await first.leave();
    await expect.poll(() => im.isOnline(2)).toBe(false);
    await send('b');
    await send('not kept', {});
    await send('not for it', { keep, except: [{ id: 2, terminal: 0 }] });
    await send('for others', { keep, recvTerminals: [1] });
    await send('c');
    const second = await Follower.enter(two, 2, at);
    expect((await second.topics()).in?.toSorted()).toEqual(['hall', 'room']);
    await send('d');

    const { messages } = await second.takeUntil('d');
    // What was not kept waited for it where it was, as ever.
    expect(dataOf(messages).filter((data) => data !== 'not kept')).toEqual(['b', 'c', 'd']);
    const text = await two.metrics.text();
    expect(text).toMatch(/^im_topic_recovered_total 2$/m);
    expect(text).toMatch(/^im_topic_members 1$/m);
  });

  it('tells a device to reload that missed more than is kept, or whose position it does not know', async () => {
    const world = await newWorld();
    const [server, im] = [await world.server(), await world.client()];
    const send = async (data: unknown): Promise<void> => {
      await im.sendGroupMessage({ sender, topic: 'room', data, sendToSelf: false, keep });
    };
    await im.topics.add('room', [2]);
    const first = await Follower.enter(server, 2);
    await first.topics();
    await send('before');
    expect(await first.take()).toBe('before');
    const { at } = await first.topics();
    await first.leave();
    await expect.poll(() => im.isOnline(2)).toBe(false);
    for (let index = 1; index <= 6; index += 1) await send(index);

    for (const asked of [
      at,
      {},
      { room: ['epoch', 7] } as const,
      { room: [at?.['room']?.[0] ?? '', 7] } as const,
    ]) {
      const device = await Follower.enter(server, 2, asked);
      const { reload } = await device.topics();
      expect(Object.keys(reload ?? {})).toEqual(['room']);
      await device.leave();
      if (asked !== at) continue;
      const again = await Follower.enter(server, 2, reload);
      expect(await again.topics()).toEqual({ in: ['room'] });
      await again.leave();
    }
  });

  it('gives nobody what was sent while they were not in the topic', async () => {
    const world = await newWorld();
    const [server, im] = [await world.server(), await world.client()];
    const send = async (data: unknown): Promise<void> => {
      await im.sendGroupMessage({ sender, topic: 'room', data, sendToSelf: false, keep });
    };
    await im.topics.add('room', [2]);
    const device = await Follower.enter(server, 2);
    await device.topics();
    await send('in');
    expect(await device.take()).toBe('in');
    const { at } = await device.topics();
    await device.raw.close(); // Or it would be on its way, and what follows it would wait.
    await im.topics.remove('room', [2]);
    await send('out');
    await im.topics.add('room', [2]);
    await send('in again');

    const back = await Follower.enter(server, 2, at);
    expect(Object.keys((await back.topics()).reload ?? {})).toEqual(['room']);
    await send('end');
    const { messages } = await back.takeUntil('end');
    expect(dataOf(messages)).not.toContain('out');
  });

  it('tells it which topics it comes into, and which it leaves', async () => {
    const world = await newWorld();
    const [server, im] = [await world.server(), await world.client()];
    const device = await Follower.enter(server, 2);
    expect(await device.topics()).toEqual({ in: [] });

    await im.topics.add('room', [2, 3]);
    expect(await device.topics()).toEqual({ joined: ['room'] });
    await im.topics.add('room', [2]);
    await im.topics.remove('room', [2]);
    expect(await device.topics()).toEqual({ left: ['room'] });
  });

  it('says nothing to devices that do not ask, whatever they send instead', async () => {
    const world = await newWorld();
    const [server, im] = [await world.server(), await world.client()];
    await im.topics.add('room', [2, 3, 4]);
    const plain = await connectDevice(server.url);
    plain.send({
      cmd: 0,
      data: { accessToken: await makeToken({ userId: 2, terminal: 0, secret }), topics: {} },
    });
    const odd = await connectDevice(server.url);
    const accessToken = await makeToken({ userId: 3, terminal: 0, secret });
    odd.send({ cmd: 0, data: { accessToken, ack: true, topics: ['room'] } });
    const wrong = await Follower.enter(server, 4, {
      room: [7, 'x'],
      'no topic!': ['e', 1],
      hall: null,
    } as unknown as Positions);
    expect(await wrong.topics()).toEqual({ in: ['room'] });

    expect([(await plain.next()).cmd, (await odd.next()).cmd]).toEqual([0, 0]);
    await im.sendGroupMessage({ sender, topic: 'room', data: 'x', sendToSelf: false, keep });
    expect([(await plain.next()).data, (await odd.next()).data]).toEqual(['x', 'x']);
  });

  it('gives nobody what is out of date, kept or on its way', async () => {
    const world = await newWorld();
    const [server, im] = [await world.server(), await world.client()];
    await im.topics.add('room', [2]);
    const device = await Follower.enter(server, 2);
    await device.topics();
    const send = async (data: unknown, more: object): Promise<void> => {
      await im.sendGroupMessage({ sender, topic: 'room', data, sendToSelf: false, keep, ...more });
    };
    await send('a', {});
    expect(await device.take()).toBe('a');
    const { at } = await device.topics();
    await device.leave();
    await expect.poll(() => im.isOnline(2)).toBe(false);
    await send('old', { expiresInMs: 1 });
    await send('first', { replaces: 'place' });
    await send('second', { replaces: 'place' });

    const back = await Follower.enter(server, 2, at);
    // An end in between is no message, but what it missed is not known either.
    const said = await back.topics();
    expect(Object.keys(said.reload ?? {})).toEqual(['room']);
    await send('third', { replaces: 'place' });
    const { messages } = await back.takeUntil('third');
    expect(dataOf(messages)).not.toContain('old');
  });
});

test('a Redis that has lost its memory has another epoch, and devices reload', async () => {
  const { url, prefix: keyPrefix } = testRedis();
  const world = new World({ redis: { url, keyPrefix } });
  const [server, im] = [await world.server(), await world.client()];
  const send = async (data: unknown): Promise<void> => {
    await im.sendGroupMessage({ sender, topic: 'room', data, sendToSelf: false, keep });
  };
  await im.topics.add('room', [2]);
  const device = await Follower.enter(server, 2);
  await device.topics();
  await send('a');
  expect(await device.take()).toBe('a');
  const { at } = await device.topics();
  const redis = new Redis(url);
  onCleanup(() => redis.disconnect());
  const kept = await redis.keys(`*${keyPrefix}im:topic:room}:kept*`);
  expect(kept).toHaveLength(2);
  await redis.del(...kept);

  await send('b');
  expect(await device.take()).toBe('b');
  const after = await device.topics();
  expect(after.at?.['room']?.[0]).not.toBe(at?.['room']?.[0]);
  await device.leave();
  await expect.poll(() => im.isOnline(2)).toBe(false);
  const back = await Follower.enter(server, 2, at);
  expect(await back.topics()).toEqual({ in: ['room'], reload: after.at });
  await back.leave();
  const known = await Follower.enter(server, 2, after.at);
  expect(await known.topics()).toEqual({ in: ['room'] });
});
