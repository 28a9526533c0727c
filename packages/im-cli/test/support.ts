import { spawn, type ChildProcess } from 'node:child_process';
import { onCleanup, runnable, type TestRedis } from 'im-test/support';

export interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
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
  return { child, ended, says };
}

export function im(args: readonly string[], env: Environment, stdin?: string): Promise<Ended> {
  return start(args, env, stdin).ended;
}

export async function json(args: readonly string[], env: Environment): Promise<unknown> {
  const { code, stderr, stdout } = await im([...args, '--json'], env);
  if (stdout === '') throw new Error(`It said nothing, and ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as unknown;
}
