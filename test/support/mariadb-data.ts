import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findMariaDbInstaller, type MariaDbProgram } from './find-mariadb.ts';
import { programFolders } from './find-program.ts';
import { spawnTied } from './tied-process.ts';

// To make a data folder takes MariaDB most of a second of CPU, and MySQL several. So each version makes one, and the others are copies.

const cache = fileURLToPath(new URL('../../node_modules/.cache/mariadb/', import.meta.url));

/** --no-defaults comes first everywhere: else the machine's my.cnf would have a say. */
export const forRoot = process.getuid?.() === 0 ? ['--user=root'] : [];

export const carelessOptions = [
  ...['--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=OFF', '--skip-log-bin'],
  '--innodb-buffer-pool-size=64M',
];

/** Puts a new data folder at `data` in `dir`. */
export async function putDataFolder(program: MariaDbProgram, dir: string): Promise<void> {
  // What one user has made, another one may not read.
  const of = JSON.stringify([program, process.getuid?.()]);
  const original = join(cache, createHash('sha256').update(of).digest('hex').slice(0, 12));
  if (!existsSync(original)) await makeOriginal(program, original);
  await promisify(execFile)('cp', ['-R', original, join(dir, 'data')]);
}

async function makeOriginal(program: MariaDbProgram, original: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const dir = await mkdtemp(join(cache, '.making-'));
  try {
    await makeDataFolder(program, dir);
    await rename(join(dir, 'data'), original);
  } catch (error) {
    // Somebody else was faster.
    if (!existsSync(original)) throw error;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

// Nothing is forced to the disk yet, and the log is small.
async function makeDataFolder({ path, kind }: MariaDbProgram, dir: string): Promise<void> {
  // A tmpdir of its own: whoever starts removes temporary tables from it, also those that another one works with.
  const options = [...forRoot, `--datadir=${join(dir, 'data')}`, `--tmpdir=${dir}`, ...carelessOptions];
  const [program, args] =
    kind === 'MariaDB'
      ? [
          await findMariaDbInstaller(),
          ['--auth-root-authentication-method=normal', '--skip-test-db', '--innodb-log-file-size=16M'],
        ]
      : [path, ['--initialize-insecure']];
  const making = spawnTied({
    program,
    args: ['--no-defaults', ...args, ...options],
    cwd: dir,
    folderToRemove: dir,
    // MariaDB's is a script, which wants sed and others, and a bare PATH does not have them.
    env: { ...process.env, PATH: programFolders().join(delimiter) },
  });
  const { code, signal } = await making.ended;
  if (code === 0) return;
  throw new Error(
    `${program} made no data folder (${signal ?? `exit code ${code}`}). Its output:\n${making.output}`,
  );
}
