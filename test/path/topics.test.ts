import type { ImClient, ServerOutcome } from 'im-client';
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

// P-13.2, P-13.3, P-13.4, P-13.5, P-13.6, P-13.7, P-13.8: topics, end to end over two servers and two services.

const sender = { id: 1, terminal: 0 };

async function enter(server: ImServer, userId: number, terminal = 0): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId, terminal, secret }), devId: userId });
  return device;
}

/** What each device had when this message came, which goes to all of them one by one. */
async function heardBy(
  im: ImClient,
  devices: ReadonlyMap<number, RawDevice>,
): Promise<Map<number, unknown[]>> {
  const heard = new Map<number, unknown[]>();
  for (const [userId, device] of devices) {
    await im.sendGroupMessage({ sender, recvIds: [userId], data: 'end', sendToSelf: false });
    const data: unknown[] = [];
    for (let next = await device.next(); next.data !== 'end'; next = await device.next())
      data.push(next.data);
    heard.set(userId, data);
  }
  return heard;
}

function messagesOf(device: RawDevice): RawFrame[] {
  return device.frames.filter(({ cmd }) => cmd === 4);
}

function sum(counts: readonly ServerOutcome[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { count, reason = 'arrived' } of counts) sums[reason] = (sums[reason] ?? 0) + count;
  return sums;
}

