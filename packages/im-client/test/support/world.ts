import { createMemoryBus, createRedisBus, type Bus } from 'im-common/bus';
import { onCleanup, testRedis } from 'im-test/support';
import { describe } from 'vitest';
import { createImClient, type ImClient, type ImClientOptions, type MessageTypes } from '../../src/index.ts';
import { ScriptedServer } from './scripted-server.ts';

export type ClientOptions = Partial<Omit<ImClientOptions, 'redis' | 'bus'>>;

/** One bus that nobody else uses, with what a test needs around it. All of it ends with the test. */
export class World {
  /** The test's own view of the bus. */
  readonly bus: Bus;
  /** How a client gets onto the same bus. */
  readonly door: Pick<ImClientOptions, 'redis'> | Pick<ImClientOptions, 'bus'>;

  constructor(bus: Bus, door: World['door']) {
    this.bus = bus;
    this.door = door;
  }

  client<Types extends MessageTypes = MessageTypes>(options: ClientOptions = {}): ImClient<Types> {
    const client = createImClient<Types>({ service: 'shop', ...this.door, ...options });
    onCleanup(() => client.close());
    return client;
  }

  async server(options: { leaseMs?: number } = {}): Promise<ScriptedServer> {
    return ScriptedServer.start(this.bus, options.leaseMs ?? 60_000);
  }
}

export type NewWorld = () => Promise<World>;

export const newMemoryWorld: NewWorld = async () => {
  const bus = createMemoryBus();
  await bus.start();
  onCleanup(() => bus.close());
  return new World(bus, { bus });
};

const newRedisWorld: NewWorld = async () => {
  const { url, prefix: keyPrefix } = testRedis();
  return redisWorld(url, keyPrefix);
};

export async function redisWorld(url: string, keyPrefix = ''): Promise<World> {
  const bus = createRedisBus({ url, keyPrefix });
  await bus.start();
  onCleanup(() => bus.close());
  return new World(bus, { redis: { url, keyPrefix } });
}

/** The same tests on both kinds of bus. */
export function overBothBuses(what: string, tests: (newWorld: NewWorld) => void): void {
  describe(`${what}, in memory`, () => tests(newMemoryWorld));
  describe(`${what}, on Redis`, () => tests(newRedisWorld));
}
