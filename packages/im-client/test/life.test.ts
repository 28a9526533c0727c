import { serviceGroup } from 'im-common/internal/bus';
import { createMemoryBus } from 'im-common/bus';
import { freePort, leastMs, msOf } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { createImClient, type ImClient } from '../src/index.ts';
import { failureOf, Inbox } from './support/inbox.ts';
import { overBothBuses } from './support/world.ts';

const alice = { id: 1, terminal: 0 };

overBothBuses('a client', (newWorld) => {
  it('starts with its first call, once for all callers', async () => {
    const world = await newWorld();
    const im = world.client();

    await Promise.all([
      im.isOnline(1),
      im.start(),
      im.sendPrivateMessage({ sender: alice, recvId: 2, data: 1 }),
    ]);

    expect((await world.bus.registry.view(serviceGroup('shop'))).live).toHaveLength(1);
  });

  it('refuses all calls once it is closed, and closes again without complaint', async () => {
    const world = await newWorld();
    const im = world.client();
    await im.start();
    await im.close();

    await im.close();

    const calls: ((im: ImClient) => Promise<unknown>)[] = [
      (closed) => closed.start(),
      (closed) => closed.sendPrivateMessage({ sender: alice, recvId: 2, data: 1 }),
      (closed) => closed.isOnline(1),
      (closed) => closed.forceLogout(1),
      (closed) => closed.pickServer(),
    ];
    for (const call of calls) expect(await failureOf(call(im))).toMatchObject({ code: 'CLOSED' });
    expect(() => im.on('all', () => undefined)).toThrow(expect.objectContaining({ code: 'CLOSED' }));
  });

  it('closes at the end of its block', async () => {
    const world = await newWorld();
    let escaped: ImClient | undefined;
    {
      await using im = world.client();
      await im.start();
      escaped = im;
    }

    expect(await failureOf(escaped.isOnline(1))).toMatchObject({ code: 'CLOSED' });
  });

  it('lets sends that are under way end before it closes', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    await im.start();

    const sent = Array.from({ length: 50 }, (_, n) =>
      im.sendPrivateMessage({ sender: alice, recvId: 2, data: n }),
    );
    await im.close();

    for (const sending of sent) expect((await sending).queued).toHaveLength(1);
    expect(await server.waitingEntries('private')).toBe(50);
  });

  it('can be closed before it was ever started, or while it starts', async () => {
    const world = await newWorld();
    const [never, soon] = [world.client(), world.client()];

    await never.close();
    const starting = soon.start();
    await soon.close();

    await expect(starting).resolves.toBeUndefined();
    expect((await world.bus.registry.view(serviceGroup('shop'))).live).toEqual([]);
  });

  it('hands results of its own making to the others when it closes in the middle', async () => {
    const world = await newWorld();
    const [leaving, staying] = [world.client(), world.client()];
    const inbox = new Inbox<unknown>();
    leaving.on('private', () => Promise.reject(new Error('no')), { retryDelaysMs: [60_000] });
    await leaving.sendPrivateMessage({ sender: alice, recvId: 2, recvTerminals: [0], data: 'nobody home' });

    await leaving.close();
    staying.on('private', (results) => inbox.push(...results.map(({ code, data }) => [code, data])));
    await staying.start();

    expect(await inbox.next()).toEqual([1, 'nobody home']);
  });
});

describe('a client that got its bus from outside', () => {
  it('neither starts nor closes it', async () => {
    const bus = createMemoryBus();
    const im = createImClient({ service: 'shop', bus });
    await im.start();

    await im.close();

    await expect(bus.ping()).resolves.toBeTypeOf('number');
  });
});

describe('a client whose Redis is not there', () => {
  it('rejects start and sends with BUS_UNAVAILABLE in time, and closes', async () => {
    const redis = `redis://127.0.0.1:${await freePort()}`;
    const tookMs = await leastMs(3_000, () =>
      msOf(async () => {
        const im = createImClient({ service: 'shop', redis, sendTimeoutMs: 1_000 });
        const problems = await Promise.all([
          failureOf(im.start()),
          failureOf(im.sendPrivateMessage({ sender: alice, recvId: 2, data: 1 })),
          failureOf(im.isOnline(2)),
        ]);
        await im.close();
        for (const problem of problems)
          expect(problem).toMatchObject({ code: 'BUS_UNAVAILABLE', effect: 'none' });
      }),
    );

    expect(tookMs).toBeLessThan(3_000);
  });
});
