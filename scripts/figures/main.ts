// npm run figures [-- <tree> …]: how large the house is, and how well it is divided, as a table with a column for each tree.
// Before and after: git worktree add ../before <commit>, then npm run figures -- ../before .
import { basename, resolve } from 'node:path';
import { ownArguments } from '../own-arguments.ts';
import { arrowsAmong } from './arrows.ts';
import { duplicatesIn } from './duplicates.ts';
import { functionsOf, quantile } from './functions.ts';
import { linesOf, sourcesOf, type Source } from './sources.ts';

const { positionals } = ownArguments({ name: 'figures', takes: 'trees' });
const trees = positionals.length > 0 ? positionals : ['.'];
const columns = trees.map((tree) => figuresOf(sourcesOf(resolve(tree))));
const names = [...new Set(columns.flatMap((figures) => [...figures.keys()]))].sort(inOrder);

console.log(['', '', ...trees.map((tree) => basename(resolve(tree))), ''].join(' | ').trim());
console.log(`|${' --- |'.repeat(trees.length + 1)}`);
for (const name of names)
  console.log(`| ${name} | ${columns.map((figures) => figures.get(name) ?? '–').join(' | ')} |`);

/** The packages first, by name, as each tree has others; the rest as it is. */
function inOrder(one: string, other: string): number {
  const [isOne = false, isOther = false] = [one, other].map((name) => name.startsWith('lines of im-'));
  return isOne && isOther ? one.localeCompare(other) : Number(isOther) - Number(isOne);
}

function figuresOf(sources: readonly Source[]): Map<string, string | number> {
  const own = sources.filter(({ isTest }) => !isTest);
  const tests = sources.filter(({ isTest }) => isTest);
  const figures = new Map<string, string | number>();
  for (const name of [...new Set(sources.map((source) => source.package))].sort())
    figures.set(
      `lines of ${name}, and of its tests`,
      [own, tests].map((all) => sum(all.filter((source) => source.package === name))).join(' + '),
    );
  figures.set('lines of all, and of their tests', `${sum(own)} + ${sum(tests)}`);

  const { count, pairs, cycles } = arrowsAmong(own);
  figures.set('folders that import from another one of their package', count);
  figures.set('pairs of folders that know each other', listed(pairs));
  figures.set('cycles of folders', listed(cycles));

  const lengths = own.map(({ path, text }) => ({ path, lines: linesOf(text) }));
  const longestFile = lengths.reduce((one, other) => (other.lines > one.lines ? other : one));
  figures.set('longest file', `${longestFile.lines}: ${longestFile.path}`);

  const functions = own.flatMap(functionsOf);
  const longest = functions.reduce((one, other) => (other.lines > one.lines ? other : one));
  const inFunctions = functions.map(({ lines }) => lines);
  figures.set('longest function', `${longest.lines}: ${longest.name} in ${longest.path}`);
  figures.set('functions', functions.length);
  figures.set('their lines: median', quantile(inFunctions, 0.5));
  figures.set('their lines: ninth decile', quantile(inFunctions, 0.9));

  figures.set('files that share runs of six lines', countOf(duplicatesIn(own)));
  figures.set('files that share runs of six lines, tests', countOf(duplicatesIn(tests)));
  return figures;
}

function sum(sources: readonly Source[]): number {
  return sources.reduce((total, { text }) => total + linesOf(text), 0);
}

function listed(found: readonly string[]): string {
  return found.length === 0 ? '0' : `${found.length}: ${found.join('; ')}`;
}

function countOf(runs: ReadonlyMap<string, number>): string {
  const total = [...runs.values()].reduce((all, count) => all + count, 0);
  return `${runs.size} pairs, ${total} runs`;
}
