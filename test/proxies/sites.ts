import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from 'im-platform';
import { freePort, startMariaDb } from 'im-test/support';
import { startOwnRedis } from '../faults/kit/few.ts';
import { runFromSource } from '../faults/kit/program.ts';
import type { Scope } from '../faults/kit/scope.ts';
import type { TiedProcess } from '../support/tied-process.ts';

/** A program that is started again on its own ports. */
export interface Restartable {
  readonly ports: { readonly service: number; readonly operations: number };
  start(): Promise<void>;
  /** SIGTERM; resolves when it has ended, which must be in order. */
  end(): Promise<void>;
}

/** Two push servers and two platforms, with one Redis and one database. */
export interface Site {
  readonly redisUrl: string;
  readonly push: readonly [Restartable, Restartable];
  readonly platforms: readonly [Restartable, Restartable];
  /** What stands in the files of deploy/, and what it is here. */
  readonly addresses: readonly (readonly [string, string])[];
}

export const accessSecret = 'a secret of access tokens for npm run proxies';
const refreshSecret = 'another one, of refresh tokens, for npm run proxies';

export async function startSites(scope: Scope): Promise<Site> {
  const redis = await startOwnRedis(scope);
  const folder = await mkdtemp(join(tmpdir(), 'im-site-'));
  scope.onEnd(() => rm(folder, { recursive: true }));
  const mariadb = await startMariaDb();
  scope.onEnd(() => mariadb.stop());
  const root = openDatabase({ url: `${mariadb.url}mysql` });
  await root.sql.raw('create database im');
  await root.close();
  const database = `${mariadb.url}im`;
  const platform = 'packages/im-platform/src/main.ts';
  for (const command of ['migrate', 'seed']) {
    const { ended, output } = runFromSource(platform, [command, '--database', database]);
    if ((await ended).code !== 0) throw new Error(`${command} failed:\n${output}`);
  }
  const ports = {
    push: [
      [8878, 9878],
      [8879, 9879],
    ],
    platforms: [
      [8888, 8889],
      [8890, 8891],
    ],
  } as const;
  const addresses: [string, string][] = [];
  const start = async (
    file: string,
    [service, operations]: readonly [number, number],
    flags: (own: { readonly service: number; readonly operations: number }) => string[],
  ): Promise<Restartable> => {
    const own = { service: await freePort(), operations: await freePort() };
    addresses.push(
      [`127.0.0.1:${service}`, `127.0.0.1:${own.service}`],
      [`port ${operations}`, `port ${own.operations}`],
    );
    const program = restartable(own, () => runFromSource(file, flags(own)));
    await program.start();
    scope.onEnd(() => program.end());
    return program;
  };
  const push = (shipped: readonly [number, number]): Promise<Restartable> =>
    start('packages/im-server/src/main.ts', shipped, (own) => [
      ...['--host', '127.0.0.1', '--port', String(own.service), '--admin-port', String(own.operations)],
      ...['--redis', redis.url, '--jwt-secret', accessSecret, '--trust-proxy', '1', '--drain-ms', '2000'],
    ]);
  const platforms = (shipped: readonly [number, number]): Promise<Restartable> =>
    start(platform, shipped, (own) => [
      ...[
        'start',
        '--host',
        '127.0.0.1',
        '--port',
        String(own.service),
        '--operations-port',
        String(own.operations),
      ],
      ...['--redis', redis.url, '--database', database, '--files-dir', join(folder, 'files')],
      ...[
        '--access-secret',
        accessSecret,
        '--refresh-secret',
        refreshSecret,
        '--trust-proxy',
        '1',
        '--drain-ms',
        '3000',
      ],
      ...[
        '--requests-per-minute',
        '100000',
        '--messages-per-minute',
        '100000',
        '--public-url',
        'https://chat.example.com',
      ],
    ]);
  return {
    redisUrl: redis.url,
    push: [await push(ports.push[0]), await push(ports.push[1])],
    platforms: [await platforms(ports.platforms[0]), await platforms(ports.platforms[1])],
    addresses,
  };
}

function restartable(ports: Restartable['ports'], run: () => TiedProcess): Restartable {
  let running: TiedProcess | undefined;
  return {
    ports,
    async start() {
      running = run();
      await running.printed(/"msg":"started"/);
    },
    async end() {
      if (!running?.isRunning()) return;
      running.signal('SIGTERM');
      const { code } = await running.ended;
      if (code !== 0) throw new Error(`It ended with ${String(code)}:\n${running.output}`);
    },
  };
}
