// `tsx scripts/tool.ts knip …` runs a program of tools/: what checks and releases packages, which `npm install` leaves out,
// as neither `npm start` nor `npm test` needs it. It is installed when it is first needed, and again when its lock changed.
import { spawnSync } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { delimiter, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../tools/', import.meta.url));
const lock = resolve(folder, 'package-lock.json');
const installedLock = resolve(folder, 'node_modules/.installed-lock.json');

async function isInstalled(): Promise<boolean> {
  const [wanted, installed] = await Promise.all([
    readFile(lock, 'utf8'),
    readFile(installedLock, 'utf8').catch(() => ''),
  ]);
  return wanted === installed;
}

/** Programs of tools/ are found before all others, also by what they start. */
function run(program: string, args: readonly string[], cwd?: string): number {
  const path = [resolve(folder, 'node_modules/.bin'), process.env['PATH']].join(delimiter);
  const { error, status } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, PATH: path },
    stdio: 'inherit',
    // On Windows programs of npm are .cmd files, which only a shell can run.
    shell: process.platform === 'win32',
  });
  if (error) console.error(`${program} cannot be run: ${error.message}`);
  return status ?? 1;
}

async function install(): Promise<number> {
  console.error('Installing what checks and releases packages into tools/, once…');
  const status = run('npm', ['ci', '--no-audit', '--no-fund'], folder);
  if (status === 0) await copyFile(lock, installedLock);
  return status;
}

const [program, ...args] = process.argv.slice(2);
if (program === undefined) throw new Error('Usage: tsx scripts/tool.ts <program> [arguments]');
process.exitCode = (await isInstalled()) ? 0 : await install();
if (process.exitCode === 0) process.exitCode = run(program, args);
