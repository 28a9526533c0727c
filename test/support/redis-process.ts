import { Redis, type RedisOptions } from 'ioredis';
import { findRedis } from './find-redis.ts';
import { ServerProcess, startServerProcess, type ServerPlaceOptions } from './server-process.ts';

export interface RedisProcessOptions extends ServerPlaceOptions {
  /** The command line of a server on this port in this folder. */
  readonly commandLine: (port: number, dir: string) => Promise<readonly string[]> | readonly string[];
}

/** One `redis-server` process, as data server, cluster node or sentinel; stopped at the end of the test. */
export async function startRedisProcess({
  port,
  dir,
  commandLine,
}: RedisProcessOptions): Promise<RedisServer> {
  const program = await findRedis();
  return startServerProcess({
    label: 'redis',
    port,
    dir,
    create: async (place) => {
      const args = await commandLine(place.port, place.dir);
      return new RedisServer({ ...place, name: 'Redis', program, args, ready });
    },
  });
}

const ready = /Ready to accept connections|Sentinel ID is/;

/** Data survives a restart and a crash with `appendonly`. */
export class RedisServer extends ServerProcess {
  readonly #clients: Redis[] = [];

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** A new client of this server; `stop` disconnects it. Commands that fail reject, connection errors are not printed. */
  client(options: Omit<RedisOptions, 'replyMapping'> = {}): Redis {
    const client = new Redis({ ...options, host: '127.0.0.1', port: this.port });
    client.on('error', () => undefined);
    this.#clients.push(client);
    return client;
  }

  override async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.disconnect();
    await super.stop();
  }
}
