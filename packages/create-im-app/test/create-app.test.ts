import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createApp, templates } from 'create-im-app';
import { onCleanup, runnable } from 'im-test/support';
import { expect, test } from 'vitest';

// What is made runs in test/packed, with the packages as users have them.

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'im-test-create-'));
  onCleanup(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface Said {
  readonly code: number | null;
  readonly said: string;
}

/** As `npm create im-app` runs it, with these lines typed. */
async function create(cwd: string, args: readonly string[], typed = ''): Promise<Said> {
  const program = runnable('packages/create-im-app/src/main.ts');
  const child = spawn(process.execPath, [...program, ...args], { cwd });
  child.stdin.end(typed);
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, said: out + err };
}

test('what is not said is asked, and what to do next is told', async () => {
  const cwd = await emptyFolder();

  const { code, said } = await create(cwd, [], 'my-shop\n2\n');

  expect(code).toBe(0);
  expect(said).toContain('  2  fastify     Fastify, with the push server in it\n');
  expect(said).toContain(
    '\n  cd my-shop\n  npm install\n  npm start     # then open http://localhost:3000\n',
  );
  const manifest = JSON.parse(await readFile(join(cwd, 'my-shop/package.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({ name: 'my-shop', dependencies: { 'im-embedded': '0.0.0' } });
  expect(await readFile(join(cwd, 'my-shop/README.md'), 'utf8')).toContain('npm install\nnpm start');
});

test.each([
  [['my-shop', '--template', 'spring'], 'There is no template "spring".'],
  [['my-shop'], 'No template was chosen.'],
  [['one', 'two'], 'There are two folders: one and two.'],
  [['my-shop', '--tempalte', 'nest'], "Unknown option '--tempalte'"],
  [['My Shop', '--template', 'nest'], '"My Shop" cannot be the name of a package'],
  [['../.hidden', '--template', 'nest'], '".hidden" cannot be the name of a package'],
])('%j is refused, and nothing is made', async (args, why) => {
  const cwd = await emptyFolder();

  const { code, said } = await create(cwd, args);

  expect([code, said]).toEqual([1, expect.stringContaining(why)]);
  expect(await readdir(cwd)).toEqual([]);
});

test('a folder with something in it stays as it is, and one with a repository only is taken', async () => {
  const folder = join(await emptyFolder(), 'shop');
  await mkdir(join(folder, '.git'), { recursive: true });
  await writeFile(join(folder, 'notes.txt'), 'mine');

  const refused = createApp({ folder, template: 'express' });
  await expect(refused).rejects.toThrow(/is not empty: it has notes\.txt/);
  expect((await readdir(folder)).sort()).toEqual(['.git', 'notes.txt']);
  await expect(createApp({ folder: join(folder, 'notes.txt'), template: 'nest' })).rejects.toThrow(
    'There is a file of this name.',
  );

  await rm(join(folder, 'notes.txt'));
  await createApp({ folder, template: 'express' });
  expect(await readdir(folder)).toContain('package.json');
});

test('each project has secrets of its own, for its owner only, which git does not take', async () => {
  const cwd = await emptyFolder();
  const folders = ['one', 'two'].map((name) => join(cwd, name));
  for (const folder of folders) await createApp({ folder, template: 'chat' });

  const [one, two] = await Promise.all(folders.map((folder) => readFile(join(folder, '.env'), 'utf8')));
  expect(one).toMatch(/^JWT_SECRET=[\w-]{43}\nREFRESH_SECRET=[\w-]{43}\n$/);
  expect(new Set([...(one ?? '').split('\n'), ...(two ?? '').split('\n')]).size).toBe(5);
  expect((await stat(join(folders[0] ?? '', '.env'))).mode & 0o777).toBe(0o600);
  expect(await readFile(join(folders[0] ?? '', '.gitignore'), 'utf8')).toContain('.env\n');
});

interface Lock {
  readonly packages: Readonly<Record<string, Manifest>>;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

test('what projects depend on is what the repository is tried with', async () => {
  const cwd = await emptyFolder();
  const lock = await readFile(new URL('../../../package-lock.json', import.meta.url), 'utf8');
  const { packages } = JSON.parse(lock) as Lock;
  // Those of the repository and its workspaces.
  const ours = Object.entries(packages).filter(([path]) => !path.includes('node_modules/'));
  const known = new Set(ours.flatMap(([, manifest]) => dependenciesOf(manifest)));
  for (const template of Object.keys(templates) as (keyof typeof templates)[]) {
    await createApp({ folder: join(cwd, template), template });
    const manifest = await readFile(join(cwd, template, 'package.json'), 'utf8');

    const made = dependenciesOf(JSON.parse(manifest) as Manifest);

    expect(made.filter((dependency) => !known.has(dependency))).toEqual([]);
  }
});

/** `name version`, the version without what says how much newer it may be, and by which other name npm has it. */
function dependenciesOf({ dependencies, devDependencies }: Manifest): string[] {
  return Object.entries({ ...dependencies, ...devDependencies }).map(
    ([name, range]) => `${name} ${range.replace(/^([~^]|npm:.*@)/, '')}`,
  );
}

test('a README names the file in which sessions are to be put', async () => {
  for (const [name, { believes }] of Object.entries(templates)) {
    if (believes === undefined) continue;
    const file = new URL(`../templates/${name}/${believes}`, import.meta.url);
    expect(await readFile(file, 'utf8'), name).toContain('the session says who it is');
  }
});
