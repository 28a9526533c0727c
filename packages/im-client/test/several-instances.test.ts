import { resultList, serviceGroup } from 'im-common/internal/bus';
import { expect, it } from 'vitest';
import type { GroupResult, ImResult, PrivateResult, SystemResult } from '../src/index.ts';
import { Inbox } from './support/inbox.ts';
import { put } from './support/scripted-server.ts';
import { overBothBuses } from './support/world.ts';

// P-7.9.

const alice = { id: 1, terminal: 0 };

overBothBuses('several instances of a service', (newWorld) => {
  it('get the results of what they sent themselves', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const [one, other] = [world.client(), world.client()];
    const [ofOne, ofOther] = [new Inbox<PrivateResult>(), new Inbox<PrivateResult>()];
    one.on('private', ofOne.listener);
    other.on('private', ofOther.listener);

    const message = { sender: alice, recvId: 2, recvTerminals: [0] };
    await one.sendPrivateMessage({ ...message, data: 'one' });
    await other.sendPrivateMessage({ ...message, data: 'other' });
    await server.serve('private');
    await server.serve('private');

    expect(await ofOne.next()).toMatchObject({ data: 'one' });
    expect(await ofOther.next()).toMatchObject({ data: 'other' });
  });

  it('that send without listening leave their results to one that listens', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const [sender, worker] = [world.client(), world.client()];
    const inbox = new Inbox<ImResult>();
    worker.on('all', inbox.listener);
    await worker.start();

    const receipt = await sender.sendPrivateMessage({
      sender: alice,
      recvId: 2,
      recvTerminals: [0, 1],
      data: { n: 1 },
    });
    await server.serve('private');

    const [offline, delivered] = await inbox.take(2);
    expect(offline).toMatchObject({ code: 1, messageId: receipt.messageId, receiver: { terminal: 1 } });
    expect(delivered).toMatchObject({
      code: 0,
      stage: 'proved',
      messageId: receipt.messageId,
      serverId: server.id,
      receiver: { id: '2', terminal: 0 },
      sender: { id: '1', terminal: 0 },
      dataText: '{"n":1}',
    });
    expect(await receipt.results()).toHaveLength(2);
  });

  it('keep group results and an expired push to everyone whole on the way to another instance', async () => {
    const world = await newWorld();
    const server = await world.server();
    for (const id of ['2', '3']) await server.connect(id);
    const [sender, worker] = [world.client({ resultDeadlineMs: 300 }), world.client()];
    const [groups, systems] = [new Inbox<GroupResult>(), new Inbox<SystemResult>()];
    worker.on('group', groups.listener);
    worker.on('system', systems.listener);
    await worker.start();

    await sender.sendGroupMessage({ sender: alice, recvIds: [2, 3], recvTerminals: [0], data: 'g' });
    await sender.sendSystemMessage({ recvIds: 'everyone', data: 's' });
    await server.serve('group');

    expect(await groups.next()).toMatchObject({ code: 0, receivers: [{ id: '2' }, { id: '3' }], data: 'g' });
    expect(await systems.next()).toMatchObject({ code: 9999, reason: 'EXPIRED', receivers: [], data: 's' });
  });

  it('share what somebody puts under the plain name of the service', async () => {
    const world = await newWorld();
    const instances = [world.client(), world.client()];
    const inbox = new Inbox<PrivateResult>();
    for (const im of instances) {
      im.on('private', inbox.listener);
      await im.start();
    }

    const texts = Array.from(
      { length: 200 },
      (_, n) => `{"code":0,"data":${n},"receiver":{"id":2,"terminal":0}}`,
    );
    await put(world.bus, resultList('private', 'shop'), ...texts);

    const seen = (await inbox.take(200)).map(({ data }) => Number(data)).sort((a, b) => a - b);
    expect(seen).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  it('say in the registry what they listen to, and leave it when they close', async () => {
    const world = await newWorld();
    const im = world.client({ leaseMs: 300 });
    await im.start();
    const listens = async (): Promise<unknown[]> =>
      (await world.bus.registry.view(serviceGroup('shop'))).live.map(
        ({ info }) => JSON.parse(info) as unknown,
      );

    im.on('group', () => undefined);
    await expect.poll(listens).toEqual([{ listens: ['group'] }]);
    await im.close();

    expect(await listens()).toEqual([]);
  });

  it('hand over what they have not dealt with when they close', async () => {
    const world = await newWorld();
    const [leaving, staying] = [world.client(), world.client()];
    const stuck = new Inbox<PrivateResult>();
    const inbox = new Inbox<PrivateResult>();
    leaving.on(
      'private',
      (results, { signal }) => {
        stuck.push(...results);
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error)),
        );
      },
      { listenerTimeoutMs: 300, retryDelaysMs: [60_000] },
    );
    await leaving.start();
    await put(
      world.bus,
      resultList('private', 'shop'),
      '{"code":0,"data":1,"receiver":{"id":2,"terminal":0}}',
    );
    await stuck.next();

    await leaving.close();
    staying.on('private', inbox.listener);
    await staying.start();

    expect(await inbox.next()).toMatchObject({ data: 1 });
  });

  it('hand over results of what they sent that come after they closed', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const [leaving, staying] = [world.client(), world.client({ leaseMs: 300 })];
    const inbox = new Inbox<PrivateResult>();
    staying.on('private', inbox.listener);
    await staying.start();

    await leaving.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: 'bye' });
    await leaving.close();
    await server.serve('private');

    expect(await inbox.next()).toMatchObject({ code: 0, data: 'bye' });
  });
});
