import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Redis, type RedisOptions } from 'ioredis';
import { onCleanup } from './cleanup.ts';
import { findRedis } from './find-redis.ts';
import { freePort } from './free-port.ts';
import { spawnTied, type TiedProcess } from './tied-process.ts';

export interface RedisProcessOptions {
  /** @default a free one */
  readonly port?: number | undefined;
  /** Where it runs and keeps its files; must exist, and is left alone. @default a temp folder, removed on stop */
  readonly dir?: string | undefined;
  /** The command line of a server on this port in this folder. */
  readonly commandLine: (port: number, dir: string) => Promise<readonly string[]> | readonly string[];
}

/** One `redis-server` process, as data server, cluster node or sentinel; stopped at the end of the test. */
export async function startRedisProcess(options: RedisProcessOptions): Promise<RedisServer> {
  const program = await findRedis();
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort());
    const dir = options.dir ?? (await mkdtemp(join(tmpdir(), 'im-test-redis-')));
    const args = await options.commandLine(port, dir);
    const server = new RedisServer({ program, args, port, dir, removesDir: options.dir === undefined });
    try {
      await server.start();
      onCleanup(() => server.stop());
      return server;
    } catch (error) {
      await server.stop();
      const portWasTaken = /Address already in use/.test(String(error));
      if (!portWasTaken || options.port !== undefined || attempt === 10) throw error;
    }
  }
}

interface Launch {
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly dir: string;
  readonly removesDir: boolean;
}

const startLimitMs = 15_000;
const gracefulEndMs = 5_000;
const ready = /Ready to accept connections|Sentinel ID is/;

export class RedisServer {
  readonly #launch: Launch;
  readonly #clients: Redis[] = [];
  #process: TiedProcess | undefined;

  constructor(launch: Launch) {
    this.#launch = launch;
  }

  get port(): number {
    return this.#launch.port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get dir(): string {
    return this.#launch.dir;
  }

  /** Of the running process: a restart changes it. */
  get pid(): number {
    return this.#running().pid;
  }

  /** A new client of this server; `stop` disconnects it. Commands that fail reject, connection errors are not printed. */
  client(options: Omit<RedisOptions, 'replyMapping'> = {}): Redis {
    const client = new Redis({ ...options, host: '127.0.0.1', port: this.port });
    client.on('error', () => undefined);
    this.#clients.push(client);
    return client;
  }

  /** Runs it (again, after `kill`), same port and folder. */
  async start(): Promise<void> {
    if (this.#process?.isRunning() === true) throw new Error(`Redis on port ${this.port} is running already`);
    const { program, args, dir, removesDir } = this.#launch;
    const started = spawnTied({ program, args, cwd: dir, folderToRemove: removesDir ? dir : undefined });
    this.#process = started;
    const tooLate = new AbortController();
    try {
      await Promise.race([started.printed(ready), timeoutError(startLimitMs, tooLate.signal)]);
    } finally {
      tooLate.abort();
    }
  }

  /** Freezes it: it keeps its connections and answers nothing, as a hung host does. */
  pause(): void {
    this.#running().signal('SIGSTOP');
  }

  resume(): void {
    this.#running().signal('SIGCONT');
  }

  /** SIGKILL, as a crash. The folder stays for `restart`. */
  async kill(): Promise<void> {
    this.#process?.signal('SIGKILL');
    await this.#process?.ended;
  }

  /** Ends it in order unless it was killed, and starts it again, same port and folder. Data survives with `appendonly`. */
  async restart(): Promise<void> {
    await this.#end();
    await this.start();
  }

  /** Ends it for good, and its clients; may be called twice. */
  async stop(): Promise<void> {
    for (const client of this.#clients.splice(0)) client.disconnect();
    await this.kill();
    if (this.#launch.removesDir) await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }

  async #end(): Promise<void> {
    const ending = this.#running();
    ending.signal('SIGCONT');
    ending.signal('SIGTERM');
    const tooLate = new AbortController();
    const giveUp = setTimeout(gracefulEndMs, undefined, { signal: tooLate.signal }).then(
      () => ending.signal('SIGKILL'),
      () => undefined,
    );
    await ending.ended;
    tooLate.abort();
    await giveUp;
  }

  #running(): TiedProcess {
    if (this.#process === undefined) throw new Error(`Redis on port ${this.port} was not started`);
    return this.#process;
  }
}

async function timeoutError(ms: number, signal: AbortSignal): Promise<never> {
  await setTimeout(ms, undefined, { signal });
  throw new Error(`redis-server was not ready within ${ms} ms`);
}
