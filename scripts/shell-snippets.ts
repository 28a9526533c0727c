// What READMEs and docs show of a shell. What runs it takes minutes (shell-runs/), and some needs Docker. So
// each command is also looked at: that scripts and packages of npm are there, and that our programs know each command and option.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readProgram, type Program } from 'im-common/internal/program';
import { program as imCli } from '../packages/im-cli/src/configuration.ts';
import { program as imGateway } from '../packages/im-gateway/src/configuration.ts';
import { program as imPlatform } from '../packages/im-platform/src/configuration.ts';
import { program as imServer } from '../packages/im-server/src/program/configuration.ts';
import { shellCodes, type ShellCode } from './shell-codes.ts';
import { pages } from './shell-runs/pages.ts';

export interface ShellSnippet {
  readonly where: string;
  /** What runs it; or that its commands were looked at; or why neither. */
  readonly state: 'run' | 'looked at' | 'not run';
  readonly why: string;
  readonly problems: readonly string[];
}

const programs: Readonly<Record<string, Program>> = {
  im: imCli,
  'im-gateway': imGateway,
  'im-platform': imPlatform,
  'im-server': imServer,
};

/** What carries out a snippet of this file as it stands; the first that fits. */
const runBy: readonly (readonly [file: string, code: RegExp, by: string])[] = [
  ['README.md', /^npm install && npm (start|test)\n$/, 'scripts/bare-machine'],
  ['docs/quick-start.md', /^npm install && npm start\n$/, 'scripts/bare-machine'],
  ['packages/im-web/README.md', /^npm install && npm start\n$/, 'scripts/bare-machine'],
  ['tools/site/index.md', /^npm install && npm start\n$/, 'scripts/bare-machine'],
  ['CONTRIBUTING.md', /^npm ci\nnpm test\n$/, '.ci/run'],
  ['packages/im-cli/README.md', /^\$ im /, 'packages/im-cli/test/readme.test.ts'],
];

/** Not on a machine that checks: what it would need. */
const needs: readonly (readonly [command: RegExp, what: string])[] = [
  [/^docker\b/, 'Docker'],
  [/^(kubectl|helm)\b/, 'a cluster of Kubernetes'],
  [/^redis-cli\b/, 'a Redis with devices'],
];

/** Of the system, and of examples in other languages. */
const known =
  /^(cd|echo|export|chmod|create-im-app|curl|openssl|python3|xargs|sort|uniq|date|gzip|rsync|mariadb-dump|for|done|do|mkdir|cp|sed|nginx|promtool|prometheus|node|sh|source|set)\b/;

/** All of them, with what was found. */
export function shellSnippets(texts: ReadonlyMap<string, string>): ShellSnippet[] {
  return [...texts].flatMap(([file, text]) => shellCodes(text).map((code) => judge(file, code)));
}

function judge(file: string, { code, line, isSession }: ShellCode): ShellSnippet {
  const where = `${file}:${line}`;
  const commands = isSession ? [] : commandsOf(code);
  const problems = commands.flatMap((command) =>
    problemsOf(file, command).map((what) => `${where}: ${what}`),
  );
  const isRun = pages.some(({ file: of, only }) => of === file && (only?.test(code) ?? true));
  const by =
    isRun && !isSession ? 'npm run shell' : runBy.find(([of, form]) => of === file && form.test(code))?.[2];
  if (by !== undefined) return { where, state: 'run', why: by, problems };
  const missing = needs.find(([form]) => commands.some((command) => form.test(command)))?.[1];
  if (missing !== undefined) return { where, state: 'not run', why: `it needs ${missing}`, problems };
  const hasOurs = commands.some((command) => /^(npm|npx|im)\b|packages\/im-/.test(command));
  return hasOurs
    ? { where, state: 'looked at', why: 'scripts, packages, commands and options are there', problems }
    : { where, state: 'not run', why: 'it goes on from what runs in the snippet before', problems };
}

