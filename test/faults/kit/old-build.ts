import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Scope } from './scope.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));

/** These sources as they were right before a file came, by git's history, in a folder of their own with the libraries of today. */
export async function sourcesBefore(scope: Scope, file: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-old-build-'));
  scope.onEnd(() => rm(folder, { recursive: true, force: true }));
  const options = { cwd: root };
  const { stdout } = await run('git', ['log', '--diff-filter=A', '--format=%H', '--', file], options);
  const commit = stdout.trim().split('\n').at(-1) ?? '';
  if (commit === '') throw new Error(`git knows nothing of ${file}: this needs the whole history`);
  const archive = join(folder, 'sources.tar');
  await run('git', ['archive', '--output', archive, `${commit}^`], options);
  await run('tar', ['-xf', archive, '-C', folder]);
  await linkLibraries(folder);
  return folder;
}

/** Our own packages are the old ones: npm links them by relative paths. */
async function linkLibraries(folder: string): Promise<void> {
  await mkdir(join(folder, 'node_modules'));
  for (const entry of await readdir(join(root, 'node_modules'), { withFileTypes: true })) {
    const { name } = entry;
    const from = join(root, 'node_modules', name);
    await symlink(entry.isSymbolicLink() ? await readlink(from) : from, join(folder, 'node_modules', name));
  }
  for (const name of await readdir(join(folder, 'packages'))) {
    const libraries = join(root, 'packages', name, 'node_modules');
    if (existsSync(libraries)) await symlink(libraries, join(folder, 'packages', name, 'node_modules'));
  }
}
