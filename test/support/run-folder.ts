import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** A folder for what is made once in a run, and read by many of its processes. It goes with this process. */
export async function makeRunFolder(): Promise<string> {
  const folder = await mkdtemp(join(modules, '.im-run-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
