import { createImClient, type ImClient, type PresenceChange, type PresenceEvent } from 'im-client';
import { createMemoryBus, createRedisBus, type Bus } from 'im-common/bus';
import { createImServer, type ImServer } from 'im-server';
import {
  connectDevice,
  makeToken,
  onCleanup,
  startCluster,
  testRedis,
  type RawDevice,
} from 'im-test/support';
import { describe, expect, it } from 'vitest';

// P-16.5, P-16.7, P-16.8: who comes and goes, over two servers and two services, on every bus.

const secret = 'for-tests';

/** What a service makes of the events: by number, the newest of each address counts. */
class Account {
  readonly newest = new Map<string, PresenceChange>();
  readonly events: PresenceEvent[] = [];
  restarts = 0;

  readonly apply = (events: readonly PresenceEvent[]): void => {
    for (const event of events) {
      this.events.push(event);
      if (event.event === 'restart') {
        this.restarts += 1;
        this.newest.clear();
        continue;
      }
      const key = `${event.userId}:${event.terminal}`;
      if ((this.newest.get(key)?.number ?? 0) < event.number) this.newest.set(key, event);
    }
  };

  get online(): string[] {
    return [...this.newest].flatMap(([key, { online }]) => (online ? [key] : [])).sort();
  }
}

const buses: [string, () => Promise<() => Bus>][] = [
  [
    'memory',
    () => {
      const bus = createMemoryBus();
      return Promise.resolve(() => bus);
    },
  ],
  [
    'Redis',
    () => {
      const { url, prefix } = testRedis();
      return Promise.resolve(() => createRedisBus({ url, keyPrefix: prefix }));
    },
  ],
  [
    'a Redis Cluster',
    async () => {
      const { stop, url } = await startCluster();
      onCleanup(stop);
      return () => createRedisBus({ url });
    },
  ],
];

describe.each(buses)('on %s', (_, makeBuses) => {
  it('tells every service who was there, who comes, moves and goes', { timeout: 60_000 }, async () => {
    const connect = await connectorOf(makeBuses);
    const [one, two] = [await startServer(await connect()), await startServer(await connect())];
    const [shop, mail] = [
      await startClient(await connect(), 'shop'),
      await startClient(await connect(), 'mail'),
    ];
    const early = await logIn(one, 2);
    const accounts = [new Account(), new Account()] as const;
    shop.on('presence', accounts[0].apply);
    mail.on('presence', accounts[1].apply);
    for (const account of accounts) await expect.poll(() => account.online).toEqual(['2:0']);

    const mover = await logIn(one, 3);
    await logIn(two, 4);
    await logIn(two, 3); // on another device
    await mover.closed;
    void early.close();

    for (const account of accounts) {
      await expect.poll(() => account.online).toEqual(['3:0', '4:0']);
      expect(account.restarts).toBe(1);
      expect(account.newest.get('2:0')).toMatchObject({
        event: 'went',
        sessions: 0,
        server: one.id,
        code: 1005,
      });
      expect(account.newest.get('3:0')).toMatchObject({ online: true, sessions: 1 });
    }
    const pages: unknown[] = [];
    for await (const page of shop.onlineDevices()) pages.push(...page);
    expect(pages).toHaveLength(2);
    expect(pages).toContainEqual({ userId: '4', terminal: 0, server: two.id });
    expect(await mail.countOnline()).toBe(2);
  });
});

async function connectorOf(makeBuses: () => Promise<() => Bus>): Promise<() => Promise<Bus>> {
  const make = await makeBuses();
  return async () => {
    const bus = make();
    await bus.start();
    onCleanup(() => bus.close());
    return bus;
  };
}

async function startServer(bus: Bus): Promise<ImServer> {
  const server = createImServer({
    bus,
    host: '127.0.0.1',
    port: 0,
    jwtSecret: secret,
    drainMs: 0,
    kickGraceMs: 50,
  });
  await server.start();
  onCleanup(() => server.close());
  return server;
}

async function startClient(bus: Bus, service: string): Promise<ImClient> {
  const client = createImClient({ service, bus });
  await client.start();
  onCleanup(() => client.close());
  return client;
}

async function logIn(server: ImServer, userId: number): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  await device.login({ token: await makeToken({ userId, terminal: 0, secret }), devId: Math.random() });
  return device;
}
