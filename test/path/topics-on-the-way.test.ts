import { createImClient, type ImClient } from 'im-client';
import { createMemoryBus, type Bus } from 'im-common/bus';
import { createImServer, type ImServer } from 'im-server';
import { connectDevice, makeToken, onCleanup, type RawDevice } from 'im-test/support';
import { expect, it } from 'vitest';

// P-13.6: who is taken out of a topic while a device of theirs is on its way.

const secret = 'for-tests';
const sender = { id: 1, terminal: 0 };

async function startMemoryBus(): Promise<Bus> {
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  return bus;
}

async function startServer(bus: Bus): Promise<ImServer> {
  const server = createImServer({ bus, host: '127.0.0.1', port: 0, jwtSecret: secret, drainMs: 0 });
  await server.start();
  onCleanup(() => server.close());
  return server;
}

async function startClient(bus: Bus): Promise<ImClient> {
  const client = createImClient({ service: 'shop', bus });
  onCleanup(() => client.close());
  await client.start();
  return client;
}

async function knock(server: ImServer, userId: number): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  device.send({
    cmd: 0,
    data: { accessToken: await makeToken({ userId, terminal: 0, secret }), devId: userId },
  });
  return device;
}

async function enter(server: ImServer, userId: number): Promise<RawDevice> {
  const device = await knock(server, userId);
  await device.next();
  return device;
}

async function leaveAtOnce(device: RawDevice): Promise<void> {
  device.terminate();
  await device.closed;
}

function newGate(): { readonly isOpen: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (open = resolve));
  return { isOpen, open };
}

it('is not given what follows it to a server that does not know its topics yet', async () => {
  const bus = await startMemoryBus();
  const [asked, gate] = [newGate(), newGate()];
  const { topics } = bus;
  const slowTopics = new Proxy(topics, {
    get: (target, name: keyof typeof topics) => {
      if (name === 'history') return target.history;
      if (name !== 'of') return target[name].bind(target);
      return async (userIds: readonly string[]) => {
        const found = await target.of(userIds);
        if (!userIds.includes('2')) return found;
        asked.open();
        await gate.isOpen;
        return found;
      };
    },
  });
  const [old, fresh] = [await startServer(bus), await startServer({ ...bus, topics: slowTopics })];
  const im = await startClient(bus);
  const neighbour = await enter(fresh, 3);
  const before = await enter(old, 2);
  await im.topics.add('room', [2]);
  await im.topics.add('hall', [2]); // Whoever is in none is not asked for.

  await leaveAtOnce(before);
  await expect.poll(() => im.isOnline(2)).toBe(false);
  await im.topics.remove('room', [2]);
  const device = await knock(fresh, 2);
  await asked.isOpen;
  const receipt = await im.sendGroupMessage({ sender, topic: 'room', data: 'after', sendToSelf: false });
  await receipt.counts(); // The old server has sent it on.
  await im.sendGroupMessage({ sender, recvIds: [2, 3], data: 'end', sendToSelf: false });
  expect(await neighbour.next()).toMatchObject({ data: 'end' }); // The fresh one has taken both.
  gate.open();

  expect(await device.next()).toMatchObject({ cmd: 0 });
  expect(await device.next()).toMatchObject({ data: 'end' });
});

it('is not given what is sent when it is back at the server that no order could find meanwhile', async () => {
  const bus = await startMemoryBus();
  const server = await startServer(bus);
  const im = await startClient(bus);
  const before = await enter(server, 2);
  await im.topics.add('room', [2]);
  await im.topics.add('hall', [2]);

  await leaveAtOnce(before);
  await expect.poll(() => im.isOnline(2)).toBe(false);
  await im.topics.remove('room', [2]);
  const waiting = await im.sendGroupMessage({ sender, topic: 'room', data: 'after', sendToSelf: false });
  const device = await enter(server, 2);
  await waiting.counts();
  await im.sendGroupMessage({ sender, topic: 'room', data: 'later', sendToSelf: false });
  await im.sendGroupMessage({ sender, topic: 'hall', data: 'end', sendToSelf: false });

  expect(await device.next()).toMatchObject({ data: 'end' });
});
