import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** What somebody who opens the page is asked to load before there is something to see. */
export const maxGzippedBytesOfPage = 200_000;
export const manyGzippedBytesOfPage = 180_000;

interface Entry {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly isEntry?: boolean;
}

export interface Weight {
  readonly name: string;
  readonly gzippedBytes: number;
}

/** The first load of the page, file by file: index.html and what it imports before it runs. */
export async function weighPage(folder: string): Promise<Weight[]> {
  const manifest = JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8')) as Record<
    string,
    Entry
  >;
  const names = new Set(['index.html']);
  const take = (key: string): void => {
    const entry = manifest[key];
    if (!entry || names.has(entry.file)) return;
    names.add(entry.file);
    for (const css of entry.css ?? []) names.add(css);
    for (const imported of entry.imports ?? []) take(imported);
  };
  for (const [key, { isEntry }] of Object.entries(manifest)) if (isEntry) take(key);
  return Promise.all(
    [...names].map(async (name) => ({
      name,
      gzippedBytes: gzipSync(await readFile(join(folder, name)), { level: 9 }).length,
    })),
  );
}
