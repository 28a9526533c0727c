import { spawnSync } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const toolsFolder: string = fileURLToPath(new URL('../tools/', import.meta.url));

/** Installs what the lock in the folder says, when that has not been done yet. */
export async function installTools(folder: string): Promise<void> {
  const lock = join(folder, 'package-lock.json');
  const installedLock = join(folder, 'node_modules/.installed-lock.json');
  const [wanted, installed] = await Promise.all([
    readFile(lock, 'utf8'),
    readFile(installedLock, 'utf8').catch(() => ''),
  ]);
  if (wanted === installed) return;
  console.error(`Installing what is needed in ${folder}, once…`);
  const options = { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' } as const;
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], options);
  if (status !== 0) throw new Error(`npm ci failed in ${folder}.`);
  await copyFile(lock, installedLock);
}
