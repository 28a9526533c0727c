import type { Bus } from 'im-common/bus';
import { encodeEntry, highList, messageList, serverGroup, toByteText } from 'im-common/internal/bus';
import type { ImServer } from 'im-server';
import { connectDevice, makeToken, type RawDevice } from 'im-test/support';
import { describe, expect, test } from 'vitest';
import { onRedis, secret, worlds } from './world.ts';

// P-15.9, P-15.10: messages of high priority.

const sender = { id: 1, terminal: 0 };
const recvTerminals = [0];
const priority = 'high';

const usual = { drainMs: 2_000 };

async function logIn(server: ImServer, userId: number, ack = false): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  const accessToken = await makeToken({ userId, terminal: 0, secret });
  device.send({ cmd: 0, data: { accessToken, devId: userId, ...(ack && { ack }) } });
  await device.next(({ cmd }) => cmd === 0);
  return device;
}

/** What the device is given, up to the message that says `last`. */
async function until(device: RawDevice, last: unknown): Promise<unknown[]> {
  const seen: unknown[] = [];
  while (seen.at(-1) !== last) seen.push((await device.next()).data);
  return seen;
}

/** Normal messages that wait at a server, numbered from 1. */
async function backlog(bus: Bus, serverId: number, userId: number, count: number): Promise<void> {
  const entries = Array.from({ length: count }, (_, index) =>
    encodeEntry('private', {
      ...{ dataText: toByteText(String(index + 1)), receivers: [{ id: String(userId), terminal: 0 }] },
      ...{ sendResult: false, attempt: 1 },
    }),
  );
  const whenFull = 'refuse';
  const batch = { entries, producer: 'backlog', batchNumber: 1, maxLength: count, whenFull } as const;
  expect(await bus.lists.put(messageList('private', serverId), batch)).toMatchObject({ status: 'put' });
}

