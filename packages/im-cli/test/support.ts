import { spawn, type ChildProcess } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { onCleanup, runnable, type TestRedis } from 'im-test/support';
import { readConfiguration } from '../src/configuration.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  /** So far. */
  readonly stdout: string;
  readonly ended: Promise<Ended>;
  /** Resolves when stdout or stderr has it. */
  says(what: string): Promise<void>;
}

export type Environment = Readonly<Record<string, string>>;

export function onRedis({ prefix, url }: TestRedis): Environment {
  return { IM_CLI_REDIS: url, IM_CLI_KEY_PREFIX: prefix };
}

/** Starts `im` as people do, with nothing of our environment. */
export function start(args: readonly string[], env: Environment, stdin = ''): Running {
  const child = spawn(process.execPath, [...runnable('packages/im-cli/src/main.ts'), ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  onCleanup(() => child.kill('SIGKILL'));
  child.stdin.end(stdin);
  const said = { stdout: '', stderr: '' };
  let look = (): void => undefined;
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      look();
    });
  }
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, ...said })),
  );
  const says = (what: string): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        if (said.stdout.includes(what) || said.stderr.includes(what)) resolve();
      };
      look();
      void ended.then(() => reject(new Error(`It ended without ${what}:\n${said.stdout}${said.stderr}`)));
    });
  return {
    ...{ child, ended, says },
    get stdout() {
      return said.stdout;
    },
  };
}

/** The same in this process, for what does not depend on one; what it throws is thrown. */
export async function im(
  args: readonly string[],
  env: Environment,
  stdin = '',
): Promise<Omit<Ended, 'signal'>> {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said): Writable =>
    new Writable({
      decodeStrings: false,
      write(text: string, _encoding, done) {
        said[name] += text;
        done();
      },
    });
  const streams = { stdin: Readable.from([stdin]), stdout: into('stdout'), stderr: into('stderr') };
  const task = readConfiguration(args, env, streams);
  if (task.kind === 'print') return { code: 0, ...said, stdout: task.text };
  try {
    const code = await task.command.run(task.context, task.called);
    return { code, ...said };
  } finally {
    await task.context.close();
  }
}

export async function json(args: readonly string[], env: Environment): Promise<unknown> {
  return JSON.parse((await im([...args, '--json'], env)).stdout) as unknown;
}
