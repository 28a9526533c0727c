import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { hidePassword } from '../../checks/hide-password.ts';
import { ImError } from '../../errors.ts';

/** The shape of replies is ours to know. */
type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

/** A connection to whatever kind of Redis the address names. */
export type RedisClient = Redis | Cluster;

export interface RedisBusOptions {
  /**
   * Where Redis is:
   * `redis://user:password@host:6379/0` (or `rediss://` for TLS) for one server,
   * `redis+sentinel://host:26379,host:26379/mymaster` for one behind Sentinel,
   * `redis+cluster://host:7000,host:7001` for a Cluster.
   *
   * Undefined, as an environment variable that is not set, is refused.
   */
  readonly url: string | undefined;
  /** Put before every key, to share a Redis with strangers. Box-im's Java parts know no prefix. @default '' */
  readonly keyPrefix?: string | undefined;
  /** How long a command may take before the bus counts as away. Lower fails faster and mistakes a busy Redis for a dead one. @default 2_000 */
  readonly commandTimeoutMs?: number | undefined;
  /** Further ioredis options, e.g. `tls` with an own CA. Those that delivery depends on cannot be changed. */
  readonly redis?: Omit<RedisOptions, 'replyMapping'> | undefined;
}

/** What was checked: it has an address. */
export type CheckedRedisOptions = RedisBusOptions & { readonly url: string };

const defaultCommandTimeoutMs = 2_000;

interface Target {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly options: ClientOptions;
}

const schemes: Readonly<Record<string, Target['kind']>> = {
  'redis:': 'single',
  'rediss:': 'single',
  'redis+sentinel:': 'sentinel',
  'rediss+sentinel:': 'sentinel',
  'redis+cluster:': 'cluster',
  'rediss+cluster:': 'cluster',
};

const addressForm =
  /^(?<scheme>rediss?(?:\+sentinel|\+cluster)?:)\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^/?]+)(?<path>\/[^?]*)?$/;
const nodeForm = /^(?<host>\[[\da-fA-F:.]+\]|[^:@[\]]+)(?::(?<port>\d{1,5}))?$/;
/** Redis has 16 databases unless told otherwise; a Cluster has one. */
const databaseForm = { single: /^\d{1,4}$/, sentinel: /^\d{1,4}$/, cluster: /^0$/ };

/** Takes an address apart, or throws an INVALID_OPTION that shows the forms allowed. */
export function parseRedisUrl(url: string): Target {
  const match = addressForm.exec(url)?.groups;
  const kind = schemes[match?.['scheme'] ?? ''];
  if (!match || !kind) throw notAnAddress(url);
  const path = (match['path'] ?? '').split('/').filter(Boolean);
  const name = kind === 'sentinel' ? path.shift() : undefined;
  const [database, ...rest] = path;
  const nodes = (match['hosts'] ?? '').split(',').map((node) => parseNode(node, kind));
  const [user, password] = [decodeText(match['user']), decodeText(match['password'])];
  const wrong =
    rest.length > 0 ||
    (kind === 'sentinel' && name === undefined) ||
    (kind === 'single' && nodes.length > 1) ||
    (database !== undefined && !databaseForm[kind].test(database));
  if (wrong || !nodes.every((node) => node !== undefined) || user === undefined || password === undefined) {
    throw notAnAddress(url);
  }
  const options: ClientOptions = {
    ...(user !== '' && { username: user }),
    ...(password !== '' && { password }),
    ...(database !== undefined && { db: Number(database) }),
    ...(name !== undefined && { name }),
    ...(match['scheme']?.startsWith('rediss') && { tls: {} }),
  };
  return { kind, nodes, options };
}

function parseNode(text: string, kind: Target['kind']): Target['nodes'][number] | undefined {
  const match = nodeForm.exec(text)?.groups;
  const port = Number(match?.['port'] ?? (kind === 'sentinel' ? 26379 : 6379));
  if (!match?.['host'] || port < 1 || port > 65_535) return undefined;
  return { host: match['host'].replace(/^\[|\]$/g, ''), port };
}

