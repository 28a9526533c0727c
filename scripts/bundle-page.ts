import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const source = fileURLToPath(new URL('../packages/im-platform/page/', import.meta.url));
/** Where im-platform looks for it, from source and published alike. */
const usualFolder = fileURLToPath(new URL('../packages/im-platform/dist/page/', import.meta.url));

/** The chat page of im-platform, im-device in it: three files that any server can hand out. Returns their folder. */
export async function bundlePage(folder: string = usualFolder): Promise<string> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: [join(source, 'main.ts')],
    outfile: join(folder, 'main.js'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['im-source'],
    legalComments: 'none',
  });
  for (const file of ['index.html', 'style.css']) await copyFile(join(source, file), join(folder, file));
  return folder;
}
