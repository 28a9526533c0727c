import { Cluster } from 'ioredis';
import { ImError } from '../../errors.ts';
import type { Bus } from '../bus.ts';
import { call } from './call.ts';
import {
  createCommandClient,
  createWaitingClient,
  hidePassword,
  type RedisBusOptions,
  type RedisClient,
} from './connect.ts';
import { Keys } from './keys.ts';
import { RedisLists } from './redis-lists.ts';
import { RedisPresence } from './redis-presence.ts';
import { RedisRegistry } from './redis-registry.ts';

export type { RedisBusOptions } from './connect.ts';

const oldestVersion = [6, 2] as const;

/** A bus on Redis 6.2 or newer: one server, one behind Sentinel, or a Cluster, as the address says. */
export function createRedisBus(options: RedisBusOptions): Bus {
  return new RedisBus(options);
}

class RedisBus implements Bus {
  readonly lists: RedisLists;
  readonly presence: RedisPresence;
  readonly registry: RedisRegistry;
  readonly #client: RedisClient;
  readonly #address: string;

  constructor(options: RedisBusOptions) {
    const keys = new Keys(options.keyPrefix ?? '');
    this.#address = hidePassword(options.url);
    this.#client = createCommandClient(options);
    this.lists = new RedisLists(this.#client, keys, () => createWaitingClient(options));
    this.presence = new RedisPresence(this.#client, keys);
    this.registry = new RedisRegistry(this.#client, keys);
  }

  async start(): Promise<void> {
    if (this.#client.status === 'ready') return;
    try {
      await this.#client.connect();
    } catch (cause) {
      this.#client.disconnect();
      throw new ImError(
        'BUS_UNAVAILABLE',
        `Cannot reach Redis at ${this.#address} (${reasonOf(cause)}). Is it running, and is the address right?`,
        { cause },
      );
    }
    await this.#checkVersion();
  }

  close(): Promise<void> {
    this.lists.close();
    this.#client.disconnect();
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

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // A refused "localhost" is an AggregateError without a message.
  const code = (cause as NodeJS.ErrnoException).code;
  return cause.message || code || cause.name;
}
