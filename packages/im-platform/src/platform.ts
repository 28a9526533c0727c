import type { FastifyInstance } from 'fastify';
import { createImClient } from 'im-client';
import { createRedisBus, type RedisBusOptions } from 'im-common/bus';
import { endingOf, listenError } from 'im-common/internal/network';
import { Registry } from 'prom-client';
import { createApp } from './app.ts';
import { createCore, type Core } from './core.ts';
import { openDatabase, type Database } from './db/database.ts';
import { pendingMigrations } from './db/migrate.ts';
import type { Ending, Feature } from './feature.ts';
import { calls } from './calls/calls.ts';
import { deletion } from './deletion/deletion.ts';
import { erasePeople } from './erasure/erase-people.ts';
import { dataExport } from './export/export-api.ts';
import { files } from './files/files.ts';
import { groups } from './groups/groups.ts';
import { inbox } from './inbox/inbox.ts';
import { groupMessages } from './messages/group/group-messages.ts';
import { messageChanges } from './message-changes/changes.ts';
import { followLanes, meetLaneDatabases } from './lanes/lane-databases.ts';
import { toNamedDatabases } from './lanes/lane-options.ts';
import { publicUrlOf } from './http/public-url.ts';
import { privateMessages } from './messages/private/private-messages.ts';
import { createHealthCheck } from './operations/health.ts';
import { addReplicaMetrics } from './operations/replica-metrics.ts';
import { createOperationsApp } from './operations/operations-app.ts';
import type { PlatformOptions } from './options.ts';
import { PlatformError } from './platform-error.ts';
import { resolveOptions, warningsOf } from './resolve-options.ts';
import type { PlatformIm, PlatformMessages } from './push/platform-im.ts';
import { loginTerminals } from './wire/terminals.ts';
import { accounts } from './users/accounts.ts';
import { bans } from './bans/bans.ts';
import { friends } from './friends/friends.ts';
import { wordFilter } from './sensitive-words/word-filter.ts';
import { system } from './system/system.ts';
import { admin } from './admin/admin.ts';
import { checkKeys, sealWith } from './at-rest/open-vault.ts';
import { away } from './away/away.ts';
import { archives } from './archiving/archives.ts';
import { Admins } from './admins/admins.ts';
import { server } from './server/server.ts';
import { webhooks } from './webhooks/webhooks.ts';
import { signIn } from './sign-in/sign-in.ts';
import { ServerKeys } from './server-keys/server-keys.ts';
import { presence } from './presence/presence.ts';
import { retention } from './retention/retention.ts';
import { reports } from './reports/reports.ts';
import { privacy } from './privacy/privacy.ts';
import { profiles } from './users/profiles.ts';
import { redPackets } from './red-packets/red-packets.ts';
import { scheduledMessages } from './scheduled/scheduled.ts';
import { search } from './search/search.ts';
import { linkPreviews } from './link-previews/link-previews.ts';
import { forwarding } from './forwarding/forwarding.ts';
import { drive } from './drive/drive.ts';
import { campaigns } from './campaigns/campaigns.ts';
import { endToEnd } from './end-to-end/end-to-end.ts';

/** How long requests that are under way may hold up the end. */
const longestEndMs = 10_000;

/** All that the platform can do. */
const features: readonly Feature<Core>[] = [
  accounts,
  signIn,
  privateMessages,
  groupMessages,
  inbox,
  messageChanges,
  forwarding,
  scheduledMessages,
  search,
  linkPreviews,
  redPackets,
  groups,
  wordFilter,
  profiles,
  friends,
  privacy,
  presence,
  reports,
  retention,
  deletion,
  bans,
  system,
  files,
  drive,
  calls,
  server,
  webhooks,
  admin,
  away,
  dataExport,
  campaigns,
  endToEnd,
  erasePeople,
  archives,
];