/** One by one, without what a shell adds: comments, variables before them, pipes, redirections. */
function commandsOf(code: string): string[] {
  const [whole, inner] = [code.replace(/\\\n\s*/g, ' '), [] as string[]];
  const outer = whole.replace(/\$\(([^()]*)\)/g, (_, command: string) => {
    inner.push(command);
    return 'x';
  });
  return [...outer.split('\n'), ...inner]
    .map((line) => line.replace(/(^|\s)#.*$/, ''))
    .flatMap((line) => line.match(/(?:'[^']*'|"[^"]*"|[^'"&|;])+/g) ?? [])
    .map((command) => command.trim().replace(/^((?!export\b)\w+=('[^']*'|"[^"]*"|\S*)\s*)+/, ''))
    .filter((command) => command !== '');
}

function problemsOf(file: string, command: string): string[] {
  const words = Array.from(command.replace(/ >.*$/, '').matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g), ([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, one?: string, other?: string) => one ?? other ?? ''),
  );
  const [first = '', ...rest] = words[0] === 'npx' ? words.slice(1) : words;
  if (first === 'npm') return npmProblems(file, rest);
  const source = words.find((word) => /^packages\/im-[\w-]+\/src\/main\.ts$/.test(word));
  const name = source === undefined ? first : (source.split('/')[1] ?? '').replace(/^im-cli$/, 'im');
  const program = programs[name];
  if (program) return programProblems(program, withoutDots(words.slice(words.indexOf(source ?? first) + 1)));
  if (first === 'export') return rest.flatMap((word) => variableProblems(file, word));
  if (known.test(first) || first === 'tsx' || needs.some(([form]) => form.test(first))) return [];
  return [`${first} is no command that is known here`];
}

function npmProblems(file: string, [command = '', ...words]: readonly string[]): string[] {
  const workspaces = words.flatMap((word, index) => (words[index - 1] === '-w' ? word : []));
  const known = workspaceFolders();
  const strangers = workspaces.filter((name) => !known.has(name)).map((name) => `${name} is no workspace`);
  const script = command === 'run' ? words[0] : ['start', 'test'].includes(command) ? command : undefined;
  if (script === undefined) return strangers;
  const own = existsSync(join(dirname(file), 'package.json')) ? [dirname(file)] : [];
  const folders = workspaces.length > 0 ? workspaces.map((name) => known.get(name) ?? '.') : [...own, '.'];
  // Of a project that create-im-app makes: its own test starts that.
  const isThere =
    file.includes('create-im-app') || folders.some((folder) => scriptsOf(folder).includes(script));
  return isThere ? strangers : [...strangers, `npm has no script ${script} there`];
}

/** `…` stands for options of the reader's own, but for a value behind an option. */
function withoutDots(words: readonly string[]): string[] {
  return words.filter((word, index) => word !== '…' || words[index - 1]?.startsWith('--') === true);
}

/** That something is missing that the snippet need not name is none. */
function programProblems(program: Program, words: readonly string[]): string[] {
  try {
    readProgram(program, words, {});
    return [];
  } catch (error) {
    return [`${program.name} ${words.join(' ')}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

function variableProblems(file: string, word: string): string[] {
  const [, name = ''] = /^(IM_\w+)=/.exec(word) ?? [];
  // Examples read some of their own.
  if (name === '' || file.startsWith('examples/')) return [];
  const isKnown = Object.values(programs).some(({ envPrefix, table }) =>
    Object.keys(table).some((option) => name === envPrefix + inWords(option)),
  );
  return isKnown ? [] : [`${name} is no variable of our programs`];
}

function inWords(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

interface Manifest {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

function scriptsOf(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  return Object.keys(manifest.scripts ?? {});
}

function workspaceFolders(): ReadonlyMap<string, string> {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, Manifest>>;
  };
  const folders = Object.entries(lock.packages).filter(
    ([path]) => path !== '' && !path.includes('node_modules/'),
  );
  return new Map(folders.map(([path, { name = path.split('/').at(-1) ?? '' }]) => [name, path]));
}
