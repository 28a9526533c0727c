import { silentLogger } from 'im-common';
import { connectDevice, leastMs, startRedis } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { startServerProcess } from './server-process.ts';
import { corner, entry, logIn, push, startServer, tokenOf, until, type Corner } from './support.ts';

// P-10.6, P-10.7, P-10.8.
// The lease of 2.5 s is the default: these are the promises as they are made (architecture, 6; faults, 1 and 9).

describe('a server that was killed', () => {
  it('leaves nothing undone: what it held goes after the receivers, or becomes a result, once', async () => {
    const at = corner();
    const survivor = await startServer(at);
    const dead = await startServerProcess(at);
    // Pongs that never come keep what is written in flight.
    const mover = await logIn(dead, 1, { autoPong: false });
    const stayer = await logIn(dead, 2, { autoPong: false });
    await push(at, dead, 'private', entry(1, { data: '"in flight"' }), entry(2, { data: '"in flight"' }));
    await push(at, dead, 'group', both('"group in flight"'));
    await mover.next(({ data }) => data === 'group in flight');
    dead.signal('SIGSTOP');
    await push(at, dead, 'private', entry(1, { data: '"on the list"' }), entry(2, { data: '"on the list"' }));
    await push(at, dead, 'system', both('"system on the list"'));

    dead.signal('SIGKILL');
    await stayer.closed;
    const moved = await logIn(survivor, 1);
    const messages = [await moved.next(), await moved.next(), await moved.next(), await moved.next()];

    expect(messages.map(({ data }) => data).sort()).toEqual([
      'group in flight',
      'in flight',
      'on the list',
      'system on the list',
    ]);
    const arrived = { code: 0, stage: 'proved', attempt: 2, server: survivor.id };
    const lost = { code: 2, reason: 'SERVER_LOST', server: dead.id };
    expect(await results(at, 'private', 4)).toMatchObject([
      { data: 'in flight', receiver: { id: 1 }, ...arrived },
      { data: 'in flight', receiver: { id: 2 }, ...lost },
      { data: 'on the list', receiver: { id: 1 }, ...arrived },
      { data: 'on the list', receiver: { id: 2 }, ...lost },
    ]);
    expect(await results(at, 'group', 2)).toMatchObject([
      { data: 'group in flight', receivers: [{ id: 1 }], ...arrived },
      { data: 'group in flight', receivers: [{ id: 2 }], ...lost },
    ]);
    expect(await results(at, 'system', 2)).toMatchObject([
      { data: 'system on the list', receivers: [{ id: 1 }], ...arrived },
      { data: 'system on the list', receivers: [{ id: 2 }], ...lost },
    ]);

    // What comes later, by an old route, is looked after as well.
    await push(at, dead, 'private', entry(1, { data: '"late"' }));
    expect(await moved.next()).toMatchObject({ data: 'late' });
    expect(await results(at, 'private', 1)).toMatchObject([{ data: 'late', code: 0, attempt: 2 }]);
    await untilQuiet(at);
    expect((await at.keys()).filter((key) => key.startsWith('im:result'))).toEqual([]);
  });

  it('is seen to be gone in three seconds, and declared dead in five', async () => {
    const at = corner();
    await startServer(at);
    expect(await leastMs(5_000, () => untilDeclaredDead(at))).toBeLessThan(5_000);
  });

  async function untilDeclaredDead(at: Corner): Promise<number> {
    const dead = await startServerProcess(at);
    // By the clock of Redis, so that it does not matter when this test comes to look.
    const leaseLeft = async (): Promise<number> => {
      const [[, time], [, end]] = (await at.redis
        .multi()
        .time()
        .zscore(`{${at.key('im:max_server_id')}}:lease`, dead.id)
        .exec()) as [[unknown, string[]], [unknown, string]];
      const [seconds = 0, micros = 0] = time.map(Number);
      return Number(end) - (seconds * 1_000 + micros / 1_000);
    };
    await until('its lease is fresh', async () => (await leaseLeft()) > 1_000);

    const before = performance.now();
    dead.signal('SIGKILL');
    await dead.exited;
    expect(await leaseLeft()).toBeLessThan(3_000);
    await until('the lease is over', async () => (await leaseLeft()) < 0);

    await until('it is declared dead', async () => {
      return (await at.redis.zscore(`{${at.key('im:max_server_id')}}:dead`, dead.id)) !== null;
    });
    return performance.now() - before;
  }
});

