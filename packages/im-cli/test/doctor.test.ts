import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { createRedisBus } from 'im-common/bus';
import { serverGroup } from 'im-common/internal/bus';
import { createImServer } from 'im-server';
import { freePort, onCleanup, startCluster, startRedis, startSentinel } from 'im-test/support';
import { expect, test, vi } from 'vitest';
import type { Finding } from '../src/doctor/finding.ts';
import { exitCodes } from '../src/index.ts';
import { im } from './support.ts';

vi.setConfig({ testTimeout: 120_000 });

async function examine(url: string): Promise<{ findings: Finding[]; code: number | null; stderr: string }> {
  const { code, stderr, stdout } = await im(['doctor', '--json'], { IM_CLI_REDIS: url });
  const findings = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Finding);
  return { findings, code, stderr };
}

/** What is said about something, in its state. */
function said(findings: readonly Finding[], state: Finding['state'], about: string): string {
  return findings
    .filter((one) => one.state === state && one.about === about)
    .map(({ what }) => what)
    .join('\n');
}

test('finds what is ill, says what to do, and ends with 4; what is well with 0', async () => {
  const redis = await startRedis({ appendonly: true, args: ['--maxmemory', '256mb'] });
  const url = `redis://127.0.0.1:${redis.port}`;
  const server = createImServer({
    ...{
      redis: url,
      jwtSecret: 'secret-of-at-least-32-bytes-for-tests',
      host: '127.0.0.1',
      port: 0,
      drainMs: 0,
      // A machine that is busy must not make it late.
      leaseMs: 60_000,
    },
  });
  onCleanup(() => server.close());
  await server.start();

  const well = await examine(url);
  expect(well).toMatchObject({ code: exitCodes.done, stderr: '' });
  expect(said(well.findings, 'ok', 'servers')).toBe('1 server with 0 connections.');
  expect(said(well.findings, 'ok', 'persistence')).toContain('append-only file');
  expect(said(well.findings, 'ok', 'lists')).toContain('Nothing waits');
  expect(said(well.findings, 'warn', 'address')).toContain('on its own machine only');
  expect(well.findings.filter(({ state }) => state === 'bad')).toEqual([]);

  // It would declare dead what is late.
  await server.close();
  await fallIll(redis.client(), url);
  const { code, findings } = await examine(url);

  expect(code).toBe(exitCodes.no);
  expect(said(findings, 'bad', 'eviction')).toContain('allkeys-lru: it throws messages and routes away');
  expect(said(findings, 'warn', 'persistence')).toContain('no append-only file');
  expect(said(findings, 'bad', 'servers')).toMatch(/^Server 1 has not renewed its lease for \d/);
  expect(said(findings, 'warn', 'servers')).toContain('differ in what they can do');
  expect(said(findings, 'bad', 'clock')).toContain('Server 2 says that it started later');
  const addresses = said(findings, 'bad', 'address');
  expect(addresses).toMatch(/ws:\/\/0\.0\.0\.0:8878\/im is no place that a device could connect to/);
  expect(addresses).toMatch(/ws:\/\/127\.0\.0\.1:\d+\/im cannot be reached from here: connect ECONNREFUSED/);
  expect(addresses).toMatch(/wss:\/\/127\.0\.0\.1:\d+\/im cannot be reached from here: /);
  expect(addresses).toContain('nonsense is no address');
  expect(said(findings, 'warn', 'lists')).toBe(
    '2 entries wait for server 999, which is not registered.\n1 result waits for service shop, of which nothing runs.',
  );
  expect(said(findings, 'warn', 'dead letters')).toBe('1 dead letter of private.');
  expect(findings.filter(({ cure, state }) => state !== 'ok' && cure === undefined)).toEqual([]);
  await expectAsInReadme(url);
});

/** Each line that the README shows is said, but for numbers. */
async function expectAsInReadme(url: string): Promise<void> {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const [, shown = ''] = /^\$ im doctor\n(.*?)^```/ms.exec(readme) ?? [];
  const { stdout } = await im(['doctor'], { IM_CLI_REDIS: url });
  const linesOf = (text: string): string[] =>
    text
      .replace(/\d[\d.:]*/g, '#')
      .replace(/# (s|min) more/, '# more')
      .trimEnd()
      .split('\n');
  expect(linesOf(stdout)).toEqual(expect.arrayContaining(linesOf(shown)));
}

async function fallIll(
  redis: ReturnType<Awaited<ReturnType<typeof startRedis>>['client']>,
  url: string,
): Promise<void> {
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await redis.config('SET', 'appendonly', 'no');
  await redis.rpush('im:message:private:999', 'x', 'y');
  await redis.rpush('im:result:private:shop', 'x');
  await redis.rpush('im:dead:private', '{}');
  const bus = createRedisBus({ url });
  await bus.start();
  onCleanup(() => bus.close());
  const plain = await listenInPlain();
  const infos = [
    { address: 'ws://127.0.0.1:1/im' },
    { address: 'ws://0.0.0.0:8878/im', startedAt: Date.now() + 3_600_000 },
    { address: `ws://127.0.0.1:${await freePort()}/im` },
    { address: `wss://127.0.0.1:${plain}/im` },
    { address: 'nonsense', features: ['topics'] },
  ];
  for (const [index, info] of infos.entries()) {
    const lease = { id: String(index + 1), boot: 'b', info: JSON.stringify({ connections: 0, ...info }) };
    await bus.registry.renew(serverGroup, { ...lease, leaseMs: 3_600_000 });
  }
  const [seconds] = await redis.time();
  await redis.zadd('{im:max_server_id}:lease', Number(seconds) * 1_000 - 60_000, '1');
}

/** Takes connections, and is no TLS. */
async function listenInPlain(): Promise<number> {
  const server = createServer((socket) => socket.end('hello\r\n'));
  onCleanup(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

test('looks at each master of a Cluster, and takes letters of all of them', async () => {
  const cluster = await startCluster();
  const masters = cluster.nodes.map((node) => `Redis [\\d.]+ at 127\\.0\\.0\\.1:${node.port}, master`);
  const bus = createRedisBus({ url: cluster.url });
  await bus.start();
  onCleanup(() => bus.close());
  const services = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const service of services) {
    await bus.lists.put(`im:dead:result:${service}`, {
      ...{ entries: ['x' as never], producer: 'p', batchNumber: 1, maxLength: 10, whenFull: 'refuse' },
    });
  }

  const { findings } = await examine(cluster.url);

  for (const pattern of masters) expect(said(findings, 'ok', 'redis')).toMatch(new RegExp(pattern));
  expect(said(findings, 'bad', 'servers')).toBe('No server is registered here.');
  expect(said(findings, 'warn', 'dead letters').split('\n')).toHaveLength(services.length);
});

test('names the master that Sentinels say', async () => {
  const sentinel = await startSentinel({ sentinels: 2, replicas: 1 });

  const { findings } = await examine(sentinel.url);

  const port = await sentinel.masterPort();
  expect(said(findings, 'ok', 'redis')).toMatch(
    new RegExp(`at 127.0.0.1:${port}, master with 1 replica\\.$`),
  );
});
