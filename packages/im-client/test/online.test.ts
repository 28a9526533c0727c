import { expect, it } from 'vitest';
import { ScriptedServer } from './support/scripted-server.ts';
import { overBothBuses } from './support/world.ts';

overBothBuses('presence', (newWorld) => {
  it('says who is online, and on which terminals', async () => {
    const world = await newWorld();
    const [server, java] = [await world.server(), await ScriptedServer.java(world.bus)];
    await server.connect('2', 0);
    await server.connect('2', 2);
    await java.connect('9007199254740993', 1);
    const im = world.client();

    expect(await im.isOnline(2)).toBe(true);
    expect(await im.isOnline('2', 2)).toBe(true);
    expect(await im.isOnline(2n, 1)).toBe(false);
    expect(await im.isOnline(3)).toBe(false);
    expect(await im.onlineTerminals([2, 3, 9007199254740993n])).toEqual(
      new Map([
        ['2', [0, 2]],
        ['9007199254740993', [1]],
      ]),
    );
    expect(await im.onlineUsers([3, 2])).toEqual(['2']);
    expect(await im.onlineUsers([])).toEqual([]);
  });

  it('is asked of the terminals that the client knows', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 7);

    expect(await world.client().isOnline(2)).toBe(false);
    expect(await world.client({ terminals: [0, 7] }).isOnline(2)).toBe(true);
  });

  it('of a user who left ends at once', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const before = await im.isOnline(2);

    await server.disconnect('2');

    expect([before, await im.isOnline(2)]).toEqual([true, false]);
  });
});

overBothBuses('a server that dies', (newWorld) => {
  it('takes its users offline within a second, also for a client that knew it alive', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    const im = world.client();
    const before = await im.isOnline(2);

    await server.leave();

    await expect.poll(() => im.isOnline(2)).toBe(false);
    expect(before).toBe(true);
    await expect.poll(() => im.pickServer()).toBeUndefined();
  });
});

overBothBuses('a forced logout', (newWorld) => {
  it('is an order on the list of each server that holds a device of the user', async () => {
    const world = await newWorld();
    const [one, other] = [await world.server(), await world.server()];
    await one.connect('2', 0);
    await other.connect('2', 1);
    await other.connect('3', 0);
    const im = world.client();

    const terminals = await im.forceLogout(2);

    expect(terminals).toEqual([0, 1]);
    expect(await one.takeForceLogouts()).toEqual(['{"terminal":0,"userId":2}']);
    expect(await other.takeForceLogouts()).toEqual(['{"terminal":1,"userId":2}']);
  });

  it('can be for some terminals only, and reaches nobody who is offline', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 0);
    await server.connect('2', 1);
    const im = world.client();

    expect(await im.forceLogout('2', { terminals: [1] })).toEqual([1]);
    expect(await im.forceLogout(4)).toEqual([]);
    expect(await server.takeForceLogouts()).toEqual(['{"terminal":1,"userId":2}']);
  });

  it('waits for a device that is between two servers, and for no other', async () => {
    const world = await newWorld();
    const [old, next] = [await world.server(), await world.server()];
    await old.connect('2', 0);
    await old.connect('2', 1);
    await world.bus.presence.unbind({ id: '2', terminal: 0 }, old.id, 60_000);
    const im = world.client({ reconnectGraceMs: 5_000 });

    const ending = im.forceLogout(2);
    expect(await old.takeForceLogouts()).toEqual(['{"terminal":1,"userId":2}']);
    await next.connect('2', 0);

    expect(await ending).toEqual([0, 1]);
    expect(await next.takeForceLogouts()).toEqual(['{"terminal":0,"userId":2}']);
  });

  it('waits no longer than a send does for a device that does not come back', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 0);
    await world.bus.presence.unbind({ id: '2', terminal: 0 }, server.id, 60_000);

    expect(await world.client({ reconnectGraceMs: 200 }).forceLogout(2)).toEqual([]);
    expect(await world.client({ reconnectGraceMs: 0 }).forceLogout(2)).toEqual([]);
  });

  it('misses nobody whose server has just left', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2');
    await server.leave();

    expect(await world.client().forceLogout(2)).toEqual([]);
  });
});

overBothBuses('a revocation', (newWorld) => {
  const endsAt = Date.now() + 1_800_000;

  it('refuses tokens that end before its moment, and sends the orders of a forced logout', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 0);
    await server.connect('3', 0);

    const terminals = await world.client().revokeTokens(2, { expiringBefore: new Date(endsAt) });

    expect(terminals).toEqual([0]);
    expect(await server.takeForceLogouts()).toEqual([`{"terminal":0,"userId":2,"expiringBefore":${endsAt}}`]);
    const { presence } = world.bus;
    const login = (id: string, terminal: number, tokenEndsAt: number): Promise<unknown> =>
      presence.bind({ id, terminal }, server.id, { endsAt: tokenEndsAt });
    expect(await login('2', 0, endsAt - 1)).toBe('revoked');
    expect(await login('2', 2, endsAt - 1)).toBe('revoked');
    expect(await login('2', 0, endsAt)).toBe(server.id);
    expect(await login('3', 0, endsAt - 1)).toBe(server.id);
  });

  it('can be for some terminals only', async () => {
    const world = await newWorld();
    const server = await world.server();
    await server.connect('2', 0);
    await server.connect('2', 1);

    expect(await world.client().revokeTokens('2', { expiringBefore: endsAt, terminals: [1] })).toEqual([1]);

    const devices = [0, 1].map((terminal) => ({ id: '2', terminal }));
    expect(await world.bus.presence.revocations(devices)).toEqual([undefined, { expiringBefore: endsAt }]);
  });

  it('is told to a server whose lease is over, which may come back with its devices', async () => {
    const world = await newWorld();
    const server = await world.server({ leaseMs: 1 });
    await server.connect('2');
    const im = world.client();
    await expect.poll(() => im.isOnline(2)).toBe(false);

    expect(await im.revokeTokens(2, { expiringBefore: endsAt })).toEqual([0]);

    expect(await server.takeForceLogouts()).toEqual([`{"terminal":0,"userId":2,"expiringBefore":${endsAt}}`]);
  });
});

overBothBuses('the servers', (newWorld) => {
  it('are listed as they announce themselves, and the least loaded that takes devices is picked', async () => {
    const world = await newWorld();
    const [busy, idle, draining, gone] = [
      await world.server(),
      await world.server(),
      await world.server(),
      await world.server(),
    ];
    await busy.announce({ connections: 500, features: ['topics'] });
    await idle.announce({ connections: 20 });
    await draining.announce({ connections: 1, draining: true });
    await gone.leave();
    const im = world.client();

    const servers = await im.listServers();

    expect(servers.sort((a, b) => a.id - b.id)).toEqual([
      {
        id: busy.id,
        address: `ws://server-${busy.id}/im`,
        connections: 500,
        draining: false,
        features: ['topics'],
      },
      { id: idle.id, address: `ws://server-${idle.id}/im`, connections: 20, draining: false, features: [] },
      {
        id: draining.id,
        address: `ws://server-${draining.id}/im`,
        connections: 1,
        draining: true,
        features: [],
      },
    ]);
    expect(await im.pickServer()).toMatchObject({ id: idle.id });
  });

  it('may be none', async () => {
    const world = await newWorld();
    const im = world.client();

    expect(await im.listServers()).toEqual([]);
    expect(await im.pickServer()).toBeUndefined();
  });
});
