import { createServer, type AddressInfo } from 'node:net';
import { createImServer, type ImServerOptions } from 'im-server';
import { freePort, onCleanup, testRedis } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { corner, logIn, secret, startServer } from './support.ts';

/** The error that a server with these options is created or started with. */
async function failureOf(options: Partial<ImServerOptions>): Promise<unknown> {
  const { url, prefix } = testRedis();
  const redis = options.bus === undefined ? { redis: { url, keyPrefix: prefix } } : {};
  const server = createImServer({ ...redis, jwtSecret: secret, host: '127.0.0.1', port: 0, ...options });
  onCleanup(() => server.close());
  return server.start().then(
    () => 'it started',
    (error: unknown) => error,
  );
}

async function takenPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => server.close());
  return (server.address() as AddressInfo).port;
}

describe('a port that is in use', () => {
  it('is named', async () => {
    const port = await takenPort();

    expect(await failureOf({ port })).toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`${port} on 127.0.0.1`) as string,
    });
  });

  it('for TCP is named too, and the WebSocket port is given back', async () => {
    const [tcpPort, port] = [await takenPort(), await freePort()];

    expect(await failureOf({ port, tcpPort })).toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringContaining(`${tcpPort} on`) as string,
    });
    await startServer(corner(), { port });
  });

  it('costs no server id and leaves no lease', async () => {
    const at = corner();
    const port = await takenPort();
    const server = createImServer({
      redis: { url: at.url, keyPrefix: at.prefix },
      jwtSecret: secret,
      host: '127.0.0.1',
      port,
    });

    await expect(server.start()).rejects.toMatchObject({ code: 'PORT_IN_USE' });

    expect(await at.keys()).toEqual([]);
    expect(server.health()).toEqual({ live: false, ready: false, degraded: false, reasons: ['closed'] });
  });
});

describe('a Redis that cannot be reached', () => {
  it('is named with the reason, and the port is given back', async () => {
    const [port, redisPort] = [await freePort(), await freePort()];

    expect(await failureOf({ port, redis: `redis://:secret@127.0.0.1:${redisPort}/2` })).toMatchObject({
      code: 'BUS_UNAVAILABLE',
      retryable: true,
      message: `Cannot reach Redis at redis://:***@127.0.0.1:${redisPort}/2 (connect ECONNREFUSED 127.0.0.1:${redisPort}). Is it running, and is the address right?`,
    });
    await startServer(corner(), { port });
  });
});

describe('a server', () => {
  it('starts once', async () => {
    const server = await startServer(corner());

    await expect(server.start()).rejects.toMatchObject({ code: 'CLOSED' });
    await logIn(server, 7);
  });

  it('takes ids that rise, and leaves the last one for box-im to count on', async () => {
    const at = corner();

    const [first, second] = [(await startServer(at)).id ?? 0, (await startServer(at)).id ?? 0];

    expect(second).toBeGreaterThan(first);
    expect(await at.redis.incr(at.key('im:max_server_id'))).toBe(second + 1);
  });
});
