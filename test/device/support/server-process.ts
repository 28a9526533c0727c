import { fileURLToPath } from 'node:url';
import { onCleanup, runnable } from 'im-test/support';
import { spawnTied, type TiedProcess } from '../../support/tied-process.ts';
import { secret } from './devices.ts';

const program = fileURLToPath(new URL('../../../packages/im-server/src/main.ts', import.meta.url));

/** The im-server program, from source, in a process of its own on a port of its own; it can be killed and started again. */
export class ServerProcess {
  readonly port: number;
  readonly #redisUrl: string;
  #process: TiedProcess | undefined;

  constructor(port: number, redisUrl: string) {
    this.port = port;
    this.#redisUrl = redisUrl;
    onCleanup(() => this.kill());
  }

  async start(): Promise<void> {
    this.#process = spawnTied({
      program: process.execPath,
      args: [
        ...runnable(program),
        ...['--host', '127.0.0.1', '--port', String(this.port), '--redis', this.#redisUrl],
        ...['--jwt-secret', secret, '--drain-ms', '0'],
      ],
      cwd: fileURLToPath(new URL('../../../', import.meta.url)),
    });
    await this.#process.printed(/"msg":"started"/);
  }

  async kill(): Promise<void> {
    this.#process?.signal('SIGKILL');
    await this.#process?.ended;
  }

  /** Politely: it sends its devices away. */
  async stop(): Promise<void> {
    this.#process?.signal('SIGTERM');
    await this.#process?.ended;
  }
}
