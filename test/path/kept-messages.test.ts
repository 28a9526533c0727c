import { createRedisBus } from 'im-common/bus';
import { toByteText } from 'im-common/internal/bus';
import type { ImClient, KeptResult } from 'im-client';
import type { ImServer } from 'im-server';
import { connectDevice, makeToken, onCleanup, startRedis, testRedis, type RawDevice } from 'im-test/support';
import { describe, expect, test } from 'vitest';
import { FaultProxy } from '../faults/kit/proxy.ts';
import { onRedis, secret, World, worlds } from './world.ts';

// P-15.1, P-15.3, P-15.4, P-15.5: pushes that wait for their device.

const sender = { id: 1, terminal: 0 };
const recvTerminals = [0];
const keep = { forMs: 60_000, most: 1_000 };

const usual = { reconnectGraceMs: 100 };

/** A device that acknowledges what it is told to, and shows the frames as they come. */
async function logIn(server: ImServer, userId: number, ack = false): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  const accessToken = await makeToken({ userId, terminal: 0, secret });
  device.send({ cmd: 0, data: { accessToken, devId: userId, ...(ack && { ack }) } });
  await device.next(({ cmd }) => cmd === 0);
  return device;
}

/** The ends of kept messages, as they are told. */
function endsOf(client: ImClient): { id: string | undefined; end: string }[] {
  const ends: { id: string | undefined; end: string }[] = [];
  client.on('kept', (results: KeptResult[]) => {
    for (const { messageId, reason = 'delivered' } of results) ends.push({ id: messageId, end: reason });
  });
  return ends;
}

async function frames(device: RawDevice, count: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let n = 0; n < count; n += 1) found.push((await device.next()).data);
  return found;
}

test('what is kept while its device logs in is given to it', async () => {
  const [[, newWorld]] = worlds;
  const world = await newWorld(usual);
  const [bus, server, im] = [await world.bus(), await world.server(), await world.client()];
  const cut = await logIn(server, 2, true);
  const receipt = await im.sendPrivateMessage({ sender, recvId: 2, recvTerminals, keep, data: 'a' });
  await cut.next();
  const bind = bus.presence.bind.bind(bus.presence);
  bus.presence.bind = async (...login) => {
    const before = await bind(...login);
    cut.terminate();
    expect(await receipt.results()).toMatchObject([{ reason: 'KEPT' }]);
    return before;
  };

  const device = await logIn(server, 2, true);
  expect(await device.nextText()).toBe(
    `{"cmd":3,"id":"${receipt.messageId}","attempt":2,"kept":true,"data":"a"}`,
  );
});

