import { createMemoryBus, createRedisBus, type Bus, type ByteText } from 'im-common/bus';
import { encodeForceLogout, forceLogoutList } from 'im-common/internal/bus';
import type { ImServer } from 'im-server';
import { connectDevice, onCleanup, type RawDevice } from 'im-test/support';
import { expect, test } from 'vitest';
import { corner, entry, logIn, push, startServer, tokenOf, until, type Corner } from './support.ts';

// P-9.8.

const address = { id: '2', terminal: 0 };
const route = 'im:user:server_id:2:0';

/** Tokens of user 2 that end before this moment are `old` ones. */
const moment = (Math.floor(Date.now() / 1_000) + 900) * 1_000;
const oldToken = (): Promise<string> => tokenOf(2, 0, { expiresInS: 600 });
const freshToken = (): Promise<string> => tokenOf(2, 0, { expiresInS: 1_800 });

/** Refuses the old tokens, without sending anybody away. */
async function revoke(at: Corner): Promise<void> {
  const bus = createRedisBus({ url: at.url, keyPrefix: at.prefix });
  onCleanup(() => bus.close());
  await bus.start();
  await bus.presence.revoke(address, { expiringBefore: moment });
}

async function showToken(server: ImServer, token: string, devId = 'd'): Promise<RawDevice> {
  const device = await connectDevice(server.url);
  device.send({ cmd: 0, data: { accessToken: token, devId } });
  return device;
}

const refused = { code: 4401, reason: 'token refused' };

test('a revoked token is refused as one that is not valid, a later one is not', async () => {
  const at = corner();
  const server = await startServer(at);
  await revoke(at);

  expect(await (await showToken(server, await oldToken())).closed).toEqual(refused);
  expect(await at.redis.exists(at.key(route))).toBe(0);

  const device = await showToken(server, await freshToken());
  expect((await device.next()).cmd).toBe(0);
  expect(await server.metrics.text()).toContain('im_logins_total{outcome="refused"} 1');
});

test('a token without an end is refused while a revocation stands', async () => {
  const at = corner();
  const server = await startServer(at);
  const endless = await tokenOf(2, 0, { extra: { exp: undefined } });
  const before = await showToken(server, endless);
  expect((await before.next()).cmd).toBe(0);

  await revoke(at);

  expect(await (await showToken(server, endless)).closed).toEqual(refused);
});

test('a revoked token puts nobody out, and keeps nobody out', async () => {
  const at = corner();
  const server = await startServer(at, { maxLoginsPerUser: 4 });
  await revoke(at);
  const device = await showToken(server, await freshToken(), 'mine');
  await device.next();

  for (let attempt = 0; attempt < 5; attempt += 1) {
    const thief = await showToken(server, await oldToken(), 'mine');
    if (attempt % 2 === 0) expect(await thief.closed).toEqual(refused);
    else thief.terminate();
  }

  await push(at, server, 'private', entry(2));
  expect((await device.next()).cmd).toBe(3);
  expect(await at.redis.get(at.key(route))).toBe(String(server.id));
  // Nor does it use up the logins of its user.
  expect((await (await showToken(server, await freshToken())).next()).cmd).toBe(0);
});

test('a revoked token is refused in place too, and a later one taken', async () => {
  const at = corner();
  const server = await startServer(at);
  const [one, other] = [await showToken(server, await oldToken()), await logIn(server, 3)];
  await one.next();
  await revoke(at);

  one.send({ cmd: 0, data: { accessToken: await freshToken() } });
  expect((await one.next()).cmd).toBe(0);
  one.send({ cmd: 0, data: { accessToken: await oldToken() } });
  expect(await one.closed).toEqual(refused);

  other.send({ cmd: 0, data: { accessToken: await tokenOf(3, 0, { expiresInS: 60 }) } });
  expect((await other.next()).cmd).toBe(0);
});

test('a device whose route was lost when its token was revoked is put out when the route is written again', async () => {
  const at = corner();
  const server = await startServer(at, { refreshRoutesMs: 200 });
  const revoked = await showToken(server, await oldToken());
  await revoked.next();
  const others = await logIn(server, 3);

  await at.redis.del(at.key(route), at.key('im:user:server_id:3:0'));
  await revoke(at);

  expect(await revoked.closed).toEqual({ code: 4401, reason: 'login ended' });
  await until('the other one is found again', async () => {
    return (await at.redis.exists(at.key('im:user:server_id:3:0'))) === 1;
  });
  await push(at, server, 'private', entry(3));
  expect((await others.next()).cmd).toBe(3);
});

/** A bus in memory whose answers to logins wait until they are let go. */
function busThatHolds(): { bus: Bus; hold(): void; letGo(): void; asked(count: number): Promise<void> } {
  const bus = createMemoryBus();
  onCleanup(() => bus.close());
  const { presence } = bus;
  let [asked, gate] = [0, Promise.resolve()];
  let letGo = (): void => undefined;
  const held: Bus['presence'] = {
    bind: async (...args) => {
      asked += 1;
      const waiting = gate;
      const answer = await presence.bind(...args);
      await waiting;
      return answer;
    },
    unbind: (...args) => presence.unbind(...args),
    unbindAll: (...args) => presence.unbindAll(...args),
    routes: () => presence.routes(),
    refresh: (...args) => presence.refresh(...args),
    locate: (...args) => presence.locate(...args),
    revoke: (...args) => presence.revoke(...args),
    revocations: (...args) => presence.revocations(...args),
  };
  return {
    bus: { ...bus, presence: held },
    hold: () => void (gate = new Promise((resolve) => (letGo = resolve))),
    letGo: () => letGo(),
    asked: (count) => until(`there were ${count} logins`, () => asked === count),
  };
}

