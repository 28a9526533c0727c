import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

interface PageFile {
  readonly type: string;
  readonly content: string;
}

/** By path. As your bundler does it. */
export async function makePages(): Promise<ReadonlyMap<string, PageFile>> {
  const folder = fileURLToPath(new URL('pages/', import.meta.url));
  const { outputFiles } = await build({
    ...{ absWorkingDir: folder, entryPoints: ['visitor.ts', 'agent.ts', 'widget.ts'], outdir: '.' },
    ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2022' },
    conditions: ['im-source'],
  });
  const made = new Map<string, PageFile>();
  for (const { path, text } of outputFiles)
    made.set(`/${path.slice(folder.length)}`, { type: 'text/javascript', content: text });
  for (const name of ['visitor', 'agent'])
    made.set(`/${name}`, { type: 'text/html', content: await readFile(`${folder}${name}.html`, 'utf8') });
  return made;
}
