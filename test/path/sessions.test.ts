import { createImClient, type UserSession } from 'im-client';
import { createMemoryBus, type Bus } from 'im-common/bus';
import { createDevice } from 'im-device';
import { createImServer, type ImServer } from 'im-server';
import { connectDevice, makeToken, onCleanup, type RawDevice } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { buses } from './buses.ts';

// P-16.9, P-16.10: sessions listed and ended, and who may be in at once.

const secret = 'for-tests';

describe.each(buses)('on %s', (_, makeBuses) => {
  async function start(sessions?: string) {
    const make = makeBuses();
    const connect = async (): Promise<Bus> => {
      const bus = make();
      await bus.start();
      onCleanup(() => bus.close());
      return bus;
    };
    const servers: ImServer[] = [];
    for (let count = 0; count < 2; count += 1) {
      const server = createImServer({
        ...{
          bus: await connect(),
          host: '127.0.0.1',
          port: 0,
          jwtSecret: secret,
          drainMs: 0,
          kickGraceMs: 50,
        },
        ...(sessions !== undefined && { sessions }),
      });
      await server.start();
      onCleanup(() => server.close());
      servers.push(server);
    }
    const im = createImClient({ service: 'shop', bus: await connect() });
    await im.start();
    onCleanup(() => im.close());
    return { servers: servers as [ImServer, ImServer], im };
  }

  it('lists where a user is logged in, and ends one of them in the words of the service', async () => {
    const { im, servers } = await start('newest');
    const before = Date.now();
    const phone = await logIn(servers[0], { terminal: 1, devId: 'phone' });
    const web = await logIn(servers[1], { terminal: 0, devId: 'page' });

    const sessions = await im.sessions(2);

    const [page, app] = sessions as [UserSession, UserSession];
    expect(sessions).toHaveLength(2);
    expect(app).toMatchObject({
      ...{ userId: '2', terminal: 1, server: servers[0].id, devId: 'phone', agent: 'Test/1.0' },
      address: expect.stringContaining('127.0.0.1') as string,
    });
    expect(app.since).toBeGreaterThanOrEqual(before);
    expect(app.heardAt).toBeGreaterThanOrEqual(before - 1);

    expect(await im.endSession(app, { reason: 'gesperrt: zu viele Geräte' })).toBe(true);
    expect(await phone.closed).toEqual({ code: 3000, reason: 'gesperrt: zu viele Geräte' });
    await expect.poll(() => im.sessions(2)).toEqual([page]);
    expect(await im.endSession(app)).toBe(false);

    expect(await im.forceLogout(2, { reason: 'gone' })).toEqual([0]);
    expect((await web.nextText()).includes('"data":"gone"')).toBe(true);
    expect(await web.closed).toEqual({ code: 3000, reason: 'gone' });
  });

  it('lets whoever is in stay in, but for the same device, and tells the newcomer', async () => {
    const { im, servers } = await start('1=newest,0=refuse');
    const first = await logIn(servers[0], { devId: 'one' });
    const token = await makeToken({ userId: 2, terminal: 0, secret });
    const newcomer = await connectDevice(servers[1].url);
    newcomer.send(JSON.stringify({ cmd: 0, data: { accessToken: token, devId: 'two' } }));

    expect(await newcomer.closed).toEqual({ code: 3000, reason: 'already logged in' });
    expect(await im.isOnline(2)).toBe(true);

    const again = await logIn(servers[1], { devId: 'one' });
    expect(await first.closed).toEqual({ code: 3000, reason: 'logged in elsewhere' });
    expect((await im.sessions(2)).map(({ server }) => server)).toEqual([servers[1].id]);

    const device = createDevice({ url: servers[0].url, token, devId: 'three', WebSocket });
    onCleanup(() => device.close());
    const kicked = new Promise((resolve) => device.on('kicked', (by, why) => resolve([by, why])));
    device.start();
    expect(await kicked).toEqual(['already logged in', 'occupied']);

    void again.close();
    await expect.poll(() => im.isOnline(2)).toBe(false);
    await logIn(servers[0], { devId: 'two' });
  });

  it('lets one in on all terminals, also of those that come at once', async () => {
    const { im, servers } = await start('alone');
    const phone = await logIn(servers[0], { terminal: 1, devId: 'phone' });
    const page = await logIn(servers[1], { terminal: 0, devId: 'page' });
    expect(await phone.closed).toEqual({ code: 3000, reason: 'logged in elsewhere' });
    expect((await im.sessions(2)).map(({ devId }) => devId)).toEqual(['page']);

    for (let round = 0; round < 10; round += 1) {
      const open = new Set<RawDevice>();
      await Promise.all(
        [0, 1, 2].map(async (terminal) => {
          const device = await connectDevice(servers[terminal % 2 === 0 ? 0 : 1].url);
          open.add(device);
          const closed = device.closed.then(() => open.delete(device));
          const accessToken = await makeToken({ userId: 3, terminal, secret });
          device.send(JSON.stringify({ cmd: 0, data: { accessToken, devId: `${round}-${terminal}` } }));
          await Promise.race([device.nextText().catch(() => undefined), closed]);
        }),
      );
      await expect.poll(() => open.size).toBe(1);
      await expect.poll(() => im.sessions(3)).toHaveLength(1);
    }
    expect(await im.isOnline(2)).toBe(true);
    void page.close();
  });

  it('says of servers that keep none where a user is, and no more', async () => {
    const { im, servers } = await start();
    await logIn(servers[0], {});

    expect(await im.sessions(2)).toEqual([
      {
        ...{ userId: '2', terminal: 0, server: servers[0].id },
        ...{ session: undefined, since: undefined, heardAt: undefined },
        ...{ address: undefined, agent: undefined, devId: undefined },
      },
    ]);
  });
});

it.each([
  ['a reason that is too long', { reason: 'ü'.repeat(62) }],
  ['a reason that is none', { reason: 7 }],
  ['half a character', { reason: '\ud800' }],
])('refuses %s', async (_, options) => {
  const im = createImClient({ service: 'shop', bus: createMemoryBus() });
  onCleanup(() => im.close());
  const session = { userId: 2, terminal: 0, session: '5-1' };

  await expect(im.endSession(session, options as object)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(im.forceLogout(2, options as object)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

async function logIn(
  server: ImServer,
  { devId = 'device', terminal = 0 }: { devId?: string; terminal?: number },
): Promise<RawDevice> {
  const device = await connectDevice(server.url, { headers: { 'user-agent': 'Test/1.0' } });
  await device.login({ token: await makeToken({ userId: 2, terminal, secret }), devId });
  return device;
}
