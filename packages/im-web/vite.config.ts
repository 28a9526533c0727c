import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import vueI18n from '@intlify/unplugin-vue-i18n/vite';
import vue from '@vitejs/plugin-vue';
import { defaultClientConditions, defineConfig, transformWithEsbuild, type Plugin, type Rollup } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Each icon from its own file: to read all of them takes longer than to build the rest. */
const iconByIcon: Plugin = {
  name: 'icon-by-icon',
  enforce: 'post',
  transform(code, id) {
    if (!id.includes('/im-web/src/')) return undefined;
    return code.replaceAll(/import \{([^}]+)\} from ['"]@lucide\/vue['"];?/g, (_, names: string) =>
      names
        .split(',')
        .map((name) => name.trim().split(' as '))
        .filter(([icon = '']) => icon !== '')
        .map(
          ([icon = '', name = icon]) =>
            `import ${name} from '@lucide/vue/dist/esm/icons/${fileOf(icon)}.mjs';`,
        )
        .join(' '),
    );
  },
};

function fileOf(icon: string): string {
  return icon.replaceAll(/(?<!^)([A-Z]|\d+)/g, '-$1').toLowerCase();
}

/** `sw.js`, which knows the files of this build; a script of its own, as browsers want it. */
const serviceWorker: Plugin = {
  name: 'service-worker',
  apply: 'build',
  generateBundle: {
    // When index.html is there.
    order: 'post',
    async handler(_, bundle) {
      // The names of emoji are as large as all else, and wait until somebody looks for one; so do the pages for admins, red packets,
      // what encrypts, and what draws PDFs.
      const kept =
        /^(assets\/(?!admin-|red-packets-|encrypting-|pdf-worker-).*(?<!\.(json|wasm))|index\.html)$/;
      const files = Object.values(bundle).filter(({ fileName }) => kept.test(fileName));
      const hash = createHash('sha256');
      for (const file of files) hash.update(file.type === 'chunk' ? file.code : file.source);
      const source = here('./src/offline/worker.ts');
      const { code } = await transformWithEsbuild(await readFile(source, 'utf8'), source, {
        minify: true,
        format: 'iife',
        define: {
          __FILES__: JSON.stringify(files.map(({ fileName }) => fileName).sort()),
          __BUILD__: JSON.stringify(hash.digest('hex').slice(0, 16)),
        },
      });
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: code });
    },
  },
};

/** All that the page imports before it runs. */
let first: ReadonlySet<string> | undefined;

/**
 * What is loaded at first comes in two files: others' code, which is the same after most upgrades, and ours. By itself Rollup makes one
 * of whatever some later part needs, too: seventy of them, most of an icon, and each is a request, and packed by itself.
 */
const firstInTwo: Rollup.GetManualChunk = (id, graph) => {
  first ??= importedBy(here('./index.html'), graph);
  if (!first.has(id)) return undefined;
  return /\/node_modules\/|^\0/.test(id) ? 'vendor' : 'page';
};

function importedBy(entry: string, { getModuleInfo }: Rollup.ManualChunkMeta): ReadonlySet<string> {
  const found = new Set([entry]);
  for (const id of found) for (const imported of getModuleInfo(id)?.importedIds ?? []) found.add(imported);
  return found;
}

export default defineConfig({
  root: here('.'),
  base: './',
  plugins: [
    vue(),
    iconByIcon,
    serviceWorker,
    vueI18n({
      include: here('./src/locales/**'),
      runtimeOnly: true,
      fullInstall: false,
      dropMessageCompiler: true,
    }),
  ],
  // Our own packages are read from their source.
  resolve: { conditions: ['im-source', ...defaultClientConditions] },
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    chunkSizeWarningLimit: 1_000,
    rollupOptions: {
      output: {
        manualChunks: firstInTwo,
        chunkFileNames: ({ facadeModuleId }) =>
          facadeModuleId?.includes('matrix-sdk-crypto')
            ? 'assets/encrypting-[hash].js'
            : 'assets/[name]-[hash].js',
      },
    },
  },
  server: { proxy: { '^/(v1|file|files|page\\.json)': 'http://localhost:8888' } },
});
