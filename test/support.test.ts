import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Cluster, Redis } from 'ioredis';
import {
  createConnection,
  type Connection,
  type ConnectionOptions,
  type RowDataPacket,
} from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import {
  findMariaDb,
  onCleanup,
  startCluster,
  startMariaDb,
  startRedis,
  startSentinel,
  testMysql,
  testRedis,
  type RedisCluster,
} from './support/index.ts';
import { withOwnCleanups } from './support/cleanup.ts';
import { sharedMysql } from './support/shared-mysql.ts';

test('a test with others beside it cleans up what it registered, last first, and nothing of theirs', async () => {
  const done: string[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const slow = withOwnCleanups(async () => {
    onCleanup(() => done.push('slow'));
    await gate;
  });

  await withOwnCleanups(async () => {
    onCleanup(() => done.push('one'));
    await Promise.resolve();
    onCleanup(() => done.push('two'));
  });
  expect(done).toEqual(['two', 'one']);

  open();
  await slow;
  expect(done).toEqual(['two', 'one', 'slow']);
});

describe('one Redis', () => {
  test('answers, and is gone with its folder after stop', async () => {
    const redis = await startRedis();
    const client = redis.client();
    await client.set('key', 'value');
    expect(await client.get('key')).toBe('value');

    await redis.stop();
    await redis.stop();

    expect(await listens(redis.port)).toBe(false);
    expect(existsSync(redis.dir)).toBe(false);
  });

  test('two at the same time do not share anything', async () => {
    const [one, two] = await Promise.all([startRedis(), startRedis()]);
    await one.client().set('key', 'one');
    expect(await two.client().get('key')).toBeNull();
  });

  test('keeps its data over a restart and a crash with appendonly', async () => {
    const redis = await startRedis({ appendonly: true });
    const { pid } = redis;
    const client = redis.client();
    await client.set('before restart', '1');
    await redis.restart();
    await client.set('before crash', '2');
    await redis.kill();
    await redis.start();

    expect(await client.mget('before restart', 'before crash')).toEqual(['1', '2']);
    expect(redis.pid).not.toBe(pid);
  });

  test('loses its data over a restart without appendonly', async () => {
    const redis = await startRedis();
    const client = redis.client();
    await client.set('key', 'value');
    await redis.restart();
    expect(await client.get('key')).toBeNull();
  });

  test('answers nothing while it is paused, and everything after', async () => {
    const redis = await startRedis();
    const client = redis.client();
    await client.ping();

    redis.pause();
    let answered = false;
    const answer = client.ping().then(() => (answered = true));
    await expect(redis.client({ commandTimeout: 200 }).ping()).rejects.toThrow('timed out');
    expect(answered).toBe(false);

    redis.resume();
    await answer;
  });

  test('says why it did not start', async () => {
    const { port } = await startRedis();
    await expect(startRedis({ port })).rejects.toThrow('Address already in use');
    await expect(startRedis({ args: ['--no-such-option', '1'] })).rejects.toThrow('no-such-option');
  });
});

describe('the shared Redis', () => {
  const seen: string[] = [];

  test('gives each caller its own prefix', async () => {
    const [one, two] = [testRedis(), testRedis()];
    expect(one.prefix).not.toBe(two.prefix);
    const client = new Redis(one.url);
    onCleanup(() => client.disconnect());
    seen.push(`${one.prefix}a`, `${two.prefix}b`);
    for (const key of seen) await client.set(key, 'value');
  });

  test('forgets the keys of a test that has ended', async () => {
    const client = new Redis(inject('redisUrl'));
    onCleanup(() => client.disconnect());
    expect(await client.exists(seen)).toBe(0);
  });
});

describe('one MariaDB', () => {
  test('is found, new enough', async () => {
    const { path, kind } = await findMariaDb();
    expect(existsSync(path)).toBe(true);
    expect(['MariaDB', 'MySQL']).toContain(kind);
  });

  test('answers, and is gone with its folder after stop', async () => {
    const mariaDb = await startMariaDb({ fast: true });
    expect(await ask(mariaDb.url, 'SELECT 1 AS answer')).toEqual([{ answer: 1 }]);

    await mariaDb.stop();
    await mariaDb.stop();

    expect(await listens(mariaDb.port)).toBe(false);
    expect(existsSync(mariaDb.dir)).toBe(false);
  });

  test('keeps its data over a restart and a crash', async () => {
    const mariaDb = await startMariaDb();
    const { pid, url } = mariaDb;
    const insert = (when: string): Promise<unknown> => ask(url, `INSERT INTO kept.rows VALUES ('${when}')`);
    await ask(url, 'CREATE DATABASE kept');
    await ask(url, 'CREATE TABLE kept.rows (came VARCHAR(20) PRIMARY KEY)');
    await insert('1 before restart');
    await mariaDb.restart();
    await insert('2 before crash');
    await mariaDb.kill();
    await mariaDb.restart();

    expect(await ask(url, 'SELECT came FROM kept.rows ORDER BY came')).toEqual([
      { came: '1 before restart' },
      { came: '2 before crash' },
    ]);
    expect(mariaDb.pid).not.toBe(pid);
  });

  test('commits to the disk unless it may be fast', async () => {
    const query = 'SELECT @@innodb_flush_log_at_trx_commit AS log, @@innodb_doublewrite AS twice';
    const [careful, fast] = await Promise.all([startMariaDb(), startMariaDb({ fast: true })]);
    expect((await ask(careful.url, query))[0]).toMatchObject({ log: 1 });
    expect((await ask(fast.url, query))[0]).toMatchObject({ log: 0 });
  });

  test('answers nothing while it is paused, and everything after', async () => {
    const mariaDb = await startMariaDb({ fast: true });
    const connection = await connectTo(mariaDb.url);

    const knock = (): Promise<unknown> => connectTo(mariaDb.url, { connectTimeout: 200 });
    mariaDb.pause();
    await vi.waitFor(() => expect(knock()).rejects.toThrow('ETIMEDOUT')); // a thread of it may stop a little later

    let answered = false;
    const answer = connection.query('SELECT 1').then(() => (answered = true));
    await expect(knock()).rejects.toThrow('ETIMEDOUT');
    expect(answered).toBe(false);

    mariaDb.resume();
    await answer;
  });

  test('says why it did not start', async () => {
    const { port } = await startMariaDb({ fast: true });
    await expect(startMariaDb({ port })).rejects.toThrow('Address already in use');
    await expect(startMariaDb({ args: ['--no-such-option=1'] })).rejects.toThrow('no-such-option');
  });
});

describe('the shared MariaDB', () => {
  const seen: string[] = [];

  test('gives each caller its own database, in utf8mb4', async () => {
    const [one, two] = await Promise.all([testMysql(), testMysql()]);
    seen.push(nameIn(one.url), nameIn(two.url));
    expect(seen[0]).not.toBe(seen[1]);
    await ask(one.url, 'CREATE TABLE only_here (id INT PRIMARY KEY)');
    expect(await ask(two.url, 'SHOW TABLES')).toEqual([]);
    expect(await ask(two.url, 'SELECT @@character_set_database AS used')).toEqual([{ used: 'utf8mb4' }]);
  });

  test('forgets the databases of a test that has ended', async () => {
    const rows = await ask(inject('mysqlUrl'), 'SHOW DATABASES');
    const names = rows.map((row) => String(row['Database']));
    expect(names.filter((name) => seen.includes(name))).toEqual([]);
  });

  test('may be one that runs already, and stays when the run ends', async () => {
    const { url } = await startMariaDb({ fast: true });
    const shared = await sharedMysql(url);
    await shared.stop();
    expect(shared.url).toBe(url);
    expect(await ask(url, 'SELECT 1 AS answer')).toEqual([{ answer: 1 }]);
  });

  test('must be reachable, and its password is not told', async () => {
    const { url, stop } = await startMariaDb({ fast: true }).then((server) => ({
      url: server.url.replace('root@', 'root:hidden@'),
      stop: () => server.stop(),
    }));
    await expect(sharedMysql(url)).rejects.toThrow(/^MYSQL_URL=mysql:.* cannot be used .*Access denied/);
    await expect(sharedMysql(url)).rejects.not.toThrow('hidden');
    await stop();
    await expect(sharedMysql(url)).rejects.toThrow(/cannot be used .*ECONNREFUSED/);
    await expect(sharedMysql('postgres://root:hidden@127.0.0.1')).rejects.toThrow(
      /^MYSQL_URL must be one server: mysql:\/\/host:port$/,
    );
  });

  test('must let the tests create databases', async () => {
    const { url } = await startMariaDb({ fast: true });
    await ask(url, `CREATE USER 'guest'@'127.0.0.1'`);
    await expect(sharedMysql(url.replace('root@', 'guest@'))).rejects.toThrow(/Access denied.* to database/);
  });
});

describe('a cluster', () => {
  test('takes keys on every master', async () => {
    const { nodes } = await startCluster({ masters: 3 });
    const cluster = clusterClient(nodes);
    const keys = Array.from({ length: 60 }, (_, index) => `key ${index}`);
    await Promise.all(keys.map((key) => cluster.set(key, key)));

    const sizes = await Promise.all(nodes.map((node) => node.client().dbsize()));
    expect(sizes.every((size) => size > 0)).toBe(true);
    expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(keys);
  });

  test('replaces a dead master by its replica', async () => {
    const { nodes } = await startCluster({ masters: 3, replicasPerMaster: 1, nodeTimeoutMs: 1_000 });
    const cluster = clusterClient(nodes);
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    await Promise.all(keys.map((key) => cluster.set(key, key)));
    await Promise.all(nodes.slice(0, 3).map((node) => node.client().wait(1, 1_000)));

    await nodes[0]?.kill();

    await vi.waitFor(
      async () => {
        expect(await nodes[3]?.client().role()).toContain('master');
        expect(await Promise.all(keys.map((key) => cluster.get(key)))).toEqual(keys);
      },
      { timeout: 15_000, interval: 200 },
    );
  });
});

describe('sentinels', () => {
  test('lead a client to the new master', async () => {
    const sentinel = await startSentinel();
    const client = new Redis({
      sentinels: sentinel.sentinels.map(({ port }) => ({ host: '127.0.0.1', port })),
      name: 'mymaster',
      failoverDetector: true,
    });
    client.on('error', () => undefined);
    onCleanup(() => client.disconnect());
    await client.set('before', '1');
    await client.wait(2, 1_000);

    const old = await sentinel.masterPort();
    const next = await sentinel.failover();
    expect(next).not.toBe(old);
    expect(await sentinel.masterPort()).toBe(next);
    await vi.waitFor(
      async () => {
        await client.set('after', '2');
        const server = sentinel.servers.find(({ port }) => port === next);
        expect(await server?.client().mget('before', 'after')).toEqual(['1', '2']);
      },
      { timeout: 15_000, interval: 100 },
    );
  });

  test('replace a master that died', async () => {
    const sentinel = await startSentinel();
    const dead = await sentinel.killMaster();
    expect(await sentinel.masterAfter(dead)).not.toBe(dead);
  });
});

describe.each([
  ['a Redis', './fixtures/hold-redis.ts'],
  ['a MariaDB', './fixtures/hold-mariadb.ts'],
])('%s whose parent', (_, program) => {
  test.each([
    ['was killed', (parent: ChildProcess) => parent.kill('SIGKILL')],
    ['lost the test runner', (parent: ChildProcess) => parent.disconnect()],
  ])('%s is gone within two seconds, with its folder', async (_, end) => {
    const parent = fork(fileURLToPath(new URL(program, import.meta.url)), {
      execArgv: ['--import', 'tsx'],
    });
    onCleanup(() => parent.kill('SIGKILL'));
    const [{ port, dir }] = (await once(parent, 'message')) as [{ port: number; dir: string }];
    expect(await listens(port)).toBe(true);

    end(parent);

    await once(parent, 'exit');
    await vi.waitFor(
      async () => {
        expect(await listens(port)).toBe(false);
        expect(existsSync(dir)).toBe(false);
      },
      { timeout: 2_000, interval: 20 },
    );
  });
});

describe('what is started in beforeAll', () => {
  let port = 0;
  afterAll(async () => {
    expect(await listens(port)).toBe(true); // this runs before the end of the file, which stops it
  });

  beforeAll(async () => {
    ({ port } = await startRedis());
  });

  test.each([1, 2])('lives on from test to test (%i)', async () => {
    expect(await listens(port)).toBe(true);
  });
});

function clusterClient(nodes: RedisCluster['nodes']): Cluster {
  const cluster = new Cluster(nodes.map(({ port }) => ({ host: '127.0.0.1', port })));
  cluster.on('error', () => undefined);
  onCleanup(() => cluster.disconnect());
  return cluster;
}

async function connectTo(url: string, options: ConnectionOptions = {}): Promise<Connection> {
  const connection = await createConnection({ ...options, uri: url });
  onCleanup(() => connection.destroy());
  return connection;
}

async function ask(url: string, sql: string): Promise<RowDataPacket[]> {
  const [rows] = await (await connectTo(url)).query<RowDataPacket[]>(sql);
  return rows;
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1);
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
