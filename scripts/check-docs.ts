// `npm run docs`: links of all Markdown files lead somewhere, lines can be read in an editor, and what READMEs and docs show
// as TypeScript or JavaScript compiles, against what `npm run types` has built.
//
// What they show of a shell is looked at, or run elsewhere: shell-snippets.ts. Routes of im-platform that they name are there: routes-in-docs.ts.
//
// A snippet that goes on from another one says in a comment before it what it needs of that one, as readers have it already:
// <!-- given: declare const im: import('im-client').ImClient; -->
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, relative } from 'node:path';
import { headingsOf, isElsewhere, linksIn, withoutCode } from './markdown.ts';
import { ownArguments } from './own-arguments.ts';
import { routeProblems } from './routes-in-docs.ts';
import { shellSnippets, type ShellSnippet } from './shell-snippets.ts';

const { values } = ownArguments({ name: 'docs', options: { shell: { type: 'boolean' } } });
const longestLine = 160;
const folder = 'dist/snippets';

interface Snippet {
  readonly where: string;
  readonly code: string;
}

const listed = spawnSync('git', ['-c', 'safe.directory=*', 'ls-files', '*.md'], { encoding: 'utf8' }).stdout;
const files = listed.split('\n').filter((file) => file !== '' && existsSync(file));
const texts = new Map<string, string>();
for (const file of files) texts.set(file, await readFile(file, 'utf8'));

const problems = [...texts].flatMap(([file, text]) => [
  ...longLines(file, text),
  ...deadLinks(file, text),
  ...(file.startsWith('docs/decisions/') ? withoutStatus(file, text) : []),
]);
const snippets = [...texts].flatMap(([file, text]) => snippetsOf(file, text));
problems.push(...(await compile(snippets)));
const shell = shellSnippets(texts);
problems.push(...shell.flatMap((snippet) => snippet.problems));
problems.push(...routeProblems(texts));
// `npm run docs -- --shell` names them.
if (values.shell)
  for (const { state, where, why } of shell) console.log(`${state.padEnd(10)} ${where}  ${why}`);
for (const problem of problems) console.error(problem);
const count = (state: ShellSnippet['state']): string =>
  `${shell.filter((snippet) => snippet.state === state).length} ${state}`;
console.log(
  `${shell.length} of a shell: ${count('run')} by tests and commands, ${count('looked at')}, ${count('not run')}`,
);
console.log(
  `${files.length} documents, ${snippets.length} snippets: ${problems.length === 0 ? 'good' : `${problems.length} problems`}`,
);
process.exitCode = problems.length === 0 ? 0 : 1;

function longLines(file: string, text: string): string[] {
  // They become entries of changelogs.
  if (file.startsWith('.changeset/')) return [];
  // Code within a line cannot be broken.
  const lines = withoutCode(text)
    .replace(/x{40,}/g, '')
    .split('\n');
  return lines.flatMap((line, index) =>
    line.length > longestLine && !/^\s*\|/.test(line)
      ? [`${file}:${index + 1}: ${line.length} characters; at most ${longestLine} outside of tables`]
      : [],
  );
}

/** Whether a decision still holds is said in one line, whoever left it says by which one. */
function withoutStatus(file: string, text: string): string[] {
  return /^# .*\n\nStatus: (in force|left for \d{3}|left), since .*20\d\d.*\.$/m.test(text)
    ? []
    : [
        `${file}: no line like "Status: in force, since 2026-11-20." or "Status: left for 019, since …" under its title`,
      ];
}

function deadLinks(file: string, text: string): string[] {
  const lines = withoutCode(text).split('\n');
  return lines.flatMap((line, index) =>
    linksIn(line)
      .map((target) => whyDead(file, target))
      .filter((why) => why !== undefined)
      .map((why) => `${file}:${index + 1}: ${why}`),
  );
}

function whyDead(file: string, target: string): string | undefined {
  if (isElsewhere(target)) return undefined;
  const [path = '', anchor] = target.split('#');
  const to = path === '' ? file : normalize(join(dirname(file), path));
  const [, packageFolder] = /^(packages\/[^/]+)\/README\.md$/.exec(file) ?? [];
  // Where it is installed, its neighbours are other packages.
  if (
    packageFolder !== undefined &&
    relative(packageFolder, to).startsWith('..') &&
    !/^packages\/im-\w+\/README\.md$/.test(to)
  )
    return `${target} is not there where the package is installed`;
  if (!existsSync(to)) return `${target} is not there`;
  if (anchor === undefined) return undefined;
  return headingsOf(texts.get(to) ?? '').includes(anchor) ? undefined : `${target} has no such heading`;
}

/** Of READMEs and docs. CONTRIBUTING shows changes to files, which are nothing by themselves. */
function snippetsOf(file: string, text: string): Snippet[] {
  if (file === 'CONTRIBUTING.md') return [];
  const fences = text.matchAll(/(?:<!-- given:(.*?)-->\s*)?^```(?:ts|js)\n(.*?)^```/gms);
  return Array.from(fences, ({ 1: given = '', 2: code = '', index, 0: all }) => ({
    where: `${file}:${text.slice(0, index + all.indexOf('```')).split('\n').length}`,
    code: `${given.trim()}\n${code}\nexport {};\n`,
  }));
}

async function compile(snippets: readonly Snippet[]): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const names = snippets.map(({ where }) => `${where.replaceAll(/\W+/g, '-')}.ts`);
  for (const [index, { code }] of snippets.entries()) await writeFile(join(folder, names[index] ?? ''), code);
  const compilerOptions = {
    ...{ target: 'es2022', module: 'nodenext', lib: ['es2023', 'esnext.disposable', 'dom'] },
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: ['node'] },
  };
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const isForNest = (name: string): boolean =>
    snippets[names.indexOf(name)]?.code.includes("'@nestjs/") === true;
  // NestJS has the decorators of old.
  const projects = [
    { compilerOptions, files: names.filter((name) => !isForNest(name)) },
    {
      compilerOptions: { ...compilerOptions, experimentalDecorators: true, emitDecoratorMetadata: true },
      files: names.filter(isForNest),
    },
  ];
  const said: string[] = [];
  for (const project of projects) {
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(project));
    said.push(
      spawnSync('node', ['node_modules/@native/typescript/bin/tsc', '-p', folder], { encoding: 'utf8' })
        .stdout,
    );
  }
  return said
    .join('\n')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const index = names.findIndex((name) => line.includes(name));
      return `${snippets[index]?.where ?? ''}: ${line.replace(/^[^(]*/, '')}`;
    });
}
