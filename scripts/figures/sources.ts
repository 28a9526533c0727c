import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface Source {
  /** From the root of the tree. */
  readonly path: string;
  readonly package: string;
  readonly isTest: boolean;
  readonly text: string;
}

/** Nobody wrote it, and nobody reads it. */
const isGenerated = (text: string): boolean => text.startsWith('// Written by `npm run ');

/** All TypeScript that somebody wrote of the packages in a tree: `src/`, `page/` and `test/` of each. */
export function sourcesOf(root: string): Source[] {
  const packages = join(root, 'packages');
  return readdirSync(packages).flatMap((name) => {
    const folders = ['src', 'page', 'test'].map((folder) => join(packages, name, folder));
    const sources = folders.flatMap(filesIn).map((file) => ({
      path: relative(root, file),
      package: name,
      isTest: relative(packages, file).startsWith(join(name, 'test')),
      text: readFileSync(file, 'utf8'),
    }));
    return sources.filter(({ text }) => !isGenerated(text));
  });
}

function filesIn(folder: string): string[] {
  const entries = readEntries(folder).filter(({ name }) => !['node_modules', 'dist'].includes(name));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesIn(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

function readEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // not every package has each
  }
}

export function linesOf(text: string): number {
  return text.trimEnd().split('\n').length;
}
