import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { cpuMicroseconds } from './process-figures.ts';

interface Answer {
  readonly id: number;
  readonly error?: string;
}

/**
 * One of our bench programs in a process of its own, asked over IPC. It ends with us, as its channel closes. One that is
 * measured beside our built server is built as well (`built`): a loader of TypeScript in its process leaves a heap with
 * so much room that thousands of connections seem to cost nothing.
 */
export class ChildProgram<Order extends object, Reply extends Answer> {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve: (reply: Reply) => void; reject: (error: Error) => void }>();
  #asked = 0;

  constructor(
    path: string,
    args: readonly string[] = [],
    how: 'from source' | 'built' = 'from source',
    flags: readonly string[] = [],
  ) {
    const file = fileURLToPath(new URL(path, import.meta.url));
    this.#child =
      how === 'built'
        ? fork(build(file), args, { execArgv: [...flags] })
        : fork(file, args, { execArgv: [...flags, '--conditions=im-source', '--import', 'tsx'] });
    this.#child.on('message', (reply: Reply) => {
      const asked = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.error === undefined) asked?.resolve(reply);
      else asked?.reject(new Error(reply.error));
    });
    this.#child.once('exit', (code, signal) => {
      const error = new Error(`${path} ended (${code ?? signal ?? '?'})`);
      for (const { reject } of this.#waiting.values()) reject(error);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  cpuUs(): number {
    return cpuMicroseconds(this.pid);
  }

  ask(order: Order): Promise<Reply> {
    this.#asked += 1;
    const id = this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#child.send({ ...order, id });
    });
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    await ended;
  }
}

/** As one file of JavaScript. Its libraries stay where they are. */
export function build(file: string): string {
  const outfile = join(dirname(file), '../dist', `${basename(file, '.ts')}.js`);
  buildSync({
    entryPoints: [file],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  return outfile;
}
