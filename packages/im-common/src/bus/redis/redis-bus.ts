import { Cluster, type RedisOptions } from 'ioredis';
import {
  hidePassword,
  invalidOption,
  milliseconds,
  objectWith,
  readOptions,
  text,
  wrongOption,
  type Kinds,
} from '../../checks/index.ts';
import { ImError } from '../../errors.ts';
import type { Bus } from '../bus.ts';
import { keyPrefix } from './options.ts';
import { call, closeClient, isRefusal, keepConnected, requireOpen } from './call.ts';
import {
  createCommandClient,
  createSubscriber,
  createWaitingClient,
  type CheckedRedisOptions,
  type RedisBusOptions,
  type RedisClient,
} from './connect.ts';
import { Keys } from './keys.ts';
import { RedisClaims } from './redis-claims.ts';
import { RedisKept } from './redis-kept.ts';
import { RedisLists } from './redis-lists.ts';
import { RedisPosts } from './redis-posts.ts';
import { RedisPresence } from './redis-presence.ts';
import { RedisRegistry } from './redis-registry.ts';
import { RedisTopics } from './redis-topics.ts';
import { RedisSessions } from './redis-sessions.ts';
import { RedisUplinks } from './redis-uplinks.ts';

export type { RedisBusOptions } from './connect.ts';

const startTimeoutMs = 10_000;
const oldestVersion = [6, 2] as const;

/** A bus on Redis 6.2 or newer: one server, one behind Sentinel, or a Cluster, as the address says. */
export function createRedisBus(options: RedisBusOptions): Bus {
  return new RedisBus(checkOptions(options));
}

const kinds: Kinds<RedisBusOptions> = {
  url: text('url', 'an address such as redis://127.0.0.1:6379'),
  keyPrefix,
  commandTimeoutMs: milliseconds(1),
  redis: objectWith<RedisOptions>('an object with options of ioredis', {}),
};

function checkOptions(options: unknown): CheckedRedisOptions {
  const { url, ...rest } = readOptions('the options of a Redis bus', options, kinds, invalidOption);
  if (url === undefined) throw invalidOption(wrongOption('url', url, kinds.url));
  return { url, ...rest };
}

/** The connection of a bus, for what counts or keeps something beside it. Its keys must begin with the prefix. */
export interface RedisAccess {
  readonly client: RedisClient;
  readonly keyPrefix: string;
}

/** Undefined when the bus is not on Redis. */
export function redisOf(bus: Bus): RedisAccess | undefined {
  return bus instanceof RedisBus ? bus.access : undefined;
}

class RedisBus implements Bus {
  readonly lists: RedisLists;
  readonly presence: RedisPresence;
  readonly registry: RedisRegistry;
  readonly claims: RedisClaims;
  readonly topics: RedisTopics;
  readonly sessions: RedisSessions;
  readonly kept: RedisKept;
  readonly uplinks: RedisUplinks;
  readonly posts: RedisPosts | undefined;
  readonly access: RedisAccess;
  readonly #client: RedisClient;
  readonly #address: string;
  #starting: Promise<void> | undefined;

  constructor(options: CheckedRedisOptions) {
    const keys = new Keys(options.keyPrefix ?? '');
    this.#address = hidePassword(options.url);
    this.#client = createCommandClient(options);
    this.access = { client: this.#client, keyPrefix: options.keyPrefix ?? '' };
    this.lists = new RedisLists(this.#client, keys, {
      createWaitingClient: () => createWaitingClient(options),
      createSubscriber: () => createSubscriber(options),
    });
    this.presence = new RedisPresence(this.#client, keys);
    this.registry = new RedisRegistry(this.#client, keys);
    this.claims = new RedisClaims(this.#client, keys);
    this.topics = new RedisTopics(this.#client, keys);
    this.sessions = new RedisSessions(this.#client, keys);
    this.kept = new RedisKept(this.#client, keys);
    this.uplinks = new RedisUplinks(this.#client, keys);
    this.posts = this.#client instanceof Cluster ? undefined : new RedisPosts(this.#client, keys);
  }

  async start(): Promise<void> {
    requireOpen(this.#client, 'a start');
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = undefined;
      throw error;
    });
    await this.#starting;
  }

  async #start(): Promise<void> {
    // What connect() rejects with is only that the connection is closed; why comes as an event before.
    let reason: Error | undefined;
    const onError = (error: Error): void => void (reason = error);
    this.#client.on('error', onError);
    // Sentinels that cannot be reached are asked for ever.
    const limit = setTimeout(() => this.#client.disconnect(), startTimeoutMs);
    try {
      await this.#client.connect();
      // ioredis would go on with database 0.
      if (reason !== undefined && /DB index/.test(reasonOf(reason))) throw reason;
    } catch (cause) {
      this.#client.disconnect();
      throw startFailure(this.#address, reason ?? cause);
    } finally {
      clearTimeout(limit);
      this.#client.off('error', onError);
    }
    await this.#checkVersion();
    keepConnected(this.#client);
  }

  close(): Promise<void> {
    this.lists.close();
    closeClient(this.#client);
    return Promise.resolve();
  }

  async ping(): Promise<number> {
    const before = performance.now();
    // A Cluster routes by key, and PING has none.
    if (this.#client instanceof Cluster) await call(this.#client, 'exists', ['im:max_server_id']);
    else await call(this.#client, 'ping', []);
    return performance.now() - before;
  }

  async #checkVersion(): Promise<void> {
    const node = this.#client instanceof Cluster ? this.#client.nodes('master')[0] : this.#client;
    if (!node) return;
    // An account may be forbidden to ask; then the first command that is too new will say so.
    const info = await node.info('server').catch(() => '');
    const [, version, major, minor] = /redis_version:((\d+)\.(\d+)\S*)/.exec(info) ?? [];
    if (version === undefined) return;
    const [oldestMajor, oldestMinor] = oldestVersion;
    const newEnough =
      Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
    if (newEnough) return;
    await this.close();
    throw new ImError(
      'BUS_TOO_OLD',
      `Redis at ${this.#address} is version ${version}; ${oldestVersion.join('.')} or newer is needed.`,
    );
  }
}

function startFailure(address: string, cause: unknown): ImError {
  const reason = reasonOf(cause);
  if (isRefusal(reason)) {
    return new ImError(
      'BUS_REFUSED',
      `Redis at ${address} refused us (${reason}). Are user, password and database right?`,
      { cause },
    );
  }
  return new ImError(
    'BUS_UNAVAILABLE',
    `Cannot reach Redis at ${address} (${reason}). Is it running, and is the address right?`,
    { cause },
  );
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // A Cluster says no more than that no node answered; the last one's answer hangs on it.
  if ('lastNodeError' in cause && cause.lastNodeError) return reasonOf(cause.lastNodeError);
  // A refused "localhost" is an AggregateError without a message.
  const code = (cause as NodeJS.ErrnoException).code;
  return cause.message || code || cause.name;
}
