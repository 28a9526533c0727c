import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from './dockerfile.ts';

/** Runs this program again where what it mounts is its own, and ends with it. True in there. */
export async function isWithinOwnMounts(): Promise<boolean> {
  if (process.env['IM_OWN_MOUNTS'] !== undefined) return true;
  const args = [
    '--mount',
    '--propagation',
    'private',
    process.execPath,
    ...process.execArgv,
    ...process.argv.slice(1),
  ];
  const child = spawn('unshare', args, { stdio: 'inherit', env: { ...process.env, IM_OWN_MOUNTS: 'yes' } });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
  return false;
}

/** Runs a program, and throws with what it said when it fails. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string } = {},
): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 1e8,
    ...options,
  });
  if (status !== 0)
    throw new Error(
      `${program} ${args.join(' ')} failed:\n${error?.message ?? stdout.slice(-4_000) + stderr}`,
    );
  return stdout;
}

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What runs a command in a root, as the user and in the folder of the settings; with processes of its own, of which it is the first. */
function inRoot(root: string, { env, user, workdir }: Settings, command: readonly string[]): string[] {
  const variables = Object.entries({ PATH: path, HOME: '/tmp', ...env }).map(
    ([key, value]) => `${key}=${value}`,
  );
  const script = 'mount -t proc proc "$1/proc"; shift; exec "$@"';
  return [
    ...['--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', script, 'sh', root],
    // `env` goes to the folder, once it is in the root.
    ...['chroot', `--userspec=${user}`, root, 'env', '-i', '-C', workdir, ...variables],
    ...command,
  ];
}

export function runInRoot(root: string, settings: Settings, command: readonly string[]): string {
  return run('unshare', inRoot(root, settings, command));
}

export interface Container {
  /** Whether the HEALTHCHECK is content. */
  isHealthy(): boolean;
  /** As the kernel has it: the ids of its user, and its number in its own world. */
  status(): Promise<string>;
  /** What Docker does to stop it. Resolves with its exit code. */
  stop(): Promise<number | null>;
  readonly output: string;
}

/** As `docker run` with these variables and arguments, but on the network of this machine. */
export function startContainer(
  root: string,
  settings: Settings,
  {
    env = {},
    cmd = settings.cmd,
  }: { readonly env?: Record<string, string>; readonly cmd?: readonly string[] },
): Container {
  const own = { ...settings, env: { ...settings.env, ...env } };
  const child = spawn('unshare', inRoot(root, own, [...settings.entrypoint, ...cmd]), {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const first = async (): Promise<string> => {
    for (;;) {
      const children = await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8');
      const [pid = ''] = children.trim().split(' ');
      if (pid !== '') return pid;
      await sleep(20);
    }
  };
  return {
    isHealthy() {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}:\n${output}`);
      return spawnSync('unshare', inRoot(root, own, settings.healthcheck)).status === 0;
    },
    status: async () => readFile(`/proc/${await first()}/status`, 'utf8'),
    async stop() {
      process.kill(Number(await first()), 'SIGTERM');
      const [code] = await ended;
      return code;
    },
    get output() {
      return output;
    },
  };
}
