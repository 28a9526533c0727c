import { createServer, type AddressInfo } from 'node:net';
import { freePort, onCleanup, startRedis } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { parseRedisUrl } from '../src/bus/redis/connect.ts';
import { hidePassword } from '../src/checks/hide-password.ts';
import { createRedisBus } from '../src/bus/redis/redis-bus.ts';
import { ImError } from '../src/errors.ts';

// P-5.8.

describe('an address of Redis', () => {
  it.each([
    ['redis://localhost', { kind: 'single', nodes: [{ host: 'localhost', port: 6379 }], options: {} }],
    [
      'redis://10.0.0.1:7000/3',
      { kind: 'single', nodes: [{ host: '10.0.0.1', port: 7000 }], options: { db: 3 } },
    ],
    ['redis://h/', { kind: 'single', nodes: [{ host: 'h', port: 6379 }], options: {} }],
    [
      'redis://:secret@h',
      { kind: 'single', nodes: [{ host: 'h', port: 6379 }], options: { password: 'secret' } },
    ],
    [
      'rediss://im:p%40ss%2F@h:1/0',
      {
        kind: 'single',
        nodes: [{ host: 'h', port: 1 }],
        options: { username: 'im', password: 'p@ss/', db: 0, tls: {} },
      },
    ],
    ['redis://[::1]:7000', { kind: 'single', nodes: [{ host: '::1', port: 7000 }], options: {} }],
    ['redis://[fe80::1]', { kind: 'single', nodes: [{ host: 'fe80::1', port: 6379 }], options: {} }],
    [
      'redis+sentinel://a,b:26380/mymaster/2',
      {
        kind: 'sentinel',
        nodes: [
          { host: 'a', port: 26379 },
          { host: 'b', port: 26380 },
        ],
        options: { name: 'mymaster', db: 2 },
      },
    ],
    [
      'rediss+cluster://:pw@a:7000,b:7001',
      {
        kind: 'cluster',
        nodes: [
          { host: 'a', port: 7000 },
          { host: 'b', port: 7001 },
        ],
        options: { password: 'pw', tls: {} },
      },
    ],
  ])('may be %s', (url, target) => {
    expect(parseRedisUrl(url)).toEqual(target);
  });

  it.each([
    '',
    'localhost',
    'localhost:6379',
    'http://localhost',
    'redis:localhost',
    'redis://',
    'redis:///0',
    'redis://h/db',
    'redis://h:port',
    'redis://h:99999',
    'redis://h:0',
    'redis://h,',
    'redis://a,,b',
    'redis://a,b',
    'redis+cluster://a/1/x',
    'redis+sentinel://a',
    'redis+sentinel://a/name/x',
    'redis://h?family=6',
    'redis://:p%ss@h',
  ])('is not %j', (url) => {
    expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it('is shown without its password', () => {
    expect(hidePassword('redis://im:secret@h:1/0')).toBe('redis://im:***@h:1/0');
    expect(hidePassword('redis+cluster://:secret@a,b')).toBe('redis+cluster://:***@a,b');
    expect(hidePassword('redis://im:sec?ret@h')).toBe('redis://im:***@h');
  });

  it.each([
    ['redis://im:secret@h/db', 'redis://im:***@h/db'],
    ['redis://im:sec/ret@h:1/0', 'redis://im:***@h:1/0'],
    ['redis://im:/secret@h', 'redis://im:***@h'],
    ['redis://im:sec@ret@h', 'redis://im:***@h'],
    ['redis://im:sec:ret@h/x', 'redis://im:***@h/x'],
    ['redis://im:sec\nret/@h', 'redis://im:***@h'],
    ['redis://us/er:secret@h', 'redis://***@h'],
    ['redis+sentinel://:sec/ret@a,b:1/m/0', 'redis+sentinel://:***@a,b:1/m/0'],
    ['redis:im:secret@h', '***@h'],
    ['im:secret@h', '***@h'],
    ['redis://h?password=secret', 'redis://h?***'],
  ])('is refused as %j without a word of its password', (url, shown) => {
    expect(hidePassword(url)).toBe(shown);
    const { message } = refusal(() => parseRedisUrl(url));
    expect(message).toContain(JSON.stringify(shown));
    expect(message).not.toMatch(/sec|ret(?!ry)/);
    expect(message).toContain('/ as %2F');
  });
});

describe('a Redis that cannot be used is named, with the reason', () => {
  it('when nobody listens', async () => {
    const url = `redis://127.0.0.1:${await freePort()}`;

    expect(await startFailure(url)).toMatchObject({
      code: 'BUS_UNAVAILABLE',
      message: expect.stringContaining(`${url} (connect ECONNREFUSED`) as string,
    });
  });

  it('when the host does not exist', async () => {
    expect((await startFailure('redis://no-such-host.invalid:6379')).message).toMatch(/ENOTFOUND|EAI_AGAIN/);
  });

  it.each([
    ['without a password', '', /NOAUTH/],
    ['with a wrong password', ':wrong@', /WRONGPASS/],
  ])('when it is asked %s', async (_, credentials, reason) => {
    const redis = await startRedis({ args: ['--requirepass', 'right'] });

    const failure = await startFailure(redis.url.replace('//', `//${credentials}`));

    expect(failure).toMatchObject({ code: 'BUS_REFUSED', retryable: false });
    expect(failure.message).toMatch(reason);
    expect(failure.message).not.toContain('wrong@');
  });

  it('when it has no such database: it is never written to another one', async () => {
    const redis = await startRedis();

    const failure = await startFailure(`${redis.url}/99`);

    expect(failure.code).toBe('BUS_REFUSED');
    expect(failure.message).toMatch(/DB index is out of range/);
  });

  it('when it hangs', async () => {
    const redis = await startRedis();
    redis.pause();
    onCleanup(() => redis.resume());

    const failure = await startFailure(redis.url, { commandTimeoutMs: 300 });

    expect(failure.code).toBe('BUS_UNAVAILABLE');
    expect(failure.message).toMatch(/timed out|timeout/i);
  });

  it('when none of its cluster nodes listens', async () => {
    const url = `redis+cluster://127.0.0.1:${await freePort()}`;

    const failure = await startFailure(url);

    expect(failure.code).toBe('BUS_UNAVAILABLE');
    expect(failure.message).toContain(`${url} (Connection is closed`);
  });

  it('when none of its sentinels listens', async () => {
    const url = `redis+sentinel://127.0.0.1:${await freePort()}/mymaster`;

    const failure = await startFailure(url);

    expect(failure.code).toBe('BUS_UNAVAILABLE');
    expect(failure.message).toContain('sentinels are unreachable');
  });
});

describe('the version of Redis', () => {
  it.each(['6.0.16', '5.0.7', '2.8.9'])('%s is too old', async (version) => {
    const url = await fakeRedis(version);

    const failure = await startFailure(url);

    expect(failure).toMatchObject({
      code: 'BUS_TOO_OLD',
      message: expect.stringMatching(`${url} is version ${version}; 6.2 or newer`) as string,
    });
  });

  it.each(['6.2.0', '7.0.15', '8.2.1', '10.0.0'])('%s is new enough', async (version) => {
    const bus = createRedisBus({ url: await fakeRedis(version) });
    onCleanup(() => bus.close());

    await bus.start();
  });
});

/** The error that a bus on this address starts with. */
async function startFailure(url: string, options: { commandTimeoutMs?: number } = {}): Promise<ImError> {
  const bus = createRedisBus({ url, ...options });
  const problem: unknown = await bus.start().then(
    () => 'it started',
    (error: unknown) => error,
  );
  await bus.close();
  if (problem instanceof ImError) return problem;
  throw new Error(`Expected an ImError, received ${String(problem)}`, { cause: problem });
}

function refusal(run: () => unknown): ImError {
  try {
    run();
  } catch (error) {
    if (error instanceof ImError) return error;
  }
  throw new Error('Expected an ImError');
}

/** A server that speaks just enough RESP to say which version it is. */
async function fakeRedis(version: string): Promise<string> {
  const info = `redis_version:${version}\r\nloading:0\r\n`;
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      for (const [, name] of data.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)\r\n/g)) {
        if (name?.toLowerCase() === 'info') socket.write(`$${info.length}\r\n${info}\r\n`);
        else if (name?.toLowerCase() === 'hello') socket.write("-ERR unknown command 'HELLO'\r\n");
        else socket.write('+OK\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => server.close());
  return `redis://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