function decodeText(text = ''): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function notAnAddress(url: string): ImError {
  return new ImError(
    'INVALID_OPTION',
    `${JSON.stringify(hidePassword(url))} is not an address of Redis. Expected redis://host:port/db, ` +
      'redis+sentinel://host:port,host:port/master or redis+cluster://host:port,host:port, with user:password@ before ' +
      'the host. In a password write / as %2F, @ as %40 and % as %25.',
  );
}

function reconnectDelayMs(attempt: number): number {
  return Math.min(500, 25 * 2 ** Math.min(attempt, 6)) + Math.random() * 25;
}

/**
 * Options that delivery depends on. With its defaults ioredis re-sends what was under way when a connection broke, and
 * so doubles what was pushed and loses what was popped; it queues for ever while Redis is away. Here a command fails at
 * once or after `commandTimeoutMs`, and its sender repeats it under the same sequence or batch number.
 */
function deliveryOptions(timeoutMs: number): ClientOptions {
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 5_000,
    commandTimeout: timeoutMs,
    // A connection that died without a word must go, or every command on it times out until the kernel gives up.
    socketTimeout: timeoutMs + 500,
    retryStrategy: reconnectDelayMs,
    // By itself ioredis rests for a second when it finds a Redis that is still loading, which often takes a few milliseconds.
    maxLoadingRetryTime: 50,
    // The old master of a fail-over still answers, but only reads.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  };
}

/** For commands that answer at once. */
export function createCommandClient(options: CheckedRedisOptions): RedisClient {
  return createClient(options, deliveryOptions(options.commandTimeoutMs ?? defaultCommandTimeoutMs));
}

/** For one blocking wait at a time: commands sent beside it would wait with it. Who waits also gives up in time. */
export function createWaitingClient(options: CheckedRedisOptions): RedisClient {
  const timeoutMs = options.commandTimeoutMs ?? defaultCommandTimeoutMs;
  const { commandTimeout: _, socketTimeout: __, ...delivery } = deliveryOptions(timeoutMs);
  return createClient(options, delivery);
}

/** To listen on. Who lost the connection listens on other channels afterwards. */
export function createSubscriber(options: CheckedRedisOptions): RedisClient {
  const timeoutMs = options.commandTimeoutMs ?? defaultCommandTimeoutMs;
  return createClient(options, { ...deliveryOptions(timeoutMs), autoResubscribe: false });
}

function createClient(options: CheckedRedisOptions, delivery: ClientOptions): RedisClient {
  const { kind, nodes, options: target } = parseRedisUrl(options.url);
  const redisOptions: ClientOptions = { ...options.redis, ...target, ...delivery };
  const client = createOfKind(kind, nodes, redisOptions);
  // Every command reports its own failure; without a listener ioredis would print each lost connection.
  client.on('error', () => undefined);
  return client;
}

function createOfKind(
  kind: Target['kind'],
  nodes: Target['nodes'],
  redisOptions: ClientOptions,
): RedisClient {
  switch (kind) {
    case 'single':
      return new Redis({ ...redisOptions, ...nodes[0] });
    case 'sentinel':
      return new Redis({
        ...redisOptions,
        sentinels: [...nodes],
        sentinelRetryStrategy: reconnectDelayMs,
        sentinelCommandTimeout: 1_000,
        failoverDetector: true,
      });
    case 'cluster':
      return new Cluster([...nodes], {
        redisOptions,
        lazyConnect: true,
        enableOfflineQueue: false,
        clusterRetryStrategy: reconnectDelayMs,
        slotsRefreshTimeout: 2_000,
        retryDelayOnFailover: 100,
        retryDelayOnClusterDown: 100,
        retryDelayOnTryAgain: 50,
      });
  }
}
