import { existsSync, rmSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

// Tests start some hundred processes of ours. From source each costs more than a second of CPU, nearly all of it for reading
// TypeScript; as one JavaScript file that is made once for the run, a third.

const root = fileURLToPath(new URL('../../', import.meta.url));

const programs = [
  'start.ts',
  'packages/im-gateway/src/main.ts',
  'packages/im-platform/src/main.ts',
  'packages/im-server/src/main.ts',
  'packages/im-server/test/fixtures/serve.ts',
  'test/faults/kit/dying-sender.ts',
  'test/faults/kit/dying-server.ts',
  'test/faults/kit/platform-child.ts',
  'test/faults/kit/service-process.ts',
];

const folderVariable = 'IM_TEST_PROGRAMS';

/** Makes them for this process and those that it starts; they go with it. */
export async function makeProgramFiles(): Promise<void> {
  const folder = await mkdtemp(join(root, 'node_modules', '.im-programs-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({
    absWorkingDir: root,
    entryPoints: programs,
    outbase: root,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['im-source'],
    plugins: [fromWhereItStood],
  });
  process.env[folderVariable] = folder;
}

/** What Node is to be given to run a TypeScript file of this repository: its JavaScript if there is one, else tsx and the file. */
export function runnable(file: string): string[] {
  const absolute = resolve(root, file);
  const folder = process.env[folderVariable];
  const made = folder && join(folder, relative(root, absolute).replace(/\.ts$/, '.mjs'));
  return made && existsSync(made) ? [made] : ['--conditions=im-source', '--import', 'tsx', absolute];
}

/** Modules keep their own address, and packages from outside are those that the module would find where it stands. */
const fromWhereItStood: Plugin = {
  name: 'from where it stood',
  setup({ onLoad, onResolve, resolve: find }) {
    const isOurs = (path: string): boolean => !path.includes('/node_modules/');
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const address = JSON.stringify(pathToFileURL(path).href);
      return { loader: 'ts', contents: source.replaceAll('import.meta.url', address) };
    });
    onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, kind, resolveDir }) => {
      if (pluginData === 'found' || kind === 'entry-point' || path.startsWith('node:')) return undefined;
      const found = await find(path, { kind, resolveDir, pluginData: 'found' });
      if (found.errors.length > 0 || found.external || isOurs(found.path)) return found;
      return { path: pathToFileURL(found.path).href, external: true };
    });
  },
};
