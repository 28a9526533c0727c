import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

/** Stands in the built page for the address of the push server, which is known when it is served. */
export const imUrlPlace = 'ws://push.invalid/im';

/** Builds box-im's page as it is, in a copy: only what its `.env` files are for is ours. Says where it lies. */
export async function buildPage(source: string): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), 'box-im-page-'));
  const isOwn = (path: string): boolean => !path.split(sep).includes('node_modules');
  await cp(source, copy, { recursive: true, filter: isOwn });
  await run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], copy);
  // The one script of its packages that it needs: it makes pinia one for Vue 2.
  await run('npm', ['rebuild', 'vue-demi'], copy);
  await run('npm', ['run', 'build'], copy);
  return join(copy, 'dist');
}

async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const env = {
    ...{ ...process.env, VUE_APP_BASE_API: '/api', VUE_APP_WS_URL: imUrlPlace },
    // Its webpack hashes by MD4.
    NODE_OPTIONS: '--openssl-legacy-provider',
  };
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} in ${cwd} ended with ${code ?? 'a signal'}`);
}
