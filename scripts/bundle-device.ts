import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build, type Plugin } from 'esbuild';
import { CloseCode, Command } from 'im-common';

/** What a page may be asked to load for its connection. */
export const maxGzippedBytes = 6_500;

export interface Bundle {
  readonly code: Uint8Array;
  readonly gzippedBytes: number;
}

/** Parts of im-device that only those load who use them, each a file of its own beside the core. */
export const deviceParts = ['uplink', 'topics', 'protobuf', 'sse', 'react', 'vue'] as const;

/** im-device as it is published: one file, with what it uses of im-common in it and nothing left to import. */
export function bundleDevice(): Promise<Bundle> {
  return bundle('packages/im-device/src/index.ts', []);
}

/** A part of it, which imports of the core what both have. */
export function bundleDevicePart(name: (typeof deviceParts)[number]): Promise<Bundle> {
  return bundle(`packages/im-device/src/${name}/index.ts`, [coreStaysOutside]);
}

/** Errors are the core's: who looks at their class must find one. */
const coreStaysOutside: Plugin = {
  name: 'core-stays-outside',
  setup(build) {
    build.onResolve({ filter: /^\.\.\/errors\.ts$/ }, () => ({ path: './im-device.js', external: true }));
  },
};

const numbers: Readonly<Record<string, Readonly<Record<string, number>>>> = { CloseCode, Command };

/** A page needs the numbers, and not the names of all that there are. */
const constantsAreNumbers: Plugin = {
  name: 'constants-are-numbers',
  setup(build) {
    build.onLoad({ filter: /\bpackages\/im-(?:common|device)\/src\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replaceAll(/\b(CloseCode|Command)\.([A-Z_]+)\b/g, (text, name, key) =>
        String(numbers[String(name)]?.[String(key)] ?? text),
      );
      return { contents, loader: 'ts' };
    });
  },
};

/**
 * What only the core's own classes call each other, so that a page need not load these names. None that users, parts or other tabs
 * know, none of an option, a message, a state or a note between tabs.
 */
const innerNames =
  'onConnection onEnded onError onMessage onOnline onOther onState onUnreachable refreshToken forgetUnacknowledged ' +
  'kickedBy kickedWhy onlineMs withNewToken failures heartbeat intervalMs goodMs badMs follows received emitter onNew ' +
  'hasMore judge took processed';

async function bundle(entry: string, plugins: Plugin[]): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    plugins: [constantsAreNumbers, ...plugins],
    bundle: true,
    minify: true,
    mangleProps: new RegExp(`^(${innerNames.replaceAll(' ', '|')})$`),
    format: 'esm',
    target: 'es2022',
    // Of no platform: an import of a Node built-in fails the build.
    platform: 'neutral',
    conditions: ['im-source'],
    external: ['react', 'vue'], // the page's own
    legalComments: 'none',
    write: false,
  });
  const code = Buffer.concat(outputFiles.map(({ contents }) => contents)); // one
  return { code, gzippedBytes: gzipSync(code, { level: 9 }).length };
}
