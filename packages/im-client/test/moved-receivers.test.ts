import { messageList, serverGroup } from 'im-common/internal/bus';
import { inTime, onCleanup } from 'im-test/support';
import { expect, it } from 'vitest';
import { createImClient, type ImResult } from '../src/index.ts';
import { failureOf, Inbox } from './support/inbox.ts';
import { put, takeFrom } from './support/scripted-server.ts';
import { watchLocate } from './support/watched-bus.ts';
import { overBothBuses } from './support/world.ts';

// P-6.11, P-10.9.

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

  it('whose server is dead is offline, though its route is still there; that of a late one gets it later', async () => {
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

    expect(receipt).toMatchObject({ queued: [{ id: '3' }], offline: [{ id: '2' }] });
    expect(await im.onlineUsers([2, 3])).toEqual([]);
    await silent.serve('group');
    expect(await receipt.results()).toContainEqual(expect.objectContaining({ id: '3', code: 0 }));
  });
});

overBothBuses('a receiver who has just left', (newWorld) => {
  const address = { id: '2', terminal: 0 };
  const to = (recvId: number, data: unknown) => ({ sender: alice, recvId, recvTerminals: [0], data });

  it('is waited for, with all that comes for it, in order, while nobody else waits', async () => {
    const world = await newWorld();
    const [old, current] = [await world.server(), await world.server()];
    await current.connect('3');
    await old.connect('2');
    await world.bus.presence.unbind(address, old.id, 60_000);
    const im = world.client({ reconnectGraceMs: 5_000 });

    const first = [0, 1, 2].map((n) => im.sendPrivateMessage(to(2, n)));
    expect(await im.sendPrivateMessage(to(3, 'other'))).toMatchObject({ queued: [{ id: '3' }] });
    expect(await im.isOnline(2, 0)).toBe(false);
    await current.connect('2');
    const then = [3, 4, 5].map((n) => im.sendPrivateMessage(to(2, n)));

    const receipts = await Promise.all([...first, ...then]);
    expect(receipts.map(({ queued }) => queued)).toEqual(receipts.map(() => [address]));
    const entries = await takeFrom(world.bus, messageList('private', current.id), 7);
    expect(entries.map((text) => (JSON.parse(text) as { data: unknown }).data)).toEqual([
      'other',
      0,
      1,
      2,
      3,
      4,
      5,
    ]);
  });

  it('gets a group message later, and the other members at once', async () => {
    const world = await newWorld();
    const [old, current] = [await world.server(), await world.server()];
    await current.connect('3');
    await old.connect('2');
    await world.bus.presence.unbind(address, old.id, 60_000);
    const im = world.client();

    const sending = im.sendGroupMessage({ sender: alice, recvIds: [2, 3], recvTerminals: [0], data: 1 });
    await current.serve('group');
    await current.connect('2');
    const receipt = await sending;
    await current.serve('group');

    expect(receipt.queued).toHaveLength(2);
    expect((await receipt.results()).map(({ id, code }) => [id, code]).toSorted()).toEqual([
      ['2', 0],
      ['3', 0],
    ]);
  });

  it('is NOT_ONLINE when it does not come back in time', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    await world.bus.presence.unbind(address, server.id, 300);
    const im = world.client();
    const before = performance.now();

    const receipt = await im.sendPrivateMessage(to(2, 1));

    expect(receipt).toMatchObject({ queued: [], offline: [address] });
    expect(await receipt.results()).toMatchObject([{ code: 1, reason: 'NOT_ONLINE' }]);
    expect(performance.now() - before).toBeGreaterThan(200);
  });

  it('is NOT_ONLINE at once where nobody is to be waited for', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    await world.bus.presence.unbind(address, server.id, 60_000);
    const im = world.client({ reconnectGraceMs: 0 });

    expect(await im.sendPrivateMessage(to(2, 1))).toMatchObject({ offline: [address] });
  });

  it('does not get what was taken back meanwhile', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    await world.bus.presence.unbind(address, server.id, 60_000);
    const im = world.client();
    const controller = new AbortController();

    const sending = failureOf(im.sendPrivateMessage(to(2, 'taken back'), { signal: controller.signal }));
    await im.isOnline(2); // the bus has answered
    controller.abort();
    await server.connect('2');

    expect(await sending).toMatchObject({ name: 'AbortError' });
    expect(await server.waitingEntries('private')).toBe(0);
  });

  it('keeps nobody waiting who takes back what was for him, and those behind it have their turn', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    await world.bus.presence.unbind(address, server.id, 60_000);
    const im = world.client({ reconnectGraceMs: 60_000 });
    const controller = new AbortController();
    const sending = failureOf(im.sendPrivateMessage(to(2, 'taken back'), { signal: controller.signal }));
    const next = im.sendPrivateMessage(to(2, 'next'));
    await im.isOnline(2); // the bus has answered

    controller.abort(new Error('not any more'));
    expect(await inTime('the refusal', sending)).toMatchObject({ message: 'not any more' });

    await server.connect('2');
    expect((await next).queued).toEqual([address]);
    const [entry = ''] = await takeFrom(world.bus, messageList('private', server.id), 1);
    expect(entry).toContain('"next"');
  });

  it('gets a message whose sender gave up when others had it already', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    await server.connect('3');
    await world.bus.presence.unbind(address, server.id, 60_000);
    const im = world.client({ reconnectGraceMs: 10_000 });
    const controller = new AbortController();
    const message = { sender: alice, recvIds: [2, 3], recvTerminals: [0], data: 1 };

    const sending = im.sendGroupMessage(message, { signal: controller.signal });
    await expect.poll(() => server.waitingEntries('group')).toBe(1);
    await im.isOnline(3); // the sender knows of it
    controller.abort();
    await server.connect('2');

    expect((await sending).queued).toHaveLength(2);
  });
});

overBothBuses('a list that is full', (newWorld) => {
  it('refuses the message with BUS_FULL, and nothing is pending for it', async () => {
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
    // Had the other receiver been pending, its EXPIRED would come before the result of a message sent later.
    await expect(im.sendGroupMessage({ ...message, recvIds: [2] })).resolves.toBeDefined();
    expect(await inbox.next()).toMatchObject({ reason: 'EXPIRED', receivers: [{ id: '2' }] });
  });
});
