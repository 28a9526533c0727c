import { createImServer } from 'im-server';
import { makeToken, onCleanup, testRedis, type TokenOptions } from 'im-test/support';
import { Redis } from 'ioredis';
import { RawWebSocket } from '../../support/raw-websocket.ts';

// Any server can be tested whose address, Redis and secret are known:
// IM_TEST_URL=ws://host:8878/im IM_TEST_REDIS_URL=redis://host:6379 IM_TEST_SECRET=… [IM_TEST_KEY_PREFIX=…]
// npx vitest run test/conformance. Its limits must be the defaults. Without IM_TEST_URL one of ours is started.

const env = (name: string): string => process.env[name] ?? '';

/** A server, seen from both of its sides and with nothing of ours in between. */
export class ServerUnderTest {
  readonly url: string;
  readonly redis: Redis;
  readonly #prefix: string;
  readonly #secret: string;
  #users = Math.floor(Math.random() * 1_000_000_000);

  private constructor(url: string, redis: Redis, prefix: string, secret: string) {
    this.url = url;
    this.redis = redis;
    this.#prefix = prefix;
    this.#secret = secret;
  }

  static async start(): Promise<ServerUnderTest> {
    const url = env('IM_TEST_URL');
    if (url !== '') {
      const redis = connect(env('IM_TEST_REDIS_URL'));
      return new ServerUnderTest(url, redis, env('IM_TEST_KEY_PREFIX'), env('IM_TEST_SECRET'));
    }
    const at = testRedis();
    const secret = 'only-for-the-conformance-tests';
    const server = createImServer({
      redis: { url: at.url, keyPrefix: at.prefix },
      jwtSecret: secret,
      host: '127.0.0.1',
      port: 0,
      drainMs: 0,
    });
    onCleanup(() => server.close());
    await server.start();
    return new ServerUnderTest(server.url, connect(at.url), at.prefix, secret);
  }

  key(name: string): string {
    return this.#prefix + name;
  }

  /** A key of ours beside a key of box-im's (P-5.2). */
  keyBeside(name: string, what: string): string {
    return `{${this.#prefix}${name}}:${what}`;
  }

  newUser(): number {
    this.#users += 1;
    return this.#users;
  }

  token(userId: TokenOptions['userId'], terminal = 0, options: Partial<TokenOptions> = {}): Promise<string> {
    return makeToken({ userId, terminal, secret: this.#secret, ...options });
  }

  open(): Promise<RawWebSocket> {
    return RawWebSocket.open(this.url);
  }

  /** A connection that has logged in; `data` is what goes beside the token in the login. */
  async enter(userId: number, data = '"devId":1', terminal = 0): Promise<RawWebSocket> {
    const wire = await this.open();
    wire.text(`{"cmd":0,"data":{"accessToken":"${await this.token(userId, terminal)}",${data}}}`);
    await wire.until('the answer to the login', () => wire.frames[0]);
    return wire;
  }

  /** Where the user's terminal is connected. */
  async serverOf(userId: number, terminal = 0): Promise<string> {
    return (await this.redis.get(this.key(`im:user:server_id:${userId}:${terminal}`))) ?? 'nowhere';
  }

  /** Puts entries on the list of the server that has the user. */
  async push(kind: string, userId: number, ...entries: readonly string[]): Promise<void> {
    await this.redis.rpush(this.key(`im:message:${kind}:${await this.serverOf(userId)}`), ...entries);
  }

  /** The next result for the service, as text. */
  async result(kind: string, service: string): Promise<string> {
    const waiting = this.redis.duplicate();
    try {
      const [, text = 'none within 8 s'] =
        (await waiting.blpop(this.key(`im:result:${kind}:${service}`), 8)) ?? [];
      return text;
    } finally {
      waiting.disconnect();
    }
  }
}

function connect(url: string): Redis {
  const redis = new Redis(url);
  onCleanup(() => redis.disconnect());
  return redis;
}
