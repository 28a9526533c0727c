import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** What a page may be asked to load for im-chat, with all that it needs but the library of its store. */
export const maxGzippedBytesOfChat = 40_000;

/** The doors of im-chat, by the names of their files. */
const chatDoors = {
  ...{ 'im-chat': 'index', 'im-chat-indexed-db': 'indexed-db/index' },
  'im-chat-end-to-end': 'end-to-end/index',
  ...{ 'im-chat-vue': 'vue/index', 'im-chat-react': 'react/index' },
} as const;

interface Chunk {
  readonly name: string;
  readonly code: Uint8Array;
}

/** im-chat as it is published: a file for each door, with the client of the platform inside, and nothing of its types. */
export async function bundleChat(): Promise<Chunk[]> {
  const { outputFiles } = await build({
    entryPoints: Object.entries(chatDoors).map(([out, door]) => ({
      in: `packages/im-chat/src/${door}.ts`,
      out,
    })),
    bundle: true,
    splitting: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    conditions: ['im-source'],
    external: ['@matrix-org/matrix-sdk-crypto-wasm', 'idb', 'im-device', 'openapi-fetch', 'react', 'vue'],
    outdir: 'packages/im-chat/dist',
    legalComments: 'none',
    write: false,
  });
  return outputFiles.map(({ path, contents }) => ({ name: path.split('/').at(-1) ?? '', code: contents }));
}

/** What a page loads that imports im-chat, minified as an application's build does it: im-device and the client inside, idb not. */
export async function weighChat(): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: `export * from 'im-chat'; export * from 'im-chat/indexed-db';`, resolveDir: 'test' },
    ...{ bundle: true, minify: true, format: 'esm', target: 'es2022', platform: 'browser', write: false },
    ...{ conditions: ['im-source'], external: ['idb'], legalComments: 'none' },
  });
  return gzipSync(Buffer.concat(outputFiles.map(({ contents }) => contents)), { level: 9 }).length;
}

/** What is published of the client's types, beside those of im-chat: of each of its files. */
export async function clientDeclarations(): Promise<Map<string, string>> {
  const files = (await readdir('packages/im-platform/src/client')).map((file) =>
    file.replace(/\.ts$/, '.d.ts'),
  );
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<[string, string]> => [
        file,
        await readFile(`packages/im-platform/dist/client/${file}`, 'utf8'),
      ]),
    ),
  );
}
