import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { onCleanup } from './cleanup.ts';
import { dataRoot } from './data-root.ts';
import { freePort } from './free-port.ts';
import { spawnTied, type TiedProcess } from './tied-process.ts';

// The life of a server that is started for tests, whatever it serves.

export interface ServerPlaceOptions {
  /** @default a free one */
  readonly port?: number | undefined;
  /** Where it runs and keeps its files; must exist, and is left alone. @default a temp folder, removed on stop */
  readonly dir?: string | undefined;
}

export interface ServerPlace {
  readonly port: number;
  readonly dir: string;
  readonly removesDir: boolean;
}

export interface ServerLaunch extends ServerPlace {
  /** In messages. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** What it prints when it takes commands. */
  readonly ready: RegExp;
  /** How long that may take. @default 15 s */
  readonly startLimitMs?: number;
}

export interface ServerStart<S extends ServerProcess> extends ServerPlaceOptions {
  /** In the name of the temp folder. */
  readonly label: string;
  /** Prepares the folder; must not start the server. */
  readonly create: (place: ServerPlace) => Promise<S>;
}

/** Starts a server, on another port when its own was taken meanwhile; it is stopped at the end of the test. */
export async function startServerProcess<S extends ServerProcess>(options: ServerStart<S>): Promise<S> {
  for (let attempt = 1; ; attempt += 1) {
    const place: ServerPlace = {
      port: options.port ?? (await freePort()),
      dir: options.dir ?? (await mkdtemp(join(dataRoot(), `im-test-${options.label}-`))),
      removesDir: options.dir === undefined,
    };
    let server: S | undefined;
    try {
      server = await options.create(place);
      await server.start();
    } catch (error) {
      await (server?.stop() ?? removeFolder(place));
      const portWasTaken = /Address already in use/.test(String(error));
      if (!portWasTaken || options.port !== undefined || attempt === 10) throw error;
      continue;
    }
    const started = server;
    onCleanup(() => started.stop());
    return started;
  }
}

const usualStartLimitMs = 15_000;
const gracefulEndMs = 5_000;

/** One server on 127.0.0.1, which never outlives this process. */
export class ServerProcess {
  readonly #launch: ServerLaunch;
  #process: TiedProcess | undefined;

  constructor(launch: ServerLaunch) {
    this.#launch = launch;
  }

  get port(): number {
    return this.#launch.port;
  }

  get dir(): string {
    return this.#launch.dir;
  }

  /** Of the running process: a restart changes it. */
  get pid(): number {
    return this.#running().pid;
  }

  /** Runs it (again, after `kill`), same port and folder. */
  async start(): Promise<void> {
    const { name, program, args, port, dir, removesDir, ready } = this.#launch;
    if (this.#process?.isRunning() === true) throw new Error(`${name} on port ${port} is running already`);
    const started = spawnTied({ program, args, cwd: dir, folderToRemove: removesDir ? dir : undefined });
    this.#process = started;
    const tooLate = new AbortController();
    try {
      await Promise.race([started.printed(ready), this.#notReady(tooLate.signal)]);
    } finally {
      tooLate.abort();
    }
  }

  /**
   * Freezes it: it keeps its connections and answers nothing, as a hung host does. The signal takes hold at once, but not
   * of all threads at the same moment: a request of the next millisecond may still be answered.
   */
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

  /** Ends it in order unless it was killed, and starts it again, same port and folder. */
  async restart(): Promise<void> {
    await this.#end();
    await this.start();
  }

  /** Ends it for good; may be called twice. */
  async stop(): Promise<void> {
    await this.kill();
    await removeFolder(this.#launch);
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

  async #notReady(signal: AbortSignal): Promise<never> {
    const { startLimitMs = usualStartLimitMs } = this.#launch;
    await setTimeout(startLimitMs, undefined, { signal });
    const output = this.#process?.output ?? '';
    throw new Error(
      `${this.#launch.program} was not ready within ${startLimitMs} ms. Its output:\n${output}`,
    );
  }

  #running(): TiedProcess {
    if (this.#process === undefined) {
      throw new Error(`${this.#launch.name} on port ${this.port} was not started`);
    }
    return this.#process;
  }
}

async function removeFolder({ dir, removesDir }: ServerPlace): Promise<void> {
  if (removesDir) await rm(dir, { recursive: true, force: true, maxRetries: 5 });
}