describe.for(worlds)('a message of high priority, %s,', ([, newWorld]) => {
  test('goes before thousands that wait at its server, of every kind and in its own order', async () => {
    const world = await newWorld(usual);
    const server = await world.server({ maxInFlight: 3_000, pullBatch: 500, proofTimeoutMs: 60_000 });
    const im = await world.client({ terminals: [0] });
    const device = await logIn(server, 2);
    const count = 6_000;
    // From the first one on the others are taken in slices, and leave it room.
    await im.sendPrivateMessage({ sender, recvId: 2, priority, data: 'first' });
    await until(device, 'first');

    // It reads on when all of them are there: as fast as it reads, a slow sender would come too late.
    device.pause();
    await backlog(await world.bus(), server.id ?? 0, 2, count);
    const receipt = await im.sendPrivateMessage({ sender, recvId: 2, priority, data: 'high' });
    await im.sendGroupMessage({ sender, recvIds: [2], priority, data: 'group' });
    await im.sendSystemMessage({ recvIds: [2], priority, data: 'system' });
    await im.sendSystemMessage({ recvIds: 'everyone', recvTerminals, priority, data: 'everyone' });
    device.resume();

    const before = await until(device, 'high');
    expect(before.length).toBeLessThan(count);
    const rest = [...before, ...(await until(device, count))];
    expect(rest.filter((data) => typeof data === 'string')).toEqual(['high', 'group', 'system', 'everyone']);
    expect(rest.indexOf('everyone')).toBeLessThan(count);
    expect(rest.filter((data) => typeof data === 'number')).toEqual(
      Array.from({ length: count }, (_, index) => index + 1),
    );
    expect(await receipt.results()).toMatchObject([{ code: 0, stage: 'proved' }]);
    // Not among the ids by which im-device tells what comes late.
    expect(receipt.messageId).toMatch(/^h\./);
  });

  test('does not wait for what was kept, and replaces what waits for it', async () => {
    const world = await newWorld(usual);
    const server = await world.server();
    const im = await world.client({ terminals: [0] });
    const keep = { forMs: 60_000, most: 1_000 };
    for (let data = 1; data <= 150; data += 1) await im.sendPrivateMessage({ sender, recvId: 2, keep, data });
    const device = await logIn(server, 2, true);
    // A page of them is under way, and nothing goes on before it is acknowledged.
    await until(device, 100);
    const old = await im.sendPrivateMessage({ sender, recvId: 2, replaces: 'price', data: 'old' });
    await im.sendPrivateMessage({ sender, recvId: 2, data: 'live' });

    await im.sendPrivateMessage({ sender, recvId: 2, replaces: 'price', priority, data: 'high' });

    expect(await until(device, 'high')).toEqual(['high']);
    device.send({ cmd: 6, data: { count: 101 } });
    const rest = await until(device, 150);
    device.send({ cmd: 6, data: { count: 151 } });
    expect([...rest, ...(await until(device, 'live'))].slice(-2)).toEqual([150, 'live']);
    expect(await old.results()).toMatchObject([{ reason: 'REPLACED' }]);
  });

  test('is taken over with the list of a server that has died, and goes after its receiver', async () => {
    const world = await newWorld(usual);
    const server = await world.server({ leaseMs: 300 });
    const device = await logIn(server, 2);
    const bus = await world.bus();
    const gone = String((await bus.registry.nextServerId()) + 1);
    await bus.registry.renew(serverGroup, { id: gone, boot: 'gone', leaseMs: 1, info: '' });

    const entry = encodeEntry('group', {
      ...{ dataText: toByteText('"high"'), receivers: [{ id: '2', terminal: 0 }] },
      ...{ sendResult: false, attempt: 1, extras: { high: true } },
    });
    const whenFull = 'refuse';
    const batch = { entries: [entry], producer: 'late', batchNumber: 1, maxLength: 10, whenFull } as const;
    expect(await bus.lists.put(highList(gone), batch)).toMatchObject({ status: 'put' });

    expect(await until(device, 'high')).toEqual(['high']);
  });

  test('is taken to where its receiver goes when its server drains, and counted', async () => {
    const world = await newWorld(usual);
    const [first, second] = [await world.server(), await world.server()];
    const im = await world.client();
    const devices = await Promise.all([2, 3, 4].map((user) => logIn(first, user)));
    const sending = Array.from({ length: 60 }, async (_, n) => {
      const receipt = await im.sendPrivateMessage({
        sender,
        recvId: 2 + (n % 3),
        recvTerminals,
        priority,
        data: n,
      });
      return receipt.results();
    });
    const draining = first.close();
    // The closes tell devices to come back elsewhere, which these do by hand.
    const moved = await Promise.all(
      devices.map(async (device, index) => {
        expect((await device.closed).code).toBe(1012);
        return logIn(second, 2 + index);
      }),
    );
    for (let n = 60; n < 90; n += 1)
      sending.push(
        im
          .sendPrivateMessage({ sender, recvId: 2 + (n % 3), recvTerminals, priority, data: n })
          .then((r) => r.results()),
      );

    const results = (await Promise.all(sending)).flat();
    await draining;
    expect(results.filter(({ reason }) => reason !== undefined)).toEqual([]);
    for (const [index, device] of moved.entries()) {
      await until(device, 87 + index);
      const old = devices[index]?.frames ?? [];
      const all = [...old, ...device.frames].filter(({ cmd }) => cmd === 3).map(({ data }) => data);
      expect(new Set(all).size).toBe(30);
    }
    const counted = await second.metrics.text();
    expect(
      Number(/^im_high_messages_total\{what="taken"\} (\d+)$/m.exec(counted)?.[1]),
    ).toBeGreaterThanOrEqual(30);
  });
});

test('a message to a topic is of high priority where it waits for a device, and after changes of its topic', async () => {
  const world = await onRedis(usual);
  const server = await world.server();
  const im = await world.client({ terminals: [0] });
  const device = await logIn(server, 2);
  for (let round = 1; round <= 20; round += 1) {
    await im.topics.add(`room${round}`, [2]);
    await im.sendGroupMessage({ sender, topic: `room${round}`, priority, data: round });
  }
  expect(await until(device, 20)).toHaveLength(20);
});

test('a priority that is none is refused', async () => {
  const im = await (await onRedis()).client();
  const message = { sender, recvId: 2, priority: 'urgent' as 'high', data: 1 };
  await expect(im.sendPrivateMessage(message)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});
