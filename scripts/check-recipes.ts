// `npm run recipes`: what CONTRIBUTING tells newcomers to write is written into a copy of the tree, which must compile then, and
// pass the tests that the recipe names. Comments, which readers do not see, say where each snippet goes and what follows:
// <!-- new: a/new/file.ts -->, <!-- in: a/file.ts before: a piece of a line --> or <!-- in: a/file.ts after: a piece of a line -->
// before the snippet; <!-- run: a command --> and <!-- test: a/test/file.ts … --> wherever.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ownArguments } from './own-arguments.ts';

ownArguments({ name: 'recipes' });
interface Recipe {
  readonly heading: string;
  readonly edits: readonly Edit[];
  readonly commands: readonly string[];
  readonly tests: readonly string[];
  /** Snippets that go nowhere. */
  readonly idle: number;
}

interface Edit {
  readonly file: string;
  /** Beside which line of the file. Undefined: it is a new one. */
  readonly beside: { readonly side: 'before' | 'after'; readonly line: string } | undefined;
  readonly snippet: string;
}

const contributing = await readFile('CONTRIBUTING.md', 'utf8');
const recipes = Array.from(contributing.matchAll(/^## (Add .*)\n([^]*?)(?=^## )/gm), readRecipe);
const problems = recipes.flatMap(({ heading, idle }) =>
  idle > 0 ? [`${heading}: no comment says where ${idle} of its snippets go`] : [],
);
const copy = await copyOfTree();
try {
  for (const recipe of recipes) problems.push(...(await follow(recipe)));
  if (problems.length === 0) problems.push(...(await compile()));
  if (problems.length === 0) problems.push(...runTests(recipes.flatMap(({ tests }) => tests)));
} finally {
  await rm(copy, { recursive: true });
}
for (const problem of problems) console.error(problem);
const snippets = recipes.reduce((sum, { edits }) => sum + edits.length, 0);
console.log(
  `${recipes.length} recipes, ${snippets} snippets: ${problems.length === 0 ? 'good' : 'not good'}`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function readRecipe([, heading = '', text = '']: RegExpMatchArray): Recipe {
  const all = (pattern: RegExp): string[] =>
    Array.from(text.matchAll(pattern), ([, found = '']) => found.trim());
  const placed = text.matchAll(
    /^ *<!-- (?:new: (\S+)|in: (\S+) (before|after): (.*?)) -->\s*^( *)```\w*\n(.*?)^ *```/gms,
  );
  const edits = Array.from(placed, ([, created, changed, side, line = '', indent = '', code = '']): Edit => {
    const snippet = code.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
    return {
      file: created ?? changed ?? '',
      beside: side === 'before' || side === 'after' ? { side, line } : undefined,
      snippet,
    };
  });
  return {
    heading,
    edits,
    commands: all(/<!-- run: (.*?) -->/g),
    tests: all(/<!-- test: (.*?) -->/g).flatMap((files) => files.split(/\s+/)),
    idle: all(/^ *(```\w)/gm).length - edits.length,
  };
}

/** With packages that find each other in the copy, and all else where it is. */
async function copyOfTree(): Promise<string> {
  await mkdir('dist', { recursive: true });
  const folder = await mkdtemp('dist/recipes-');
  const listing = ['-c', 'safe.directory=*', 'ls-files', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', listing, { encoding: 'utf8' }).split('\n');
  const tops = new Set(files.map((file) => file.split('/')[0] ?? ''));
  const isLeftOut = (path: string): boolean => /(^|\/)(node_modules|dist)(\/|$)/.test(path);
  for (const top of tops)
    if (top !== '') await cp(top, join(folder, top), { recursive: true, filter: (path) => !isLeftOut(path) });
  await mkdir(join(folder, 'node_modules'));
  const workspaces = [...(await readdir('packages')).map((name) => `packages/${name}`), 'test'];
  for (const workspace of workspaces) {
    const { name } = JSON.parse(await readFile(`${workspace}/package.json`, 'utf8')) as { name: string };
    await symlink(`../${workspace}`, join(folder, 'node_modules', name));
    // What npm could not put at the top, as another version stands there.
    const own = resolve(workspace, 'node_modules');
    if (existsSync(own)) await symlink(own, join(folder, workspace, 'node_modules'));
  }
  return folder;
}

async function follow({ heading, edits, commands }: Recipe): Promise<string[]> {
  const found: string[] = [];
  for (const edit of edits) {
    const problem = await write(edit);
    if (problem !== undefined) found.push(`${heading}: ${problem}`);
  }
  for (const command of commands) found.push(...run(command, 'sh', ['-c', command]));
  return found;
}

async function write({ file, beside, snippet }: Edit): Promise<string | undefined> {
  const path = join(copy, file);
  if (!beside) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, snippet, { flag: 'wx' });
    return undefined;
  }
  const lines = (await readFile(path, 'utf8')).split('\n');
  const at = lines.findIndex((line) => line.includes(beside.line));
  if (at === -1) return `${file} has no line with "${beside.line}"`;
  lines.splice(beside.side === 'before' ? at : at + 1, 0, snippet.trimEnd());
  await writeFile(path, lines.join('\n'));
  return undefined;
}

/** All sources of the packages, and the tests that were written. */
async function compile(): Promise<string[]> {
  const written = recipes.flatMap(({ edits }) => edits.map(({ file }) => file));
  const include = ['packages/*/src/**/*.ts', ...written.filter((file) => file.endsWith('.ts'))];
  const config = { extends: './tsconfig.check.json', compilerOptions: { incremental: false }, include };
  await writeFile(join(copy, 'tsconfig.recipes.json'), JSON.stringify(config));
  const tsc = join(process.cwd(), 'node_modules/@native/typescript/bin/tsc');
  return run('types', process.execPath, [tsc, '-p', 'tsconfig.recipes.json']);
}

function runTests(files: readonly string[]): string[] {
  const vitest = join(process.cwd(), 'node_modules/vitest/vitest.mjs');
  return run('tests', process.execPath, [vitest, 'run', '--typecheck.enabled=false', ...new Set(files)]);
}

/** What it says, if it fails. */
function run(what: string, program: string, args: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: copy, encoding: 'utf8' });
  return status === 0 ? [] : [`${what}:\n${stdout}${stderr}`];
}