/** What {@link createPlatform} returns. A class, so that dependency injection can name it. */
export abstract class Platform implements AsyncDisposable {
  /** Where it listens, once it is started. */
  abstract readonly url: string;
  /** Where /metrics, /readyz and /docs are. */
  abstract readonly operationsUrl: string;
  abstract readonly im: PlatformIm;
  abstract readonly database: Database;
  abstract start(): Promise<void>;
  /** Ends politely: answers what is under way, pushes what is stored, and lets go of everything. May be called twice. */
  abstract close(): Promise<void>;
  abstract [Symbol.asyncDispose](): Promise<void>;
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
  const database = openDatabase(
    {
      url: options.database,
      replicaUrl: options.databaseReplica,
      replicaWaitMs: options.databaseReplicaWaitMs,
      poolSize: options.databasePoolSize,
      laneDatabases: toNamedDatabases(options.laneDatabases),
      // Longer than any statement takes, and than a row is waited for by whoever is still waited for.
      longestSilenceMs: 20_000,
    },
    sealWith(options),
  );
  const { service, logger } = options;
  const bus = options.bus ?? createRedisBus(toBusOptions(options.redis));
  // Nobody logs in on any other terminal, and each costs a lookup per receiver.
  const terminals = loginTerminals;
  const metrics = new Registry();
  addReplicaMetrics(metrics, database);
  const im = createImClient<PlatformMessages>({ service, bus, logger, metrics, terminals });
  const core = createCore(options, database, { bus, im, metrics });
  const endings: (() => Promise<void>)[] = [];
  let app: FastifyInstance | undefined;
  let endHttp: ReturnType<typeof endingOf> | undefined;
  let operations: FastifyInstance | undefined;
  let closing: Promise<void> | undefined;
  let endFollowing: Ending | undefined;
  const isDraining = (): boolean => closing !== undefined;

  const close = async (): Promise<void> => {
    database.hurry();
    await endHttp?.({ drainMs: options.drainMs, longestMs: longestEndMs });
    await operations?.close();
    for (const end of endings) await end();
    await core.close();
    await endFollowing?.();
    if (bus !== options.bus) await bus.close();
    await database.close();
  };

  return new (class extends Platform {
    readonly im = im;
    readonly database = database;

    get url(): string {
      return publicUrlOf(app?.server, options);
    }

    get operationsUrl(): string {
      return operations ? publicUrlOf(operations.server, { port: 0 }) : this.url;
    }

    async start(): Promise<void> {
      for (const warning of warningsOf(options)) logger.warn({}, warning);
      await requireMigrations(database);
      await checkKeys(database, options);
      await meetLaneDatabases(database, logger);
      endFollowing = followLanes(database, logger);
      if (bus !== options.bus) await bus.start();
      await im.start();
      const { sessions } = core;
      const health = createHealthCheck({ database, bus, isDraining });
      const [keys, admins] = [new ServerKeys(database), new Admins(database)];
      app = await createApp(options, { sessions, keys, admins, metrics, health, isDraining });
      endHttp = endingOf(app);
      for (const open of features) {
        const end = await open(app, core);
        if (end) endings.push(end);
      }
      core.start();
      const { operationsPort, operationsHost } = options;
      if (operationsPort !== undefined) {
        await app.ready();
        const { apiDocument } = app;
        operations = await createOperationsApp({
          ...{ health, metrics, logger, apiDocument },
          document: app.swagger(),
        });
        await listen(operations, { host: operationsHost, port: operationsPort }, 'operationsPort');
      }
      await listen(app, options);
    }

    close(): Promise<void> {
      closing ??= close();
      return closing;
    }

    [Symbol.asyncDispose](): Promise<void> {
      return this.close();
    }
  })();
}

async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
  option = 'port',
): Promise<void> {
  try {
    // As many as come back at once after a restart.
    await app.listen({ host, port, backlog: 4_096 });
  } catch (cause) {
    const { code, message } = listenError(cause, option, host, port);
    throw new PlatformError(code === 'PORT_IN_USE' ? code : 'INVALID_OPTION', message, { cause });
  }
}

/** One of `redis` and `bus` is given: the options were checked. */
function toBusOptions(redis: string | RedisBusOptions = ''): RedisBusOptions {
  return typeof redis === 'string' ? { url: redis } : redis;
}

async function requireMigrations({ sql }: Database): Promise<void> {
  const pending = await pendingMigrations(sql);
  if (pending.length === 0) return;
  throw new PlatformError(
    'MIGRATION_NEEDED',
    `The database lacks ${pending.join(', ')}. Run: im-platform migrate (npm run db:migrate).`,
  );
}
