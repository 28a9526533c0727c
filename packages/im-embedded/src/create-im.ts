import { createImClient, type ImClient, type ImClientOptions, type MessageTypes } from 'im-client';
import { createMemoryBus, createRedisBus, type Bus } from 'im-common/bus';
import { toRedisBusOptions } from 'im-common/internal/bus';
import { Fields, invalidOption, objectWith, wrongOption } from 'im-common/internal/checks';
import { createImServer, imServerOptionNames, type ImServer, type ImServerOptions } from 'im-server';

/**
 * Options of the server and of the client, in one object. `terminals` and `logger` go to both. Where the two have an
 * option of the same name with another meaning, the server's counts here.
 */
export interface CreateImOptions extends Omit<ImServerOptions, 'bus'> {
  /** Names the application that sends. @default 'im' */
  readonly service?: string;
  /** Further options of the client. */
  readonly client?: Omit<ImClientOptions, 'service' | 'redis' | 'bus' | 'terminals' | 'logger'>;
}

/** What {@link createIm} returns. A class, so that dependency injection can name it; it is not for `new`. */
export class Im<M extends MessageTypes = MessageTypes> implements AsyncDisposable {
  readonly client: ImClient<M>;
  readonly server: ImServer;
  readonly #bus: Bus;
  #closing: Promise<void> | undefined;

  private constructor(bus: Bus, server: ImServer, client: ImClient<M>) {
    this.#bus = bus;
    this.server = server;
    this.client = client;
  }

  /** @internal */
  static create<M extends MessageTypes>(bus: Bus, server: ImServer, client: ImClient<M>): Im<M> {
    return new Im(bus, server, client);
  }

  async start(): Promise<void> {
    await this.#bus.start();
    await this.server.start();
    await this.client.start();
  }

  /** Ends politely: devices are sent elsewhere, results in flight are handled. May be called twice. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    // The server first: what it reports while it ends still finds its listeners.
    await this.server.close();
    await this.client.close();
    await this.#bus.close();
  }
}

/**
 * Server and client in your own process, joined by a bus in memory; on Redis, with any number of such processes, when
 * `redis` is given. Nothing else changes.
 *
 * @example
 * const im = createIm({ port: 8878, jwtSecret });
 * await im.start();
 * await im.client.sendSystemMessage({ recvIds: [42], data: { text: 'hello' } });
 */
export function createIm<M extends MessageTypes = MessageTypes>(options: CreateImOptions): Im<M> {
  const { service = 'im', client: clientOptions, redis, ...serverOptions } = readOptions(options);
  const bus = createBus(redis);
  const server = createImServer({ ...serverOptions, bus });
  const client = createImClient<M>({
    ...clientOptions,
    service,
    bus,
    terminals: serverOptions.terminals,
    logger: serverOptions.logger,
  });
  return Im.create(bus, server, client);
}

// Server and client check what goes to them. Here is only refused what would be overwritten without a word.
const fields = new Fields<keyof CreateImOptions>(
  'the options of createIm',
  [
    ...(imServerOptionNames as (keyof ImServerOptions)[]).filter((name) => name !== 'bus'),
    'service',
    'client',
  ],
  invalidOption,
);
const anObject = objectWith('an object with further options of the client', {});
const ofBoth = ['service', 'redis', 'bus', 'terminals', 'logger'] as const;

function readOptions(options: unknown): CreateImOptions {
  const given = fields.read(options) as CreateImOptions;
  const { client = {} } = given;
  if (anObject.read(client) === undefined) throw invalidOption(wrongOption('client', client, anObject));
  const twice = ofBoth.find((name) => name in client);
  if (twice === undefined) return given;
  throw invalidOption(`The option client.${twice} is given; expected it beside client, for both.`);
}

function createBus(redis: CreateImOptions['redis']): Bus {
  if (redis === undefined) return createMemoryBus();
  return createRedisBus(toRedisBusOptions(redis));
}
