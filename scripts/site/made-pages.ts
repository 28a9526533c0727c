// Pages that the site has and the repository has not: files that Markdown links to, their folders, and the list of decisions.
import { readFileSync } from 'node:fs';
import { dirname, extname, join, normalize, relative } from 'node:path/posix';
import { isElsewhere, linksIn, titleOf, withoutCode } from '../markdown.ts';
import { pageOf, sourcePage } from './places.ts';

type Page = readonly [page: string, text: string];

const languages: Readonly<Record<string, string>> = {
  '.mjs': 'js',
  '.cfg': 'ini',
  '.conf': 'nginx',
  '.service': 'ini',
};

/** Of all that is in `examples/` and `deploy/`, and of what else Markdown links to. */
export function sourcePages(files: readonly string[]): Page[] {
  const isShown = (file: string): boolean =>
    files.includes(file) && pageOf(file) === undefined && !/\.(svg|png|jpg)$/.test(file);
  const linked = files.filter((file) => pageOf(file) !== undefined).flatMap(filesLinkedFrom);
  const ofFolders = files.filter((file) => /^(examples|deploy)\//.test(file));
  const shown = Array.from(new Set([...ofFolders, ...linked])).filter(isShown);
  const folders = new Set(ofFolders.flatMap(foldersAbove));
  return [
    ...shown.map((file): Page => [sourcePage(file), sourceText(file)]),
    ...Array.from(folders, (folder): Page => [sourcePage(folder), folderText(folder, ofFolders)]),
  ];
}

function filesLinkedFrom(file: string): string[] {
  return linksIn(withoutCode(readFileSync(file, 'utf8')))
    .filter((target) => !isElsewhere(target))
    .map((target) => normalize(join(dirname(file), target.replace(/#.*$/, ''))));
}

function foldersAbove(file: string): string[] {
  const folder = dirname(file);
  return folder === '.' ? [] : [folder, ...foldersAbove(folder)];
}

function sourceText(file: string): string {
  const ending = extname(file);
  const language = languages[ending] ?? ending.slice(1);
  // Longer than any in the file.
  const fence = '`'.repeat(8);
  return `${head(file)}${fence}${language}\n${readFileSync(file, 'utf8').trimEnd()}\n${fence}\n`;
}

function folderText(folder: string, files: readonly string[]): string {
  const inside = files.filter((file) => file.startsWith(`${folder}/`));
  const lines = inside.map((file) => `- [${relative(folder, file)}](/${pageOf(file) ?? sourcePage(file)})`);
  return `${head(folder)}${lines.join('\n')}\n`;
}

/** Who searches the site wants to be told of it, not to be shown its files. */
const head = (path: string): string => `---\nsearch: false\noutline: false\n---\n\n# \`${path}\`\n\n`;

export function listOfDecisions(files: readonly string[]): Page {
  const lines = files
    .filter((file) => file.startsWith('docs/decisions/'))
    .map((file) => {
      const text = readFileSync(file, 'utf8');
      const [, left = ''] = /^Status: (left[^,]*)/m.exec(text) ?? [];
      return `- [${titleOf(text)}](/${pageOf(file) ?? ''})${left === '' ? '' : ` (${left})`}`;
    });
  const opening = '# Why it is as it is\n\nOne choice each: what was decided, why, and what was turned down.';
  return ['decisions/index.md', `${opening}\n\n${lines.join('\n')}\n`];
}