it('takes its routes with it, for box-im knows no leases and would take its users for online', async () => {
  const at = corner();
  const survivor = await startServer(at, { leaseMs: 900 });
  const dead = await startServerProcess(at, { leaseMs: 900 });
  const devices = [await logIn(dead, 1), await logIn(dead, 2), await logIn(dead, 3, { terminal: 1 })];
  await at.redis.set(at.key('im:user:server_id:4:0'), '900'); // on a server of box-im
  await at.redis.mset(Object.fromEntries(range(3_000).map((n) => [at.key(`cache:${n}`), 'x'])));

  dead.signal('SIGKILL');
  await Promise.all(devices.map(({ closed }) => closed));
  await logIn(survivor, 2);

  await until('the others are offline', async () => {
    const users = (await at.keys()).filter((key) => key.startsWith('im:user:server_id:'));
    return users.join() === 'im:user:server_id:2:0,im:user:server_id:4:0';
  });
  expect(await at.redis.mget(at.key('im:user:server_id:2:0'), at.key('im:user:server_id:4:0'))).toEqual([
    String(survivor.id),
    '900',
  ]);
});

it('keeps its routes, and is looked after all the same, when its heir may not look at all keys', async () => {
  const redis = await startRedis();
  const admin = redis.client();
  await admin.call('ACL', 'SETUSER', 'heir', 'on', 'nopass', '~*', '&*', '+@all', '-scan');
  const at = corner({ url: redis.url, prefix: '' });
  const lines: string[] = [];
  const logger = { ...silentLogger, warn: (_: object, line: string): void => void lines.push(line) };
  await startServer({ url: redis.url.replace('//', '//heir@'), prefix: '' }, { leaseMs: 600, logger });
  const dead = await startServerProcess(at, { leaseMs: 600 });
  await logIn(dead, 1);
  dead.signal('SIGKILL');
  await push(at, dead, 'private', entry(1));

  expect(await at.nextResult()).toMatchObject({ reason: 'SERVER_LOST' });
  await until('it says so', () => lines.includes('routes of dead servers stay until they end by themselves'));
  expect(await at.redis.exists('im:user:server_id:1:0')).toBe(1);
});

it('that was alone takes its routes with it when the next one is there', async () => {
  const at = corner();
  const dead = await startServerProcess(at, { leaseMs: 900 });
  await logIn(dead, 1);
  dead.signal('SIGKILL');
  await dead.exited;

  await startServer(at, { leaseMs: 900 });

  await until(
    'its user is offline',
    async () => (await at.redis.exists(at.key('im:user:server_id:1:0'))) === 0,
  );
});

