import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { createImClient } from 'im-client';
import { createApp } from './app.ts';
import { createCore } from './core.ts';
import { openDatabase, type Database } from './db/database.ts';
import { pendingMigrations } from './db/migrate.ts';
import type { Feature } from './feature.ts';
import { privateMessages } from './messages/private/private-messages.ts';
import { resolveOptions, type PlatformOptions } from './options.ts';
import { PlatformError } from './platform-error.ts';
import type { PlatformIm, PlatformMessages } from './push/platform-im.ts';
import { accounts } from './users/accounts.ts';

/** All that the platform can do. */
const features: readonly Feature[] = [accounts, privateMessages];

export interface Platform extends AsyncDisposable {
  /** Where it listens, once it is started. */
  readonly url: string;
  readonly im: PlatformIm;
  readonly database: Database;
  start(): Promise<void>;
  /** Ends politely: answers what is under way, pushes what is stored, and lets go of everything. May be called twice. */
  close(): Promise<void>;
}

/**
 * A chat platform: HTTP in front, a database behind, and im-client for everything that must arrive at once.
 *
 * @example
 * const platform = createPlatform({ database: 'mysql://im@localhost/im', redis: 'redis://localhost', accessSecret, refreshSecret });
 * await platform.start();
 */
export function createPlatform(given: PlatformOptions): Platform {
  const options = resolveOptions(given);
  const database = openDatabase({
    url: options.database,
    replicaUrl: options.databaseReplica,
    poolSize: options.databasePoolSize,
  });
  const { service, redis, bus, logger } = options;
  const im = createImClient<PlatformMessages>({ service, redis, bus, logger });
  const core = createCore(options, database, im);
  const endings: (() => Promise<void>)[] = [];
  let app: FastifyInstance | undefined;
  let closing: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    await app?.close();
    for (const end of endings) await end();
    await core.close();
    await database.close();
  };

  return {
    im,
    database,
    get url() {
      const { port } = (app?.server.address() ?? { port: options.port }) as AddressInfo;
      return options.publicUrl ?? `http://localhost:${port}`;
    },
    async start() {
      await requireMigrations(database);
      await im.start();
      app = await createApp(options, core.sessions);
      for (const open of features) {
        const end = await open(app, core);
        if (end) endings.push(end);
      }
      core.start();
      await app.listen({ host: options.host, port: options.port });
    },
    close() {
      closing ??= close();
      return closing;
    },
    [Symbol.asyncDispose]() {
      return this.close();
    },
  };
}

async function requireMigrations({ sql }: Database): Promise<void> {
  const pending = await pendingMigrations(sql);
  if (pending.length === 0) return;
  throw new PlatformError(
    'MIGRATION_NEEDED',
    `The database lacks ${pending.join(', ')}. Run: im-platform migrate (npm run db:migrate).`,
  );
}
