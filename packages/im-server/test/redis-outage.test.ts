import { setTimeout as sleep } from 'node:timers/promises';
import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import {
  connectDevice,
  inTime,
  leastMs,
  msOf,
  onCleanup,
  startRedis,
  type RawDevice,
  type RedisServer,
} from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { corner, entry, logIn, push, startServer, tokenOf, until, type Corner } from './support.ts';

// P-10.12.

interface Scene {
  readonly redis: RedisServer;
  readonly at: Corner;
  readonly server: ImServer;
  readonly device: RawDevice;
}

/** A Redis of its own, a server on it, and user 7 logged in. */
async function scene(options: Partial<ImServerOptions> = {}): Promise<Scene> {
  const redis = await startRedis({ appendonly: true });
  const at = corner({ url: redis.url, prefix: '' });
  const server = await startServer(at, options);
  return { redis, at, server, device: await logIn(server, 7) };
}

describe('while Redis is away', () => {
  it.each([
    ['killed', (redis: RedisServer) => redis.kill(), (redis: RedisServer) => redis.start()],
    ['hanging', async (redis: RedisServer) => redis.pause(), async (redis: RedisServer) => redis.resume()],
  ])(
    '(%s) devices stay and are answered, health says why, and pushes flow again by themselves',
    async (_, stop, go) => {
      const leaseMs = 900;
      const { redis, at, server, device } = await scene({ leaseMs });
      expect(server.health()).toEqual({ live: true, ready: true, degraded: false, reasons: [] });

      await stop(redis);
      await until('it says so', () => server.health().reasons[0] === 'the bus is away');
      expect(server.health()).toEqual({
        live: true,
        ready: false,
        degraded: false,
        reasons: ['the bus is away'],
      });
      device.send({ cmd: 1, data: {} });
      await device.next(({ cmd }) => cmd === 1);
      await sleep(leaseMs + 100); // the lease is over, which nothing announces
      await go(redis);

      await until('it is ready again', () => server.health().ready);
      const id = server.id;
      await push(at, server, 'private', entry(7));
      await device.next(({ cmd }) => cmd === 3);
      expect(await at.nextResult()).toMatchObject({ code: 0, server: id, attempt: 1 });
      expect(device.frames.map(({ cmd }) => cmd)).toEqual([0, 1, 3]);
      device.send({ cmd: 1, data: {} });
      await device.next(({ cmd }) => cmd === 1);
      expect(await at.redis.get('im:user:server_id:7:0')).toBe(String(id));
    },
  );

  it('what was acknowledged meanwhile is reported afterwards, once, and is in flight no more', async () => {
    const { redis, at, server } = await scene();
    const device = await connectDevice(server.url);
    device.send({ cmd: 0, data: { accessToken: await tokenOf(8), devId: 'd', ack: true } });
    await device.next(({ cmd }) => cmd === 0);
    await push(at, server, 'private', entry(8));
    await device.next(({ cmd }) => cmd === 3);

    await redis.kill();
    device.send({ cmd: 6, data: { count: 1 } });
    device.send({ cmd: 1, data: {} });
    await device.next(({ cmd }) => cmd === 1); // so the acknowledgement has been read
    await redis.start();

    expect(await at.nextResult()).toMatchObject({ code: 0, stage: 'acknowledged' });
    await until('it is acknowledged', async () => (await at.redis.hlen(inFlightKey(await at.keys()))) === 1);
    expect(await at.redis.exists('im:result:private:app')).toBe(0);
    expect(device.frames.filter(({ cmd }) => cmd === 3)).toHaveLength(1);
  });

  it('a login is told to try again later, and succeeds then', async () => {
    const { redis, server } = await scene();
    await redis.kill();

    await expect(logIn(server, 8)).rejects.toThrow(/closed with 1013/);
    await redis.start();

    await until('it succeeds', () =>
      logIn(server, 8).then(
        () => true,
        () => false,
      ),
    );
  });

  it('the route of a device that leaves is removed when Redis is back', async () => {
    const { redis, at, server, device } = await scene();
    await redis.kill();

    await device.close(1000);
    await redis.start();

    await until('it is ready again', () => server.health().ready);
    await until('the route is gone', async () => (await at.redis.exists('im:user:server_id:7:0')) === 0);
  });

  it('an end comes to its end, and so does a second one', async () => {
    const { redis, server, device } = await scene();
    await redis.kill();

    await inTime('the end', Promise.all([server.close(), server.close()]));

    expect(await device.closed).toMatchObject({ code: 1012 });
    await server.close();
  });
});

describe('a Redis that lost its memory', () => {
  it('knows route and lease again in three seconds, without any device reconnecting', async () => {
    const { at, server, device } = await scene();
    const other = await logIn(server, 8, { terminal: 1 });
    const routes = ['im:user:server_id:7:0', 'im:user:server_id:8:1'];

    const backMs = await leastMs(3_000, () =>
      msOf(async () => {
        await at.redis.flushall();
        await until('the routes are back', async () => (await at.redis.exists(...routes)) === 2);
        await until(
          'the lease is back',
          async () => (await at.redis.zcard('{im:max_server_id}:lease')) === 1,
        );
      }),
    );

    expect(backMs).toBeLessThan(3_000);
    expect(await at.redis.mget(...routes)).toEqual([String(server.id), String(server.id)]);
    await push(at, server, 'private', entry(7), entry(8, { receivers: '[{"id":8,"terminal":1}]' }));
    await device.next(({ cmd }) => cmd === 3);
    await other.next(({ cmd }) => cmd === 3);
    expect(server.health().ready).toBe(true);
  });

  it('gives no live server id to another server', async () => {
    const { at, server, device } = await scene();
    const second = await startServer(at);

    await at.redis.flushall();
    await until(
      'both have a lease again',
      async () => (await at.redis.zcard('{im:max_server_id}:lease')) === 2,
    );
    const third = await startServer(at);

    expect(new Set([server.id, second.id, third.id]).size).toBe(3);
    const moved = await logIn(third, 9);
    await push(at, third, 'private', entry(9));
    await moved.next(({ cmd }) => cmd === 3);
    await push(at, server, 'private', entry(7));
    await device.next(({ cmd }) => cmd === 3);
  });

  it('loses entries on the list, and nothing that comes afterwards', async () => {
    const { at, server, device } = await scene();
    const numbers = Array.from({ length: 200 }, (_, index) => index);

    for (const n of numbers) {
      if (n === 100) await at.redis.flushall();
      await push(at, server, 'private', entry(7, { data: String(n) }));
    }

    await until('the last has come', () => device.frames.at(-1)?.data === 199);
    const seen = device.frames.filter(({ cmd }) => cmd === 3).map(({ data }) => data);
    expect(seen).toEqual([...new Set(seen)]);
    expect(seen.slice(-100)).toEqual(numbers.slice(100));
  });
});

it('a server whose Redis comes a moment later starts when it is tried again', async () => {
  const redis = await startRedis();
  const options = { redis: redis.url, jwtSecret: 'secret', host: '127.0.0.1', port: 0 };
  await redis.kill();
  await expect(createImServer(options).start()).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    retryable: true,
  });

  await redis.start();
  const server = createImServer(options);
  onCleanup(() => server.close());
  await server.start();

  expect(server.health().ready).toBe(true);
});

function inFlightKey(keys: readonly string[]): string {
  return keys.find((key) => key.startsWith('{im:message:private:') && key.includes('inflight')) ?? '';
}