describe.for(worlds)('what is kept, %s,', ([, newWorld]) => {
  test('comes with the next login, in its order, before what is sent later, and its end is told', async () => {
    const world = await newWorld(usual);
    const [first, second] = [await world.server(), await world.server()];
    const im = await world.client();
    const ends = endsOf(im);
    const before = await logIn(first, 2);
    await before.close(1000);
    await expect.poll(() => im.isOnline(2)).toBe(false);

    const ids: string[] = [];
    for (let n = 1; n <= 250; n += 1) {
      const receipt = await im.sendPrivateMessage({ sender, recvId: 2, recvTerminals, keep, data: n });
      ids.push(receipt.messageId);
      if (n > 1) continue;
      expect(receipt).toMatchObject({ queued: [], offline: [{ id: '2' }], kept: [{ id: '2', terminal: 0 }] });
      expect(await receipt.results()).toEqual([
        { id: '2', terminal: 0, code: 2, stage: 'queued', reason: 'KEPT' },
      ]);
    }
    const device = await logIn(second, 2);
    const live = await im.sendPrivateMessage({ sender, recvId: 2, recvTerminals, keep, data: 'live' });

    expect(await frames(device, 251)).toEqual([...ids.map((_, index) => index + 1), 'live']);
    expect(await live.results()).toMatchObject([{ code: 0, stage: 'proved' }]);
    await expect.poll(() => ends).toEqual(ids.map((id) => ({ id, end: 'delivered' })));
    const again = await logIn(first, 2);
    await im.sendSystemMessage({ recvIds: [2], recvTerminals, data: 'nothing more' });
    expect(await frames(again, 1)).toEqual(['nothing more']);
  });

  test('comes again, marked, when its device was cut off before it proved that it has it', async () => {
    const world = await newWorld(usual);
    const server = await world.server();
    const im = await world.client();
    const ends = endsOf(im);
    const { messageId: id } = await im.sendGroupMessage({
      sender,
      recvIds: [2],
      recvTerminals,
      keep,
      data: 7,
    });

    const cut = await logIn(server, 2, true);
    expect(await cut.nextText()).toBe(`{"cmd":4,"id":"${id}","kept":true,"data":7}`);
    cut.terminate();
    await expect.poll(() => im.isOnline(2)).toBe(false);
    const device = await logIn(server, 2, true);
    expect(await device.nextText()).toBe(`{"cmd":4,"id":"${id}","attempt":2,"kept":true,"data":7}`);
    expect(ends).toEqual([]);
    device.send({ cmd: 6, data: { count: 1, refused: [1] } });

    await expect.poll(() => ends).toEqual([{ id, end: 'REFUSED' }]);
  });

  test('is what a device that was connected did not prove, on whichever server it comes back', async () => {
    const world = await newWorld(usual);
    const [first, second] = [await world.server(), await world.server()];
    const im = await world.client();
    const ends = endsOf(im);
    const cut = await logIn(first, 2, true);
    const receipt = await im.sendPrivateMessage({ sender, recvId: 2, recvTerminals, keep, data: 'a' });
    const id = receipt.messageId;
    expect(await cut.nextText()).toBe(`{"cmd":3,"id":"${id}","data":"a"}`);

    cut.terminate();

    expect(await receipt.results()).toEqual([
      { id: '2', terminal: 0, code: 2, stage: 'written', reason: 'KEPT' },
    ]);
    const device = await logIn(second, 2, true);
    expect(await device.nextText()).toBe(`{"cmd":3,"id":"${id}","attempt":2,"kept":true,"data":"a"}`);
    device.send({ cmd: 6, data: { count: 1 } });
    await expect.poll(() => ends).toEqual([{ id, end: 'delivered' }]);
  });

  test('follows a device that is back on the same server before its old connection is known to be gone', async () => {
    const world = await newWorld(usual);
    const server = await world.server({ reconnectGraceMs: 2_000 });
    const im = await world.client();
    const ends = endsOf(im);
    const stuck = await logIn(server, 2, true);
    const { messageId: id } = await im.sendPrivateMessage({
      ...{ sender, recvId: 2, recvTerminals, keep, data: 'a' },
    });
    await stuck.next();

    const device = await logIn(server, 2, true);

    expect(await device.nextText()).toBe(`{"cmd":3,"id":"${id}","attempt":2,"kept":true,"data":"a"}`);
    device.send({ cmd: 6, data: { count: 1 } });
    await expect.poll(() => ends).toEqual([{ id, end: 'delivered' }]);
  });

  test('ends in its time, or when there is no room, and says so', async () => {
    const world = await newWorld(usual);
    const server = await world.server();
    const im = await world.client();
    const ends = endsOf(im);
    const send = (recvId: number, forMs: number, most = 1) =>
      im.sendPrivateMessage({ sender, recvId, recvTerminals, keep: { forMs, most }, data: recvId });

    const short = await send(2, 10);
    const outdated = await im.sendPrivateMessage({
      ...{ sender, recvId: 4, recvTerminals, keep, expiresInMs: 1_000, data: 'old' },
    });
    const replaced: string[] = [];
    for (const data of [1, 2]) {
      const receipt = await im.sendPrivateMessage({
        ...{ sender, recvId: 5, recvTerminals, keep, replaces: 'price', data },
      });
      replaced.push(receipt.messageId);
    }
    const [older, newer] = [await send(3, 60_000), await send(3, 60_000)];

    await expect
      .poll(() => ends)
      .toEqual(
        expect.arrayContaining([
          { id: short.messageId, end: 'OUTDATED' },
          { id: older.messageId, end: 'DROPPED' },
          { id: outdated.messageId, end: 'OUTDATED' },
          { id: replaced[0], end: 'REPLACED' },
        ]),
      );
    expect(await frames(await logIn(server, 3), 1)).toEqual([3]);
    await expect.poll(() => ends).toContainEqual({ id: newer.messageId, end: 'delivered' });
    expect(ends).toHaveLength(5);
    expect(await frames(await logIn(server, 5), 1)).toEqual([2]);
  });
});

