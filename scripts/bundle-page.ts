import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const self = fileURLToPath(import.meta.url);
const root = fileURLToPath(new URL('../', import.meta.url));
const cache = join(root, 'node_modules/.cache/im-web');
const config = 'packages/im-web/vite.config.ts';

/** Of what the page is made. */
const sources = [
  'package-lock.json',
  'packages/im-web',
  ...['im-chat', 'im-device', 'im-common'].map((name) => `packages/${name}/src`),
  'packages/im-platform/src/client',
];

/** The page that im-platform serves; built when its sources have changed since it was. Returns its folder. */
export async function bundlePage(onBuild: () => void = () => undefined): Promise<string> {
  const folder = join(cache, await digest());
  if (await isThere(folder)) return folder;
  onBuild();
  // In a process of its own, which takes its memory with it. And Vite keeps a NODE_ENV that is set, as Vue's compiler does the one
  // with which it was loaded: tests are to see the page that people see.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(process.execPath, ['--import', 'tsx', self, folder], { cwd: root, env });
  return folder;
}

async function build(folder: string): Promise<void> {
  // Only here: it is large, and most starts need it not.
  const vite = await import('vite');
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(join(cache, 'building-'));
  await vite.build({
    configFile: join(root, config),
    logLevel: 'warn',
    build: { outDir: made, emptyOutDir: true },
  });
  // Others may have built the same meanwhile.
  await rename(made, folder).catch(() => rm(made, { recursive: true }));
}

/** To where im-platform looks for its page. */
export async function copyPage(folder: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true });
  await cp(folder, to, { recursive: true });
  // It was made for its builder alone, and in an image somebody else reads it.
  await chmod(to, 0o755);
}

async function digest(): Promise<string> {
  const hash = createHash('sha256');
  const files = await Promise.all(sources.map((path) => filesIn(path)));
  for (const file of files.flat().sort()) hash.update(file).update(await readFile(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}

async function filesIn(path: string): Promise<string[]> {
  if ((await stat(join(root, path))).isFile()) return [path];
  const entries = await readdir(join(root, path), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .filter((file) => !/(^|\/)(node_modules|test|README\.md)(\/|$)/.test(file));
}

async function isThere(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}

const [, program, folderToMake] = process.argv;
if (program === self && folderToMake !== undefined) void build(folderToMake);