describe('a server that was stopped', () => {
  it('longer than its lease delivers and reports nothing that was given away, and begins again', async () => {
    const at = corner();
    const survivor = await startServer(at, { leaseMs: 900 });
    const zombie = await startServerProcess(at, { leaseMs: 900, proofTimeoutMs: 60_000 });
    const device = await logIn(zombie, 7, { autoPong: false });
    const half = await logIn(zombie, 8);
    await push(at, zombie, 'private', entry(7, { data: '"written before"' }));
    await device.next(({ data }) => data === 'written before');

    zombie.signal('SIGSTOP');
    await push(
      at,
      zombie,
      'private',
      entry(7, { data: '"pushed meanwhile"' }),
      entry(8, { data: '"pushed meanwhile"' }),
    );
    half.send({ cmd: 1, data: {} });
    expect(await results(at, 'private', 3)).toMatchObject([
      { data: 'pushed meanwhile', receiver: { id: 7 }, reason: 'SERVER_LOST', server: zombie.id },
      { data: 'pushed meanwhile', receiver: { id: 8 }, reason: 'SERVER_LOST', server: zombie.id },
      { data: 'written before', receiver: { id: 7 }, reason: 'SERVER_LOST', server: zombie.id },
    ]);
    zombie.signal('SIGCONT');

    expect(await device.closed).toMatchObject({
      code: 1012,
      reason: expect.stringMatching(/^delay=\d+$/) as string,
    });
    expect(await half.closed).toMatchObject({ code: 1012 });
    expect([...device.frames, ...half.frames].filter(({ data }) => data === 'pushed meanwhile')).toEqual([]);
    await until('it has begun again', async () => (await zombie.state()).ready);
    const { id } = await zombie.state();
    expect(id).toBeGreaterThan(Math.max(zombie.id, survivor.id ?? 0));
    expect(await at.redis.keys(at.key('im:user:server_id:*'))).toEqual([]);

    const back = await logIn(zombie, 7);
    await push(at, { id }, 'private', entry(7, { data: '"afterwards"' }));
    expect(await back.next()).toMatchObject({ data: 'afterwards' });
    expect(await results(at, 'private', 1)).toMatchObject([
      { data: 'afterwards', code: 0, server: id, attempt: 1 },
    ]);
    await untilQuiet(at);
    expect(await at.redis.llen(at.key('im:result:private:app'))).toBe(0);
  });

  it('for less than its lease goes on as if nothing had been', async () => {
    const at = corner();
    await startServer(at);
    const server = await startServerProcess(at);
    const device = await logIn(server, 7);

    server.signal('SIGSTOP');
    await push(at, server, 'private', entry(7));
    device.send({ cmd: 1, data: {} });
    server.signal('SIGCONT');

    await device.next(({ cmd }) => cmd === 1);
    await device.next(({ cmd }) => cmd === 3);
    expect(await results(at, 'private', 1)).toMatchObject([{ code: 0, server: server.id, attempt: 1 }]);
    expect((await server.state()).id).toBe(server.id);
  });
});

it('a device whose server died logs in elsewhere at once, and keeps its new route', async () => {
  const at = corner();
  const survivor = await startServer(at, { leaseMs: 900 });
  const dead = await startServerProcess(at, { leaseMs: 900 });
  const device = await logIn(dead, 7);
  dead.signal('SIGKILL');
  await device.closed;

  const moved = await connectDevice(survivor.url);
  await moved.login({ token: await tokenOf(7), devId: 'dev-7-0' });

  await until('the dead server is declared dead', async () => {
    return (await at.redis.zscore(`{${at.key('im:max_server_id')}}:dead`, dead.id)) !== null;
  });
  await untilQuiet(at);
  expect(await at.redis.get(at.key('im:user:server_id:7:0'))).toBe(String(survivor.id));
  await push(at, survivor, 'private', entry(7));
  expect(await moved.next()).toMatchObject({ cmd: 3 });
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function both(data: string): string {
  return entry(1, { data, receivers: '[{"id":1,"terminal":0},{"id":2,"terminal":0}]' });
}

/** That many results of a kind, ordered by data and receiver. */
async function results(at: Corner, kind: string, count: number): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  while (found.length < count) found.push(await at.nextResult(kind));
  const order = (result: Record<string, unknown>): string =>
    JSON.stringify([result['data'], result['receiver']]);
  return found.toSorted((a, b) => order(a).localeCompare(order(b)));
}

/** Until nothing is on any list or in flight anywhere. */
async function untilQuiet(at: Corner): Promise<void> {
  await until('nothing is in flight', async () => {
    for (const key of await at.redis.keys(`*${at.prefix}*im:message:*:inflight:*`)) {
      if ((await at.redis.hlen(key)) > 1) return false;
    }
    return (await at.redis.keys(at.key('im:message:*'))).length === 0;
  });
}
