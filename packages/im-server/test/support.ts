import { createImServer, type ImServer, type ImServerOptions } from 'im-server';
import { connectDevice, makeToken, onCleanup, testRedis, type Closed, type RawDevice } from 'im-test/support';
import type { RawDeviceOptions, TestRedis, TokenOptions } from 'im-test/support';
import { Redis } from 'ioredis';

export const secret = 'MIIBIjANBgkq-test';

/** A server's corner of Redis, seen with a plain client: what a Java backend would write and read. */
export interface Corner extends TestRedis {
  readonly redis: Redis;
  /** The key with the prefix before it. */
  key(name: string): string;
  /** All keys in the corner, without the prefix, in order. */
  keys(): Promise<string[]>;
  /** The next result of this kind for the service `app`, parsed; its bytes are in `nextResultText`. */
  nextResult(kind?: string, service?: string): Promise<Record<string, unknown>>;
  nextResultText(kind?: string, service?: string): Promise<string>;
}

export function corner(given: TestRedis = testRedis()): Corner {
  const redis = new Redis(given.url);
  redis.on('error', () => undefined); // commands report their own failure
  onCleanup(() => redis.disconnect());
  // A blocked connection can do nothing else.
  const waiting = new Redis(given.url);
  waiting.on('error', () => undefined);
  onCleanup(() => waiting.disconnect());
  const { prefix } = given;
  const nextResultText = async (kind = 'private', service = 'app'): Promise<string> => {
    const list = `${prefix}im:result:${kind}:${service}`;
    const [, text] = (await waiting.blpop(list, 8)) ?? [];
    if (text === undefined) throw new Error(`No result came on ${list} within 8 s`);
    return text;
  };
  return {
    ...given,
    redis,
    key: (name) => prefix + name,
    keys: async () => {
      const keys = await redis.keys(`*${prefix}*`);
      return keys.map((key) => key.replace(prefix, '')).sort();
    },
    nextResultText,
    nextResult: async (kind, service) =>
      JSON.parse(await nextResultText(kind, service)) as Record<string, unknown>,
  };
}

/** A running server on port 0; it closes when the test ends. Two servers on one corner are a cluster. */
export async function startServer(at: TestRedis, options: Partial<ImServerOptions> = {}): Promise<ImServer> {
  const ownAuthentication =
    options.authenticate !== undefined ||
    options.jwtSecret !== undefined ||
    options.jwtPublicKey !== undefined ||
    options.jwksUrl !== undefined;
  const server = createImServer({
    ...(options.bus === undefined && { redis: { url: at.url, keyPrefix: at.prefix } }),
    ...(!ownAuthentication && { jwtSecret: secret }),
    host: '127.0.0.1',
    port: 0,
    drainMs: 0,
    ...options,
  });
  onCleanup(() => server.close());
  await server.start();
  return server;
}

export function tokenOf(
  userId: TokenOptions['userId'],
  terminal = 0,
  options: Partial<TokenOptions> = {},
): Promise<string> {
  return makeToken({ userId, terminal, secret, ...options });
}

export interface LoginOptions extends RawDeviceOptions {
  readonly terminal?: number;
  readonly devId?: string;
}

/** A device that is logged in. */
export async function logIn(
  server: Pick<ImServer, 'url'>,
  userId: TokenOptions['userId'],
  { terminal = 0, devId = `dev-${userId}-${terminal}`, ...options }: LoginOptions = {},
): Promise<RawDevice> {
  const device = await connectDevice(server.url, options);
  await device.login({ token: await tokenOf(userId, terminal), devId });
  return device;
}

export interface EntryParts {
  readonly data?: string;
  readonly receivers?: string;
  readonly sender?: string | null | undefined;
  readonly sendResult?: boolean;
  readonly service?: string | null;
  readonly more?: string;
}

/** An entry as Java writes it: keys sorted; `data`, `receivers` and `sender` are JSON text. */
export function entry(userId: TokenOptions['userId'], parts: EntryParts = {}): string {
  const {
    data = '{"content":"hi","id":101}',
    receivers = `[{"id":${userId},"terminal":0}]`,
    sender = '{"id":1,"terminal":0}',
    sendResult = true,
    service = 'app',
    more = '',
  } = parts;
  return (
    `{"cmd":3,"data":${data}${more},"receivers":${receivers},"sendResult":${sendResult}` +
    (sender === null ? '' : `,"sender":${sender}`) +
    (service === null ? '' : `,"serviceName":"${service}"`) +
    '}'
  );
}

/** Puts entries on a server's list, as a Java backend does. */
export async function push(
  at: Corner,
  server: Pick<ImServer, 'id'>,
  kind: string,
  ...entries: readonly (string | Buffer)[]
): Promise<void> {
  await at.redis.rpush(at.key(`im:message:${kind}:${server.id}`), ...entries);
}

/** Resolves when `check` gives true; for state that nothing announces. */
export async function until(
  what: string,
  check: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What the server answers first: a frame as text, or how it closed. */
export function firstWord(device: RawDevice): Promise<string | Closed> {
  return device.nextText().catch(() => device.closed);
}
