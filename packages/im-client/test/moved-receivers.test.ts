import { messageList, serverGroup } from 'im-common/bus';
import { onCleanup } from 'im-test/support';
import { expect, it } from 'vitest';
import { createImClient, type ImResult } from '../src/index.ts';
import { failureOf, Inbox } from './support/inbox.ts';
import { put } from './support/scripted-server.ts';
import { watchLocate } from './support/watched-bus.ts';
import { overBothBuses } from './support/world.ts';

const alice = { id: 1, terminal: 0 };

overBothBuses('a receiver', (newWorld) => {
  it('whose server has closed its list is looked for again, and reached where it is now', async () => {
    const world = await newWorld();
    const [old, current] = [await world.server(), await world.server()];
    await old.connect('2');
    const { bus, located } = watchLocate(world.bus);
    const im = createImClient({ service: 'shop', bus });
    onCleanup(() => im.close());
    await old.closeList('private');

    const sending = im.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: 1 });
    // The message is on its way to the old server when the device comes back on the other one.
    await located;
    await current.connect('2');

    const receipt = await sending;
    expect(receipt).toMatchObject({ queued: [{ id: '2', terminal: 0 }], offline: [] });
    await current.serve('private');
    expect(await receipt.results()).toMatchObject([{ code: 0 }]);
  });

  it('whose server stays closed is NOT_ONLINE in the end', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    await server.closeList('private');
    const im = world.client();
    const inbox = new Inbox<ImResult>();
    im.on('all', inbox.listener);

    const receipt = await im.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: 1 });

    expect(receipt).toMatchObject({ queued: [], offline: [{ id: '2', terminal: 0 }] });
    expect(await receipt.results()).toMatchObject([{ code: 1, reason: 'NOT_ONLINE' }]);
    expect(await inbox.next()).toMatchObject({ code: 1, reason: 'NOT_ONLINE' });
  });

  it('whose server is dead or silent is offline, though its route is still there', async () => {
    const world = await newWorld();
    const [dead, silent] = [await world.server(), await world.server({ leaseMs: 1 })];
    await dead.connect('2');
    await silent.connect('3');
    await world.bus.registry.leave(serverGroup, String(dead.id), 'boot');
    await expect.poll(async () => (await world.bus.registry.view(serverGroup)).expired).toHaveLength(1);
    const im = world.client();

    const receipt = await im.sendGroupMessage({
      sender: alice,
      recvIds: [2, 3],
      recvTerminals: [0],
      data: 1,
    });

    expect(receipt.queued).toEqual([]);
    expect(await im.onlineUsers([2, 3])).toEqual([]);
  });
});

overBothBuses('a list that is full', (newWorld) => {
  it('refuses the message with BUS_FULL, and nothing is owed for it', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client({ maxListLength: 2 });
    await put(world.bus, messageList('private', server.id), 'a', 'b');

    const problem = await failureOf(im.sendPrivateMessage({ sender: alice, recvId: 2, data: 1 }));

    expect(problem).toMatchObject({ code: 'BUS_FULL', retryable: true });
    expect(await server.waitingEntries('private')).toBe(2);
  });

  it('fails a group message, whose other receivers still have their results', async () => {
    const world = await newWorld();
    const [free, full] = [await world.server(), await world.server()];
    await free.connect('2');
    await full.connect('3');
    const im = world.client({ maxListLength: 1, resultDeadlineMs: 500 });
    const inbox = new Inbox<ImResult>();
    im.on('all', inbox.listener);
    await put(world.bus, messageList('group', full.id), 'a');

    const message = { sender: alice, recvIds: [2, 3], recvTerminals: [0], data: 'partly' };
    const problem = await failureOf(im.sendGroupMessage(message));
    await free.serve('group');

    expect(problem).toMatchObject({ code: 'BUS_FULL' });
    expect(problem.message).toContain('with 1 of its servers');
    expect(await inbox.next()).toMatchObject({ code: 0, receivers: [{ id: '2' }] });
    // Had the other receiver been owed, its EXPIRED would come before the result of a message sent later.
    await expect(im.sendGroupMessage({ ...message, recvIds: [2] })).resolves.toBeDefined();
    expect(await inbox.next()).toMatchObject({ reason: 'EXPIRED', receivers: [{ id: '2' }] });
  });
});
