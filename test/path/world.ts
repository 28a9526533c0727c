import { createMemoryBus, createRedisBus, type Bus, type RedisBusOptions } from 'im-common/bus';
import { createImClient, type ImClient, type ImClientOptions } from 'im-client';
import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import { onCleanup, testRedis } from 'im-test/support';

export const secret = 'for-tests';

type ServerOptions = Partial<ImServerOptions>;

/** One Redis, to which everybody makes connections of their own, or one bus in memory. */
type Door = { readonly redis: RedisBusOptions } | { readonly bus: Bus };

/** One system of servers and services; what it starts ends with the test. */
export class World {
  readonly #door: Door;
  readonly #usual: ServerOptions;

  /** With what its servers have in common. */
  constructor(door: Door, usual: ServerOptions = {}) {
    this.#door = door;
    this.#usual = usual;
  }

  async server(options: ServerOptions = {}): Promise<ImServer> {
    const place = { host: '127.0.0.1', port: 0, jwtSecret: secret, drainMs: 0 };
    const server = createImServer({ ...this.#door, ...place, ...this.#usual, ...options });
    onCleanup(() => server.close());
    await server.start();
    return server;
  }

  async client(options: Partial<ImClientOptions> = {}): Promise<ImClient> {
    const client = createImClient({ service: 'shop', ...this.#door, ...options });
    onCleanup(() => client.close());
    await client.start();
    return client;
  }

  /** To see and to do what neither servers nor services would. */
  async bus(): Promise<Bus> {
    if ('bus' in this.#door) return this.#door.bus;
    const bus = createRedisBus(this.#door.redis);
    onCleanup(() => bus.close());
    await bus.start();
    return bus;
  }
}

async function inMemory(usual?: ServerOptions): Promise<World> {
  const bus = createMemoryBus();
  onCleanup(() => bus.close());
  await bus.start();
  return new World({ bus }, usual);
}

export async function onRedis(usual?: ServerOptions): Promise<World> {
  const { url, prefix } = testRedis();
  return new World({ redis: { url, keyPrefix: prefix } }, usual);
}

/** A name, and what makes a world of that kind. */
export const worlds = [
  ['in memory', inMemory],
  ['on Redis', onRedis],
] as const;
