import { createImClient, type ImClient, type PresenceChange, type PresenceEvent } from 'im-client';
import { createMemoryBus, createRedisBus, type Bus } from 'im-common/bus';
import { createImServer, type ImServer } from 'im-server';
import {
  connectDevice,
  makeToken,
  onCleanup,
  startCluster,
  startRedis,
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
  it('tells every service who was there, who comes, moves and goes', async () => {
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
  const buses = new Set<Bus>();
  return async () => {
    const bus = make();
    if (buses.has(bus)) return bus;
    buses.add(bus);
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

describe('a listener', () => {
  it('that fails is called again with the same events, and may finish when the client is closed', async () => {
    const bus = createMemoryBus();
    const server = await startServer(bus);
    const im = await startClient(bus, 'shop');
    const failures: unknown[] = [];
    im.events.on('listenerFailed', ({ listener, error }) => failures.push([listener, error]));
    const problem = new Error('the table is away');
    const taken: [string, number][] = [];
    let isDone = false;
    let end = (): void => undefined;
    const mayEnd = new Promise<void>((resolve) => (end = resolve));
    im.on(
      'presence',
      async (events, { attempt, signal }) => {
        if (attempt === 1) throw problem;
        for (const event of events) taken.push([event.event, attempt]);
        if (!events.some(({ event }) => event === 'came')) return;
        await mayEnd;
        isDone = !signal.aborted;
      },
      { name: 'online', retryDelaysMs: [1] },
    );
    await logIn(server, 2);
    await expect
      .poll(() => taken)
      .toEqual([
        ['restart', 2],
        ['came', 2],
      ]);

    const closing = im.close();
    end();
    await closing;

    expect(isDone).toBe(true);
    expect(failures).toEqual([
      ['online', problem],
      ['online', problem],
    ]);
  });

  it('that resumes goes on where its service left off; another one begins with everyone', async () => {
    const bus = createMemoryBus();
    const server = await startServer(bus);
    const [stays, goes] = [await logIn(server, 2), await logIn(server, 3)];
    const [first, second, third] = [new Account(), new Account(), new Account()];
    const before = await startClient(bus, 'shop');
    before.on('presence', first.apply, { resume: true });
    await expect.poll(() => first.online).toEqual(['2:0', '3:0']);
    await before.close();

    void goes.close();
    await goes.closed;
    await logIn(server, 4);
    const after = await startClient(bus, 'shop');
    const stop = after.on('presence', second.apply, { resume: true });

    await expect.poll(() => second.events.map(({ event }) => event)).toEqual(['went', 'came']);
    expect(second.newest.get('3:0')).toMatchObject({ online: false });
    stop();
    after.on('presence', third.apply);
    await expect.poll(() => third.online).toEqual(['2:0', '4:0']);
    expect(third.restarts).toBe(1);
    void stays.close();
    await expect.poll(() => third.online).toEqual(['4:0']);
  });

  it('is one of several instances’ at a time, and the next one takes over with everyone', async () => {
    const { url, prefix } = testRedis();
    const connect = await connectorOf(() =>
      Promise.resolve(() => createRedisBus({ url, keyPrefix: prefix })),
    );
    const server = await startServer(await connect());
    await logIn(server, 2);
    const accounts = [new Account(), new Account()] as const;
    const instances = [
      await startClient(await connect(), 'shop'),
      await startClient(await connect(), 'shop'),
    ];
    for (const [index, account] of accounts.entries()) instances[index]?.on('presence', account.apply);

    await expect.poll(() => accounts.map(({ online }) => online.length).sort()).toEqual([0, 1]);
    const leader = accounts[0].online.length === 1 ? 0 : 1;
    await instances[leader]?.close();

    await expect.poll(() => accounts[1 - leader]?.online).toEqual(['2:0']);
    expect(accounts.map(({ restarts }) => restarts)).toEqual([1, 1]);
  });

  it('hears of those who were logging in when it began to listen', async () => {
    const { url, prefix } = testRedis();
    const connect = await connectorOf(() =>
      Promise.resolve(() => createRedisBus({ url, keyPrefix: prefix })),
    );
    const server = await startServer(await connect());
    const im = await startClient(await connect(), 'shop');
    const account = new Account();
    im.on('presence', account.apply);
    const users: number[] = [];
    // Before the server knows of it, and while it begins to keep sessions.
    while (account.online.length === 0) {
      const some = Array.from({ length: 10 }, (_, index) => users.length + index + 1);
      users.push(...some);
      await Promise.all(some.map((user) => logIn(server, user)));
    }

    await expect.poll(() => account.online.length).toBe(users.length);
  });

  it('is told of everyone again when Redis has lost its memory', async () => {
    const redis = await startRedis();
    onCleanup(() => redis.stop());
    const connect = await connectorOf(() => Promise.resolve(() => createRedisBus({ url: redis.url })));
    const server = await startServer(await connect());
    await logIn(server, 2);
    const account = new Account();
    const im = await startClient(await connect(), 'shop');
    im.on('presence', account.apply, { resume: true });
    await expect.poll(() => account.online).toEqual(['2:0']);

    const client = redis.client();
    await client.flushall();
    client.disconnect();

    await expect.poll(() => account.restarts).toBe(2);
    await expect.poll(() => account.online).toEqual(['2:0']);
    await expect.poll(() => im.countOnline()).toBe(1);
  });
});
