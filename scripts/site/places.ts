// Where on the site a file of the repository is, and where a link of it leads there.
import { dirname, join, normalize } from 'node:path/posix';
import { isElsewhere } from '../markdown.ts';

/** What is made for the site alone lies here, as if it were in the repository. */
export const madeFolder = 'tools/site/pages';

const places: readonly (readonly [RegExp, string])[] = [
  [/^tools\/site\/index\.md$/, 'index.md'],
  [/^README\.md$/, 'readme.md'],
  [/^PROTOCOL\.md$/, 'protocol.md'],
  [/^CONTRIBUTING\.md$/, 'contributing.md'],
  [/^SECURITY\.md$/, 'report-a-weakness.md'],
  [/^bench\/diary\.md$/, 'diary.md'],
  [/^docs\/(.*\.md)$/, '$1'],
  [/^((?:packages|examples)\/[^/]+)\/README\.md$/, '$1.md'],
  [new RegExp(`^${madeFolder}/(.*\\.md)$`), '$1'],
];

/** Undefined: it is not on the site. */
export function pageOf(file: string): string | undefined {
  const [pattern, page] = places.find(([known]) => known.test(file)) ?? [];
  return pattern === undefined || page === undefined ? undefined : file.replace(pattern, page);
}

/** Files that are no pages, and folders, have a page that shows them. VitePress sees no names with a dot in front, and takes .html for pages. */
export const sourcePage = (path: string): string =>
  `source/${path.replace(/^\./, '').replace(/\.(html|md)$/, '-$1')}.md`;

/** A link or an image in `file`, as the site has it. */
export function addressOf(file: string, target: string): string {
  if (isElsewhere(target) || target.startsWith('#') || target.startsWith('/')) return target;
  const [path = '', anchor] = target.split('#');
  const to = normalize(join(dirname(file), decodeURI(path))).replace(/\/$/, '');
  if (/\.(svg|png|jpg)$/.test(to)) return `/${to}`;
  const page = to === 'docs/decisions' ? 'decisions/index.md' : (pageOf(to) ?? sourcePage(to));
  return `/${page}${anchor === undefined ? '' : `#${anchor}`}`;
}
