import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

// Tests start some hundred processes of ours. From source each costs more than a second of CPU, nearly all of it for finding and
// reading some hundred files; as one JavaScript file with all that it uses, which is made once for the run, a quarter of a second.

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
  'packages/im-platform/test/support/dying-worker.ts',
  'packages/im-server/src/main.ts',
  'packages/im-server/test/fixtures/serve.ts',
  'test/faults/kit/dying-sender.ts',
  'test/faults/kit/dying-server.ts',
  'test/faults/kit/platform-child.ts',
  'test/faults/kit/service-process.ts',
];

const folderVariable = 'IM_TEST_PROGRAMS';

/** Makes them in this folder, for this process and those that it starts. */
export async function makeProgramFiles(folder: string): Promise<void> {
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
    banner: { js: requireHere },
    plugins: [fromWhereItStood],
    logLevel: 'error',
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

/** CommonJS among what they use asks for Node's own modules by it. */
const requireHere = `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);`;

/** Not bundled: they have machine code beside their JavaScript, or are CommonJS of which one name is imported at run time. */
const isLeftOut = /^(@node-rs\/|@photostructure\/|esbuild$|knex($|\/)|mysql2|sharp$|vite$)/;

/** Modules keep their own address, and what is left out is what the module would find where it stands. */
const fromWhereItStood: Plugin = {
  name: 'from where it stood',
  setup({ onLoad, onResolve, resolve: find }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
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
      if (!isLeftOut.test(path)) return found;
      return { path: kind === 'require-call' ? found.path : pathToFileURL(found.path).href, external: true };
    });
  },
};
