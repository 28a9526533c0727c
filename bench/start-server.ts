import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { giveServerItsCore } from './cores.ts';

export interface BenchServer {
  readonly url: string;
  readonly id: number;
  readonly pid: number;
  stop(): Promise<void>;
}

/** The program as it is written, for whoever has not built it. */
export const sourceProgram: string = fileURLToPath(
  new URL('../packages/im-server/src/main.ts', import.meta.url),
);

export const benchSecret = 'only-for-the-bench';

/** IM_BENCH_PROGRAM names the `main.js` of another build, to bench that one alone. */
const builtProgram =
  process.env['IM_BENCH_PROGRAM'] ??
  fileURLToPath(new URL('../packages/im-server/dist/main.js', import.meta.url));

/** IM_BENCH_BEFORE names the `main.js` of another build of the server, which then takes its turns beside ours. */
export const programBefore: string | undefined = process.env['IM_BENCH_BEFORE'];

/** The real program as it is built, in a process of its own, so that its CPU time is its own. */
export async function startServer(
  redisUrl: string,
  flags: readonly string[] = [],
  program: string = builtProgram,
  nodeFlags: readonly string[] = [],
): Promise<BenchServer> {
  const child = spawn(
    process.execPath,
    [
      // e.g. --cpu-prof, to see where the time goes
      ...(program === builtProgram ? (process.env['BENCH_NODE_FLAGS']?.split(' ') ?? []) : []),
      ...nodeFlags,
      ...(program.endsWith('.ts') ? ['--conditions=im-source', '--import', 'tsx'] : []),
      program,
      ...['--port', '0', '--host', '127.0.0.1', '--redis', redisUrl, '--jwt-secret', benchSecret],
      ...['--max-connections-per-address', '1000000', '--max-unauthenticated-per-address', '1000000'],
      ...flags,
      // e.g. --pull-batch 4000
      ...(process.env['BENCH_SERVER_FLAGS']?.split(' ') ?? []),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  // It ends in order when we stop it, and at once when we die.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const { url, id } = await readStartLine(child);
  giveServerItsCore(child.pid ?? 0);
  return {
    url,
    id,
    pid: child.pid ?? 0,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => {
          process.off('exit', kill);
          resolve();
        });
        child.kill('SIGTERM');
      }),
  };
}

async function readStartLine(child: ChildProcess): Promise<{ url: string; id: number }> {
  if (!child.stdout) throw new TypeError('The server has no standard output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, id } = JSON.parse(line) as { url?: string; id?: number };
    if (url !== undefined && id !== undefined) {
      child.stdout.resume();
      return { url, id };
    }
  }
  throw new Error('The server ended before it was ready; see above.');
}
