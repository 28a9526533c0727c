import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a page may be asked to load for its connection. */
export const maxGzippedBytes = 6_500;

export interface Bundle {
  readonly code: Uint8Array;
  readonly gzippedBytes: number;
}

/** im-device as it is published: one file, with what it uses of im-common in it and nothing left to import. */
export async function bundleDevice(): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: ['packages/im-device/src/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    // Of no platform: an import of a Node built-in fails the build.
    platform: 'neutral',
    conditions: ['im-source'],
    legalComments: 'none',
    write: false,
  });
  const code = Buffer.concat(outputFiles.map(({ contents }) => contents)); // one
  return { code, gzippedBytes: gzipSync(code, { level: 9 }).length };
}