test.for([
  ['', {}],
  [' of a server that keeps sessions', { sessions: 'newest' }],
] as const)(
  'what is kept for a device%s that is connected comes when its route is written again',
  async ([, options]) => {
    const { url, prefix } = testRedis();
    const world = new World({ redis: { url, keyPrefix: prefix } }, usual);
    const server = await world.server({ ...options, leaseMs: 300, refreshRoutesMs: 100 });
    const device = await logIn(server, 2);
    const bus = createRedisBus({ url, keyPrefix: prefix });
    onCleanup(() => bus.close());
    await bus.start();

    // As if its route had been lost for a moment, or somebody had taken its server for dead.
    const text = toByteText(
      '{"cmd":3,"messageId":"m1","receivers":[{"id":2,"terminal":0}],"sendResult":false,"data":"a"}',
    );
    const message = { id: 'm1', text, sentAt: 1, forMs: 60_000, most: 1, rememberMs: 1 };
    expect(await bus.kept.keep({ id: '2', terminal: 0 }, message, [server.id ?? 0])).toBe('kept');

    expect(await frames(device, 1)).toEqual(['a']);
    await expect.poll(() => bus.kept.waiting([{ id: '2', terminal: 0 }])).toEqual([]);
  },
);

test('what waits for a device comes before what is kept when it counts as gone', async () => {
  const [[, newWorld]] = worlds;
  const world = await newWorld({ reconnectGraceMs: 1_000 });
  const [server, im] = [await world.server(), await world.client()];
  const users = Array.from({ length: 40 }, (_, index) => index + 2);
  const send = (recvId: number, data: string) =>
    im.sendPrivateMessage({ sender, recvId, recvTerminals, keep, data });

  const orders = users.map(async (user) => {
    await send(user, 'kept');
    const cut = await logIn(server, user, true);
    expect((await cut.next()).data).toBe('kept');
    // Behind that, as it is not proved.
    await send(user, 'waits');
    cut.terminate();
    await expect.poll(() => im.isOnline(user)).toBe(false);
    // It is not sent before the device counts as gone, and back it comes in that moment.
    expect(await send(user, 'late')).toMatchObject({ queued: [], kept: [{ id: String(user) }] });
    return frames(await logIn(server, user), 3);
  });

  expect(await Promise.all(orders)).toEqual(users.map(() => ['kept', 'waits', 'late']));
});

test('what a server had in hand that drains, and whose device does not come back in time, is kept', async () => {
  const world = await onRedis(usual);
  const [first, second] = [await world.server(), await world.server()];
  const im = await world.client();
  const mute = await connectDevice(first.url, { autoPong: false });
  await mute.login({ token: await makeToken({ userId: 2, terminal: 0, secret }), devId: 2 });
  const receipt = await im.sendGroupMessage({ sender, recvIds: [2], recvTerminals, keep, data: 'a' });
  await mute.next();

  await first.close();

  expect(await receipt.results()).toMatchObject([{ code: 2, reason: 'KEPT' }]);
  expect(await frames(await logIn(second, 2), 1)).toEqual(['a']);
});

test('what ends before it is even kept is told of as well', async () => {
  const redis = await startRedis();
  onCleanup(() => redis.stop());
  const proxy = await FaultProxy.start(() => redis.port);
  onCleanup(() => proxy.stop());
  // Far away: the time of the end is written, and has come, before the message is there.
  proxy.trouble = { delayMs: 10 };
  const [far, near] = [
    createRedisBus({ url: `redis://127.0.0.1:${proxy.port}` }),
    createRedisBus({ url: redis.url }),
  ];
  for (const bus of [far, near]) {
    onCleanup(() => bus.close());
    await bus.start();
  }
  const address = { id: '2', terminal: 0 };
  const kept = new AbortController();
  const looking = (async () => {
    while (!kept.signal.aborted)
      for (const due of await near.kept.due(1)) await near.kept.lookedAfter(due, []);
  })();

  const text = toByteText('{"cmd":3,"data":1}');
  expect(await far.kept.keep(address, { id: 'a', text, sentAt: 1, forMs: 1, most: 1, rememberMs: 1 })).toBe(
    'kept',
  );
  kept.abort();
  await looking;

  await expect.poll(() => near.kept.due(1)).toEqual([address]);
});
