import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

// Tests start some hundred processes of ours. From source each costs more than a second of CPU, nearly all of it for finding and
// reading some hundred files; as one script with all that it uses, and with the code that V8 made of it when it was first run (see
// `launch-program.ts`), a tenth of that to a half.

const root = fileURLToPath(new URL('../../', import.meta.url));

const programs = [
  'start.ts',
  ...[
    'bot',
    'express',
    'fastify',
    'foreign-wire',
    'offline-notifications',
    'pages',
    'presence',
    'request-reply',
    'rooms',
    'tiny-chat',
  ].map((name) => `examples/${name}/${name}.ts`),
  'examples/customer-service/demo.ts',
  'examples/customer-service/desk.ts',
  'packages/create-im-app/src/main.ts',
  'packages/im-client/test/fixtures/doomed-client.ts',
  'packages/im-client/test/fixtures/never-closed.ts',
  'packages/im-cli/src/main.ts',
  'packages/im-gateway/src/main.ts',
  'packages/im-platform/src/main.ts',
  'packages/im-platform/test/fixtures/encryption-order.ts',
  'packages/im-platform/test/fixtures/file-encryption-order.ts',
  'packages/im-platform/test/support/dying-worker.ts',
  'packages/im-server/src/main.ts',
  'packages/im-server/test/fixtures/serve.ts',
  'test/faults/kit/dying-sender.ts',
  'test/faults/kit/dying-server.ts',
  'test/faults/kit/platform-child.ts',
  'test/faults/kit/service-process.ts',
  'test/support/with-our-packages.ts',
];

const launcher = 'test/support/launch-program.ts';

const folderVariable = 'IM_TEST_PROGRAMS';

/** Makes them in this folder, for this process and those that it starts. */
export async function makeProgramFiles(folder: string): Promise<void> {
  await build({
    absWorkingDir: root,
    entryPoints: [...programs, launcher],
    outbase: root,
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    // V8 keeps no code of modules.
    format: 'cjs',
    // What runs from kept code cannot call it; Node requires modules, too.
    supported: { 'dynamic-import': false },
    target: 'node20',
    conditions: ['im-source'],
    plugins: [fromWhereItStood],
    logLevel: 'error',
  });
  process.env[folderVariable] = folder;
}

/** What Node is to be given to run a TypeScript file of this repository: its JavaScript if there is one, else tsx and the file. */
export function runnable(file: string): string[] {
  const absolute = resolve(root, file);
  const folder = process.env[folderVariable];
  const made = (source: string): string => join(folder ?? '', source.replace(/\.ts$/, '.cjs'));
  const script = made(relative(root, absolute));
  return folder && existsSync(script)
    ? [made(launcher), script]
    : ['--conditions=im-source', '--import', 'tsx', absolute];
}

/**
 * Not bundled: they have machine code beside their JavaScript, or read files beside it; in a driver tests count statements, to kill at
 * one; who runs a program with im-nest has NestJS too, and it must be the same.
 */
const isLeftOut = /^(@nestjs\/|@node-rs\/|@photostructure\/|esbuild$|mysql2($|\/)|sharp$|vite$)/;

const isProgram = new Set(programs.map((file) => resolve(root, file)));

/** A script waits for nothing outside of functions: all below the imports of a program goes into one. What it exports are types. */
export function inFunction(source: string): string {
  const lastImport = [...source.matchAll(/^ *(?:import|\} from) .*;(?: \/\/.*)?$/gm)].at(-1);
  const end = lastImport ? lastImport.index + lastImport[0].length : 0;
  return `${source.slice(0, end)}\nvoid (async () => {${source.slice(end).replaceAll(/^export /gm, '')}\n})();`;
}

/** Modules keep their own address, and what is left out is what the module would find where it stands. */
const fromWhereItStood: Plugin = {
  name: 'from where it stood',
  setup({ onLoad, onResolve, resolve: find }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const text = (await readFile(path, 'utf8')).replace(/^#!.*/, '');
      const source = isProgram.has(path) ? inFunction(text) : text;
      const loader = path.endsWith('ts') ? 'ts' : 'js';
      const address = JSON.stringify(pathToFileURL(path).href);
      const contents = source.replaceAll('import.meta.url', address);
      if (!/\b__(dirname|filename)\b/.test(source)) return { loader, contents };
      const names = `var __filename = ${JSON.stringify(path)}, __dirname = ${JSON.stringify(dirname(path))};`;
      return { loader, contents: `${names}${contents}` };
    });
    onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, kind, resolveDir }) => {
      if (pluginData === 'found' || kind === 'entry-point') return undefined;
      const found = await find(path, { kind, resolveDir, pluginData: 'found' });
      // Nobody installed it: drivers of other databases, of which knex knows.
      if (found.errors.length > 0) return { path, external: true };
      const isLater = kind === 'dynamic-import';
      if (!isLeftOut.test(path) && !(isLater && found.path.includes('node_modules'))) return found;
      const required = await find(path, { kind: 'require-call', resolveDir, pluginData: 'found' });
      return { path: required.errors.length > 0 ? found.path : required.path, external: true };
    });
  },
};