test('an order meets the device of an address and the login that is about to take its place', async () => {
  const { bus, hold, letGo, asked } = busThatHolds();
  const server = await startServer({ url: '', prefix: '' }, { bus, kickGraceMs: 0 });
  const device = await logIn(server, 2, { devId: 'a' });
  hold();
  const heir = await showToken(server, await freshToken(), 'b');
  await asked(2);

  const order = '{"terminal":0,"userId":2}' as ByteText;
  const batch = {
    entries: [order],
    producer: 'test',
    batchNumber: 1,
    maxLength: 9,
    whenFull: 'refuse',
  } as const;
  await bus.lists.put(forceLogoutList(server.id!), batch);

  expect((await device.closed).code).toBe(3000);
  expect((await heir.closed).code).toBe(3000);
  letGo();
  await until('the route is gone', async () => (await bus.presence.locate([address]))[0] === undefined);
});

test('a device that leaves while the next one logs in takes no route with it', async () => {
  const { bus, hold, letGo, asked } = busThatHolds();
  const server = await startServer({ url: '', prefix: '' }, { bus });
  const device = await logIn(server, 2, { devId: 'a' });
  hold();
  const heir = await showToken(server, await freshToken(), 'b');
  await asked(2);

  await device.close();
  letGo();

  expect((await heir.next()).cmd).toBe(0);
  expect(await bus.presence.locate([address])).toEqual([server.id]);
});

test('of several logins at once the last one stays, and the others are put out', async () => {
  const { bus, hold, letGo, asked } = busThatHolds();
  const server = await startServer({ url: '', prefix: '' }, { bus, kickGraceMs: 0 });
  const before = await logIn(server, 2, { devId: 'a' });
  hold();
  const heirs: RawDevice[] = [];
  for (const devId of ['b', 'c', 'd']) {
    heirs.push(await showToken(server, await freshToken(), devId));
    await asked(1 + heirs.length);
  }
  letGo();

  for (const device of [before, ...heirs.slice(0, 2)]) expect((await device.closed).code).toBe(3000);
  const [, , last] = heirs;
  last?.send({ cmd: 1, data: null });
  expect((await last?.next(({ cmd }) => cmd === 1))?.cmd).toBe(1);
  expect(await bus.presence.locate([address])).toEqual([server.id]);
});

test('an order that follows a revocation by the end of tokens leaves those that end later alone', async () => {
  const { bus } = busThatHolds();
  const server = await startServer({ url: '', prefix: '' }, { bus, kickGraceMs: 0 });
  const [old, fresh] = [
    await showToken(server, await oldToken()),
    await showToken(server, await tokenOf(3, 0, { expiresInS: 1_800 })),
  ];
  await Promise.all([old.next(), fresh.next()]);

  const orders = [2, 3].map((user) =>
    encodeForceLogout({
      address: { id: String(user), terminal: 0 },
      revocation: { expiringBefore: moment },
    }),
  );
  const batch = {
    entries: orders,
    producer: 'test',
    batchNumber: 1,
    maxLength: 9,
    whenFull: 'refuse',
  } as const;
  await bus.lists.put(forceLogoutList(server.id!), batch);

  expect(await old.closed).toEqual({ code: 4401, reason: 'login ended' });
  fresh.send({ cmd: 1, data: null });
  expect((await fresh.next()).cmd).toBe(1);
});

test('an order that follows a revocation by time of issue leaves younger logins and kept sessions alone', async () => {
  const { bus } = busThatHolds();
  const server = await startServer({ url: '', prefix: '' }, { bus, kickGraceMs: 0 });
  const issuedAt = Date.now();
  const token = (user: number, claims: Readonly<Record<string, unknown>>): Promise<string> =>
    tokenOf(user, 0, { extra: claims });
  const logInWith = async (user: number, claims: Readonly<Record<string, unknown>>): Promise<RawDevice> => {
    const device = await showToken(server, await token(user, claims));
    expect((await device.next()).cmd).toBe(0);
    return device;
  };
  const old = await logInWith(2, { issuedAt: issuedAt - 1, sid: 'old' });
  const kept = await logInWith(3, { issuedAt: issuedAt - 1, sid: 'kept' });
  const young = await logInWith(4, { issuedAt, sid: 'young' });
  const silent = await logInWith(5, {});

  const orders = [2, 3, 4, 5].map((user) =>
    encodeForceLogout({
      address: { id: String(user), terminal: 0 },
      revocation: { issuedBefore: issuedAt, keepSessions: ['kept', 'also'] },
    }),
  );
  const batch = {
    entries: orders,
    producer: 'test',
    batchNumber: 1,
    maxLength: 9,
    whenFull: 'refuse',
  } as const;
  await bus.lists.put(forceLogoutList(server.id!), batch);

  expect(await old.closed).toEqual({ code: 4401, reason: 'login ended' });
  expect((await silent.closed).code).toBe(4401);
  for (const device of [kept, young]) {
    device.send({ cmd: 1, data: null });
    expect((await device.next()).cmd).toBe(1);
  }
});
