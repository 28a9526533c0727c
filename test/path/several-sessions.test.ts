import { createImClient, type PresenceChange } from 'im-client';
import { ImError } from 'im-common';
import { createMemoryBus, type Bus } from 'im-common/bus';
import { encodeEntry, messageList, toByteText } from 'im-common/internal/bus';
import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import { connectDevice, makeToken, onCleanup, type RawDevice } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { aroundBus } from '../faults/kit/around.ts';
import { Random } from '../faults/kit/random.ts';
import { buses } from './buses.ts';

// P-16.11, P-16.12, P-16.13, P-16.14: several sessions of one terminal, on two servers.

const secret = 'for-tests';
const me = { id: 1, terminal: 0 };

describe.each(buses)('on %s', (_, makeBuses) => {
  async function start(options: Partial<ImServerOptions> = {}) {
    const make = makeBuses();
    const connected: Bus[] = [];
    // Behind the servers and the client: in memory all of them are one, and whose bus has closed waits for it.
    onCleanup(async () => {
      for (const bus of connected) await bus.close();
    });
    const connect = async (): Promise<Bus> => {
      const bus = make();
      await bus.start();
      connected.push(bus);
      return bus;
    };
    const startServer = async (): Promise<ImServer> => {
      const server = createImServer({
        ...{ bus: await connect(), host: '127.0.0.1', port: 0, jwtSecret: secret, sessions: '0=3' },
        ...{ drainMs: 0, kickGraceMs: 50, reconnectGraceMs: 300, refreshRoutesMs: 300, ...options },
      });
      await server.start();
      onCleanup(() => server.close());
      return server;
    };
    const servers = [await startServer(), await startServer()] as const;
    const im = createImClient({
      service: 'shop',
      bus: await connect(),
      terminals: [0],
      reconnectGraceMs: 300,
    });
    await im.start();
    onCleanup(() => im.close());
    return { im, servers, bus: await connect() };
  }

  it('brings every kind of message to all of them, with one result', async () => {
    const { im, servers } = await start();
    // Told at least once: by number.
    const told = new Map<number, PresenceChange>();
    im.on('presence', (events) => {
      for (const event of events) if (event.event !== 'restart') told.set(event.number, event);
    });
    const first = await logIn(servers[0], 'a');
    await expect.poll(() => told.size).toBe(1);
    const tabs = [first, await logIn(servers[1], 'b'), await logIn(servers[1], 'c')];
    await im.topics.add('room', [2]);

    const sent = [
      await im.sendPrivateMessage({ sender: me, recvId: 2, data: 'private' }),
      await im.sendGroupMessage({ sender: me, recvIds: [2], data: 'group' }),
      await im.sendSystemMessage({ recvIds: [2], data: 'system' }),
      await im.sendSystemMessage({ recvIds: 'everyone', data: 'everyone' }),
      await im.sendGroupMessage({ sender: me, topic: 'room', trackMembers: true, data: 'topic' }),
    ];

    const all = ['everyone', 'group', 'private', 'system', 'topic'];
    for (const tab of tabs) await expect.poll(() => textsOf(tab).sort()).toEqual(all);
    for (const receipt of sent) expect((await receipt.results()).map(({ code }) => code)).toEqual([0]);
    expect(await im.countOnline()).toBe(1);
    expect(await im.sessions(2)).toHaveLength(3);

    for (const tab of tabs) void tab.close();
    await expect.poll(() => told.size).toBe(6);
    const changes = [...told.values()].sort((a, b) => a.number - b.number);
    expect(changes.map(({ sessions }) => sessions)).toEqual([1, 2, 3, 2, 1, 0]);
    expect(changes.map(({ online }) => online)).toEqual([true, true, true, true, true, false]);
    expect(tabs.map((tab) => textsOf(tab).sort())).toEqual([all, all, all]);
  });

  it('asks the session that is wanted, and none in its place', async () => {
    const { im, servers } = await start();
    const tabs = [
      await logIn(servers[0], 'a', true),
      await logIn(servers[0], 'b', true),
      await logIn(servers[1], 'c', true),
    ];
    const sessions = await im.sessions(2);
    const answer = async (tab: RawDevice, said: string): Promise<void> => {
      const { data } = await tab.next(({ cmd }) => cmd === 22);
      tab.send({ cmd: 23, data: { r: (data as { r: string }).r, data: said } });
    };
    const ask = (session: string | undefined, data: string): Promise<unknown> =>
      im.request({ userId: 2, terminal: 0, session, data, timeoutMs: 5_000 });

    for (const [index, { devId, session }] of sessions.entries()) {
      const tab = tabs[index];
      if (!tab) throw new Error('unreachable');
      const [reply] = await Promise.all([ask(session, 'who?'), answer(tab, String(devId))]);
      expect(reply).toBe(devId);
    }
    expect(sessions.map(({ devId }) => devId)).toEqual(['a', 'b', 'c']);

    const [, second, third] = sessions;
    await tabs[1]?.close(1000);
    await expect.poll(() => im.sessions(2)).toHaveLength(2);
    for (const session of [second?.session, '7777-gone'])
      await expect(ask(session, 'still?')).rejects.toMatchObject({ code: 'NOT_ONLINE', effect: 'none' });
    await servers[1].close();
    await expect(ask(third?.session, 'still?')).rejects.toMatchObject({ code: 'NOT_ONLINE' });
    await expect(ask('no session!', 'x')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('brings one of high priority to all of them before what waits at each server', async () => {
    const { im, servers, bus } = await start({ maxInFlight: 1_000, pullBatch: 200, proofTimeoutMs: 60_000 });
    const tabs = [await logIn(servers[0], 'a'), await logIn(servers[1], 'b')];
    await im.sendPrivateMessage({ sender: me, recvId: 2, priority: 'high', data: 'first' });
    for (const tab of tabs) await tab.next(({ data }) => data === 'first');
    const count = 1_500;
    for (const tab of tabs) tab.pause();
    for (const { id } of servers) {
      const entries = Array.from({ length: count }, (_, n) =>
        encodeEntry('private', {
          ...{ dataText: toByteText(String(n)), receivers: [{ id: '2', terminal: 0 }] },
          ...{ sendResult: false, attempt: 1, extras: { also: true } },
        }),
      );
      const batch = {
        entries,
        producer: 'backlog',
        batchNumber: 1,
        maxLength: count,
        whenFull: 'refuse',
      } as const;
      await bus.lists.put(messageList('private', id ?? 0), batch);
    }

    const receipt = await im.sendPrivateMessage({ sender: me, recvId: 2, priority: 'high', data: 'high' });
    for (const tab of tabs) tab.resume();

    for (const tab of tabs) {
      await tab.next(({ data }) => data === 'high');
      await expect.poll(() => textsOf(tab).length).toBe(count + 2);
      expect(textsOf(tab).indexOf('high')).toBeLessThan(count);
      expect(textsOf(tab).filter((data) => data === 'high')).toHaveLength(1);
    }
    expect(await receipt.results()).toMatchObject([{ code: 0 }]);
  });

  it('has a message delivered when any of them has taken it', async () => {
    const { im, servers } = await start();
    const [old, newest] = [await logIn(servers[0], 'a', true), await logIn(servers[1], 'b', true)];
    const outcomeOf = async (answers: readonly [RawDevice, object][]): Promise<unknown> => {
      const receipt = await im.sendPrivateMessage({ sender: me, recvId: 2, data: 'x' });
      for (const [device, answer] of answers) {
        await device.next(({ cmd }) => cmd === 3);
        device.send({ cmd: 6, data: answer });
      }
      const [outcome] = await receipt.results();
      return outcome?.reason ?? outcome?.stage;
    };

    expect(await outcomeOf([[newest, { count: 1 }]])).toBe('acknowledged');
    await old.next(({ cmd }) => cmd === 3);
    const refusal = { count: 2, refused: [2] };
    expect(
      await outcomeOf([
        [newest, refusal],
        [old, { count: 2 }],
      ]),
    ).toBe('acknowledged');
    const second = { count: 3, refused: [3] };
    expect(
      await outcomeOf([
        [newest, second],
        [old, second],
      ]),
    ).toBe('REFUSED');
    newest.send({ cmd: 6, data: { count: 3 } });
    expect([old, newest].map(({ frames }) => frames.filter(({ cmd }) => cmd === 3).length)).toEqual([3, 3]);

    const receipt = await im.sendPrivateMessage({ sender: me, recvId: 2, data: 'last' });
    for (const device of [old, newest]) await device.next(({ cmd }) => cmd === 3);
    newest.terminate();
    old.send({ cmd: 6, data: { count: 4 } });
    expect(await receipt.results()).toMatchObject([{ code: 0, stage: 'acknowledged' }]);
  });

  it('ends the oldest when one more comes, and all or one of them by order', async () => {
    const { im, servers } = await start();
    const [a, b, c] = [
      await logIn(servers[0], 'a'),
      await logIn(servers[1], 'b'),
      await logIn(servers[1], 'c'),
    ];
    const d = await logIn(servers[0], 'd');

    expect(await a.closed).toEqual({ code: 3000, reason: 'logged in elsewhere' });
    const again = await logIn(servers[0], 'b'); // the same page comes back
    expect(await b.closed).toEqual({ code: 3000, reason: 'logged in elsewhere' });
    expect(textsOf(b)).toEqual([]);
    await expect.poll(() => im.sessions(2)).toHaveLength(3);
    const sessions = await im.sessions(2);
    expect(sessions.map(({ devId }) => devId)).toEqual(['c', 'd', 'b']);

    const [, second] = sessions;
    expect(second && (await im.endSession(second, { reason: 'enough' }))).toBe(true);
    expect(await d.closed).toEqual({ code: 3000, reason: 'enough' });

    expect(await im.forceLogout(2, { reason: 'banned' })).toEqual([0]);
    expect(await Promise.all([c.closed, again.closed])).toEqual([
      { code: 3000, reason: 'banned' },
      { code: 3000, reason: 'banned' },
    ]);
    await expect.poll(() => im.isOnline(2)).toBe(false);
  });

  it('ends all whose tokens are revoked', async () => {
    const { im, servers } = await start();
    const tabs = [await logIn(servers[0], 'a'), await logIn(servers[1], 'b')];

    await im.revokeTokens(2, { issuedBefore: Date.now() + 5_000 });

    for (const tab of tabs) expect((await tab.closed).code).toBe(4401);
  });

  it('gives what was kept to one of those that come', async () => {
    const { im, servers } = await start();
    const ends: unknown[] = [];
    im.on('kept', (results) => void ends.push(...results.map(({ data }) => data)), { name: 'ends' });
    const texts = Array.from({ length: 20 }, (_, index) => index);
    for (const data of texts)
      await im.sendPrivateMessage({ sender: me, recvId: 2, data, keep: { forMs: 60_000 } });

    const tabs = await Promise.all(servers.map((server, index) => logIn(server, `tab ${index}`)));

    await expect.poll(() => ends).toEqual(texts);
    const [mine, others] = tabs.map(textsOf).sort((a, b) => b.length - a.length);
    expect([mine, others]).toEqual([texts, []]);
    await im.sendPrivateMessage({ sender: me, recvId: 2, data: 'now' });
    for (const tab of tabs) await tab.next(({ data }) => data === 'now');
  });

  it('goes on with those that are left when a server drains', async () => {
    const { im, servers } = await start();
    const [old, between] = [await logIn(servers[0], 'a'), await logIn(servers[0], 'b')];
    const newest = await logIn(servers[1], 'c');

    const receipts: Promise<unknown>[] = [];
    const closed = new AbortController();
    const closing = servers[1].close().then(() => closed.abort());
    for (let count = 0; !closed.signal.aborted || count < 100; count += 1) {
      const receipt = await im.sendPrivateMessage({ sender: me, recvId: 2, data: count });
      receipts.push(receipt.results().then(([outcome]) => outcome?.reason ?? 'delivered'));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await closing;

    expect((await newest.closed).code).toBe(1012);
    expect([...new Set(await Promise.all(receipts))]).toEqual(['delivered']);
    const all = Array.from(receipts, (_, index) => index);
    for (const tab of [old, between]) {
      const texts = textsOf(tab);
      expect([...new Set(texts)].sort((a, b) => Number(a) - Number(b))).toEqual(all);
    }
  });
});

const steps = ['sessions.bind', 'sessions.unbind', 'sessions.refresh', 'sessions.record', 'sessions.list'];

describe.each(steps)('a fault of %s', (step) => {
  it.each(['before', 'after'])(
    '%s its effect leaves every tab that is in with its messages',
    async (when) => {
      const memory = createMemoryBus();
      let faults = 0;
      const random = new Random(7);
      const bus = aroundBus(memory, async (method, _, call) => {
        // About every second call fails. In turn it would be the same one of each login, of which none came through then.
        if (method !== step || random.chance(0.5)) return call();
        faults += 1;
        if (when === 'after') await call();
        throw new ImError('BUS_UNAVAILABLE', 'injected');
      });
      const servers: ImServer[] = [];
      for (let count = 0; count < 3; count += 1) {
        const server = createImServer({
          ...{ bus, host: '127.0.0.1', port: 0, jwtSecret: secret, sessions: '0=3', leaseMs: 600 },
          ...{ drainMs: 0, kickGraceMs: 20, reconnectGraceMs: 300, refreshRoutesMs: 100 },
        });
        await server.start();
        onCleanup(() => server.close());
        servers.push(server);
      }
      const im = createImClient({ service: 'shop', bus: memory, terminals: [0] });
      await im.start();
      onCleanup(() => im.close());
      let sent = 0;
      const tabs = new Set<RawDevice>();
      const enter = async (devId: string): Promise<void> => {
        const server = servers[sent % 3];
        if (!server) return;
        // A login that could not be carried out is tried again.
        const tab = await logIn(server, devId).catch(() => undefined);
        if (!tab) return enter(devId);
        tabs.add(tab);
        void tab.closed.then(() => tabs.delete(tab));
      };
      const check = async (): Promise<void> => {
        const data = `message ${(sent += 1)}`;
        const receipt = await im.sendPrivateMessage({ sender: me, recvId: 2, data });
        expect((await receipt.results())[0]?.reason).toBeUndefined();
        const missing = (): number => [...tabs].filter((tab) => !textsOf(tab).includes(data)).length;
        await expect.poll(missing).toBe(0);
      };

      for (let round = 0; round < 6; round += 1) {
        await enter(`tab ${round}`);
        await check();
        const [oldest] = tabs;
        if (round % 3 === 2 && oldest) await oldest.close(1000);
        await check();
      }
      await expect.poll(async () => (await im.sessions(2)).length - tabs.size).toBe(0);
      for (const tab of tabs) void tab.close(1000);
      await expect.poll(() => im.isOnline(2)).toBe(false);
      await expect.poll(() => im.sessions(2)).toEqual([]);
      expect(faults).toBeGreaterThan(step === 'sessions.list' ? -1 : 1);
    },
  );
});

function textsOf(device: RawDevice): unknown[] {
  return device.frames.flatMap(({ cmd, data }) => (cmd >= 3 && cmd <= 5 ? [data] : []));
}

it('brings a message to a topic once to each, also when one has come to the server of another meanwhile', async () => {
  const memory = createMemoryBus();
  await memory.start();
  onCleanup(() => memory.close());
  const handingOn = newGate();
  const isIn = newGate();
  const slow = aroundBus(memory, async (method, list, call) => {
    if (method === 'lists.put' && list === `im:message:group:${servers[0]?.id ?? 0}`) {
      handingOn.open();
      await isIn.isOpen;
    }
    return call();
  });
  const servers: ImServer[] = [];
  for (const bus of [memory, slow]) {
    const server = createImServer({
      ...{ bus, host: '127.0.0.1', port: 0, jwtSecret: secret, sessions: '0=3', drainMs: 0 },
    });
    await server.start();
    onCleanup(() => server.close());
    servers.push(server);
  }
  const [one, other] = servers as [ImServer, ImServer];
  const im = createImClient({ service: 'shop', bus: memory, terminals: [0] });
  await im.start();
  onCleanup(() => im.close());
  const [stays, leaves] = [await logIn(one, 'a'), await logIn(other, 'b')];
  await im.topics.add('room', [2]);
  leaves.terminate();
  await expect.poll(() => im.sessions(2)).toHaveLength(1);

  await im.sendGroupMessage({ sender: me, topic: 'room', data: 'once' });
  await handingOn.isOpen;
  const back = await logIn(one, 'b');
  isIn.open();

  await expect.poll(() => textsOf(back)).toEqual(['once']);
  await (await im.sendPrivateMessage({ sender: me, recvId: 2, data: 'last' })).results();
  for (const tab of [stays, back]) await expect.poll(() => textsOf(tab)).toEqual(['once', 'last']);
});

it('forgets a session whose server died in its login', async () => {
  const memory = createMemoryBus();
  await memory.start();
  onCleanup(() => memory.close());
  const [died, isRevived] = [newGate(), newGate()];
  let isDead = false;
  const dying = aroundBus(memory, (method, _, call) => {
    if (method === 'sessions.table') return call();
    return (async () => {
      if (isDead) await isRevived.isOpen;
      const answer = await call();
      if (method !== 'sessions.bind') return answer;
      isDead = true;
      died.open();
      await isRevived.isOpen;
      return answer;
    })();
  });
  const servers: ImServer[] = [];
  for (const bus of [memory, dying]) {
    const server = createImServer({
      ...{ bus, host: '127.0.0.1', port: 0, jwtSecret: secret, sessions: '0=3', drainMs: 0, leaseMs: 600 },
    });
    await server.start();
    onCleanup(() => server.close());
    servers.push(server);
  }
  // Before the servers close: one that the bus does not answer waits for it.
  onCleanup(isRevived.open);
  const [one, other] = servers as [ImServer, ImServer];
  const stays = await logIn(one, 'a');
  logIn(other, 'b').catch(() => undefined); // which is never answered
  await died.isOpen;

  const address = { id: '2', terminal: 0 };
  const sessions = async (): Promise<unknown> => (await memory.sessions.list([address])).flat().length;
  expect(await sessions()).toBe(2);
  await expect.poll(sessions).toBe(1);
  void stays.close();
  await expect.poll(sessions).toBe(0);
  expect(await memory.presence.locate([address])).toEqual([undefined]);
});

function newGate(): { readonly isOpen: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const isOpen = new Promise<void>((resolve) => (open = resolve));
  return { isOpen, open };
}

it('brings a message once to whoever came first and was overtaken by the next login', async () => {
  const memory = createMemoryBus();
  await memory.start();
  onCleanup(() => memory.close());
  const [isFirstUnderWay, isSecondIn] = [newGate(), newGate()];
  let binds = 0;
  const bus = aroundBus(memory, async (method, _, call) => {
    if (method === 'sessions.bind' && (binds += 1) === 1) {
      isFirstUnderWay.open();
      await isSecondIn.isOpen;
    }
    return call();
  });
  const server = createImServer({
    ...{ bus, host: '127.0.0.1', port: 0, jwtSecret: secret, sessions: '0=3', drainMs: 0 },
  });
  await server.start();
  onCleanup(() => server.close());
  const im = createImClient({ service: 'shop', bus: memory, terminals: [0] });
  await im.start();
  onCleanup(() => im.close());

  const overtaken = logIn(server, 'a');
  await isFirstUnderWay.isOpen;
  const tabs = [await logIn(server, 'b')];
  isSecondIn.open();
  tabs.push(await overtaken);

  for (const data of ['first', 'last']) await im.sendPrivateMessage({ sender: me, recvId: 2, data });
  for (const tab of tabs) {
    await tab.next(({ data }) => data === 'last');
    expect(textsOf(tab)).toEqual(['first', 'last']);
  }
  await Promise.all(tabs.map((tab) => tab.close()));
  await expect.poll(() => im.countOnline()).toBe(0);
});

async function logIn(server: ImServer, devId: string, ack = false): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  const accessToken = await makeToken({ userId: 2, terminal: 0, secret });
  device.send({ cmd: 0, data: { accessToken, devId, ack } });
  await device.next(({ cmd }) => cmd === 0);
  return device;
}
