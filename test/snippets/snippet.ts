import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onCleanup } from 'im-test/support';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a document shows in TypeScript or JavaScript. */
export interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  /** Of the comment before it, without which it does not compile. */
  readonly given: string;
}

/** What runs a snippet, and how one sees that it does what it says. */
export interface Row {
  readonly file: string;
  /** Stands in this snippet alone. */
  readonly has: string;
  run(start: Start): Promise<void>;
}

export interface Surroundings {
  /** What it has from somewhere else, by name. */
  readonly given?: Readonly<Record<string, unknown>>;
  /** Addresses and ports of its readers, and ours. */
  readonly swaps?: Readonly<Record<string, string>>;
  /** Of its names those that are looked at. */
  readonly shown?: readonly string[];
}

/** Resolves with what is shown, when all of it has run. */
export type Start = <Shown extends object = object>(surroundings: Surroundings) => Promise<Shown>;

/** CONTRIBUTING shows changes to files, which are nothing by themselves. */
export function allSnippets(): Snippet[] {
  const listed = execFileSync('git', ['-c', 'safe.directory=*', 'ls-files', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = listed.split('\n').filter((file) => file !== '' && file !== 'CONTRIBUTING.md');
  return files.flatMap((file) => snippetsIn(file, readFileSync(join(root, file), 'utf8')));
}

function snippetsIn(file: string, text: string): Snippet[] {
  const fences = text.matchAll(/(?:<!-- given:(.*?)-->\s*)?^```(?:ts|js)\n(.*?)^```/gms);
  return Array.from(fences, ({ 0: all, 1: given = '', 2: code = '', index }) => ({
    ...{ file, code, given },
    line: text.slice(0, index + all.indexOf('```')).split('\n').length,
  }));
}

/** Within the repository, so that it finds the packages. */
export async function runSnippet<Shown extends object>(
  { code, given: before }: Snippet,
  { given = {}, swaps = {}, shown = [] }: Surroundings,
): Promise<Shown> {
  let text = `${before}\n${code}`;
  for (const [theirs, ours] of Object.entries(swaps)) {
    if (!text.includes(theirs)) throw new Error(`It has no ${theirs}`);
    text = text.replaceAll(theirs, () => ours);
  }
  await mkdir(join(root, 'dist'), { recursive: true });
  const folder = await mkdtemp(join(root, 'dist', 'snippet-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  Object.assign(globalThis, { givenToSnippet: given });
  const names = Object.keys(given).join(', ');
  const file = join(folder, 'snippet.ts');
  // Each name that it declares is gone when it is compiled.
  const head = `let { ${names} } = (globalThis as any).givenToSnippet;`;
  await writeFile(file, `${head}\n${text}\nexport const shownBySnippet = { ${shown.join(', ')} };\n`);
  const { shownBySnippet } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    shownBySnippet: Shown;
  };
  return shownBySnippet;
}