describe.each(worlds)('a topic, %s', (_, newWorld) => {
  it('has whoever was taken in while they logged in', async () => {
    const world = await newWorld();
    const servers = [await world.server(), await world.server()];
    const im = await world.client();
    const userIds = Array.from({ length: 30 }, (_, index) => index + 2);

    const devices = await Promise.all(
      userIds.map(async (userId, index) => {
        const [device] = await Promise.all([
          enter(servers[index % 2] as ImServer, userId),
          im.topics.add('room', [userId]),
        ]);
        return [userId, device] as const;
      }),
    );
    const sent = await im.sendGroupMessage({ sender, topic: 'room', data: 'all' });

    expect(sum(await sent.counts())).toEqual({ arrived: userIds.length });
    expect(await heardBy(im, new Map(devices))).toEqual(new Map(userIds.map((userId) => [userId, ['all']])));
  });

  it('reaches its members on every server, once each, and counts them', async () => {
    const world = await newWorld();
    const [one, two] = [await world.server(), await world.server()];
    const [im, other] = [await world.client(), await world.client({ service: 'mail' })];
    const devices = new Map([
      [2, await enter(one, 2)],
      [3, await enter(two, 3)],
      [4, await enter(two, 4)],
    ]);

    expect(await im.topics.add('room', [2, 3, 5, 6])).toEqual({ refused: [] });
    devices.set(5, await enter(one, 5));
    const first = await im.sendGroupMessage({ sender, topic: 'room', data: 'first' });
    await im.topics.remove('room', [3]);
    await other.topics.add('room', [4]);
    const second = await other.sendGroupMessage({
      ...{ sender, topic: 'room', data: 'second', except: [{ id: 5, terminal: 0 }] },
    });

    expect(sum(await first.counts())).toEqual({ arrived: 3 });
    expect(sum(await second.counts())).toEqual({ arrived: 2 });
    expect(await first.results()).toEqual([]);
    expect(await heardBy(im, devices)).toEqual(
      new Map([
        [2, ['first', 'second']],
        [3, ['first']],
        [4, ['second']],
        [5, ['first']],
      ]),
    );
    expect([await im.topics.topicsOf(3), await im.topics.topicsOf(4)]).toEqual([[], ['room']]);
    expect(await im.topics.countOnline('room')).toBe(3);
    expect((await im.topics.online('room')).userIds.toSorted()).toEqual(['2', '4', '5']);
  });

  it('gives its results to listeners, by server and outcome, or by member when that is asked for', async () => {
    const world = await newWorld();
    const [one, two] = [await world.server(), await world.server()];
    const im = await world.client();
    for (const [server, userId] of [
      [one, 2],
      [one, 3],
      [two, 4],
    ] as const)
      await enter(server, userId);
    await im.topics.add('room', [2, 3, 4]);
    const heard: unknown[] = [];
    im.on('group', (results) => {
      for (const { code, count, receivers, serverId } of results) {
        heard.push([serverId, code, count, receivers.map(({ id }) => id).toSorted()]);
      }
    });

    await (await im.sendGroupMessage({ sender, topic: 'room', data: 1 })).counts();
    await expect.poll(() => heard.length).toBe(2);
    expect(heard.splice(0)).toEqual(
      expect.arrayContaining([
        [one.id, 0, 2, []],
        [two.id, 0, 1, []],
      ]),
    );

    const named = await im.sendGroupMessage({ sender, topic: 'room', data: 2, trackMembers: true });
    expect((await named.results()).map(({ id, code }) => [id, code]).toSorted()).toEqual([
      ['2', 0],
      ['3', 0],
      ['4', 0],
    ]);
    await expect.poll(() => heard.length).toBe(2);
    expect(heard).toEqual(
      expect.arrayContaining([
        [one.id, 0, 2, ['2', '3']],
        [two.id, 0, 1, ['4']],
      ]),
    );
  });

  it("comes to a sender's other devices once, as a member's or as a copy", async () => {
    const world = await newWorld();
    const [one, two] = [await world.server(), await world.server()];
    const im = await world.client();
    const devices = new Map([
      [1, await enter(two, 1, 1)],
      [2, await enter(one, 2)],
    ]);
    await im.topics.add('room', [2]);

    await im.sendGroupMessage({ sender, topic: 'room', data: 'a copy' });
    await im.topics.add('room', [1]);
    await im.sendGroupMessage({ sender, topic: 'room', data: 'a member' });
    await im.sendGroupMessage({ sender, topic: 'room', data: 'to APP only', recvTerminals: [1] });
    await im.topics.remove('room', [1]);
    await im.sendGroupMessage({ sender, topic: 'room', data: 'no copy', sendToSelf: false });

    expect(await heardBy(im, devices)).toEqual(
      new Map([
        [1, ['a copy', 'a member', 'to APP only']],
        [2, ['a copy', 'a member', 'no copy']],
      ]),
    );
  });

  it('reaches whom add has put there, and nobody whom remove has taken out, whoever logs in meanwhile', async () => {
    const world = await newWorld();
    const servers = [await world.server(), await world.server()];
    const clients = [await world.client(), await world.client()];
    const [first, second] = clients as [ImClient, ImClient];
    const rounds = Array.from({ length: 25 }, (_, index) => index);

    await Promise.all(
      rounds.map(async (round) => {
        const [user, topic] = [100 + round, `room-${round}`];
        const server = servers[round % 2] as ImServer;
        const [device] = await Promise.all([enter(server, user), first.topics.add(topic, [user])]);
        await second.sendGroupMessage({ sender, topic, data: 'in' });
        await second.topics.remove(topic, [user]);
        await first.sendGroupMessage({ sender, topic, data: 'out' });
        await second.topics.replace(topic, [7, user]);
        await first.sendGroupMessage({ sender, topic, data: 'in again' });
        await first.topics.replace(topic, [7]);
        await second.sendGroupMessage({ sender, topic, data: 'out again' });
        const heard = await heardBy(first, new Map([[user, device]]));
        expect(heard.get(user)).toEqual(['in', 'in again']);
      }),
    );
  });

  it('misses nobody while a server drains, and doubles nothing', async () => {
    const world = await newWorld();
    const [one, two] = [await world.server({ drainMs: 300, reconnectGraceMs: 10_000 }), await world.server()];
    const im = await world.client();
    const users = Array.from({ length: 12 }, (_, index) => 200 + index);
    const devices = await Promise.all(users.map((user) => enter(one, user)));
    await im.topics.add('room', users);
    const seen = new Map<number, unknown[]>();
    const take = (user: number, { data }: { data?: unknown }): void => {
      seen.set(user, [...(seen.get(user) ?? []), data]);
    };
    const come = devices.map(async (device, index) => {
      const user = users[index] ?? 0;
      await device.closed;
      for (const message of messagesOf(device)) take(user, message);
      const again = await enter(two, user);
      return { user, again };
    });

    let sent = 0;
    const draining = one.drain();
    const drained = new AbortController();
    void draining.finally(() => drained.abort());
    while (!drained.signal.aborted || sent < 5) {
      await im.sendGroupMessage({ sender, topic: 'room', data: (sent += 1) });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const back = await Promise.all(come);

    await im.sendGroupMessage({ sender, topic: 'room', data: (sent += 1) });
    for (const { user, again } of back) {
      await expect.poll(() => messagesOf(again).at(-1)?.data).toBe(sent);
      for (const message of messagesOf(again)) take(user, message);
    }
    const all = Array.from({ length: sent }, (_, index) => index + 1);
    for (const user of users)
      expect([user, seen.get(user)?.toSorted((a, b) => Number(a) - Number(b))]).toEqual([user, all]);
  });
});

test('servers say again what a Redis that has lost its memory has forgotten', async () => {
  const { url, prefix: keyPrefix } = testRedis();
  const world = new World({ redis: { url, keyPrefix } });
  const server = await world.server({ leaseMs: 600 });
  const im = await world.client();
  const device = await enter(server, 2);
  await im.topics.add('room', [2, 3]);
  const redis = new Redis(url);
  onCleanup(() => redis.disconnect());
  const forgot = new Promise<void>((resolve) => void im.events.once('busForgot', resolve));

  const keys = await redis.keys(`*${keyPrefix}*`);
  await redis.del(...keys);
  await forgot;

  await expect.poll(() => im.topics.topicsOf(2)).toEqual(['room']);
  await im.sendGroupMessage({ sender, topic: 'room', data: 'still there' });
  expect(await device.next()).toMatchObject({ data: 'still there' });
  expect(await im.topics.topicsOf(3)).toEqual([]);
});
