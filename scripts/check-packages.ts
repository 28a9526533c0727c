// What a user would install, looked at from outside: publint reads the packed files, attw asks TypeScript
// whether every door resolves to the right types. Run after the build: both read what would be published. Both are
// programs of tools/: `npm run packages` starts this with them at hand. What they found good they are not asked again.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ownArguments } from './own-arguments.ts';

ownArguments({ name: 'packages' });
interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly files: readonly string[];
}

const foundGoodFile = 'node_modules/.cache/good-packages.json';

async function readManifest(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(`${directory}/package.json`, 'utf8')) as Manifest;
}

/** What a program says, when it does not find everything good. */
async function ask(
  program: string,
  args: readonly string[],
  isGood: (said: string) => boolean,
): Promise<string[]> {
  return new Promise((resolve) => {
    execFile(program, args, (error, stdout, stderr) => {
      const said = (stdout + stderr).trim();
      resolve(!error && isGood(said) ? [] : [`${program}: ${said || (error?.message ?? '')}`]);
    });
  });
}

async function askPublint(directory: string): Promise<string[]> {
  // A mere suggestion does not make it fail, but is to be looked at too.
  return ask('publint', ['run', directory, '--pack', 'npm', '--strict'], (said) =>
    said.includes('All good!'),
  );
}

async function askAttw(directory: string): Promise<string[]> {
  // Without @types lookup it needs no network.
  const options = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', '--no-color'];
  return ask('attw', ['--pack', directory, ...options], () => true);
}

/** Of what would be published, and of those who look at it. */
async function digest(directory: string, { files }: Manifest): Promise<string> {
  const hash = createHash('sha256').update(await readFile('tools/package-lock.json'));
  const included = ['package.json', 'README.md', 'LICENSE', ...files.filter((path) => !path.startsWith('!'))];
  const listed = await Promise.all(included.map((path) => filesIn(join(directory, path))));
  for (const file of listed.flat().sort()) {
    if (!file.endsWith('.tsbuildinfo')) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex');
}

/** All of a folder, or the file itself. */
async function filesIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!entries) return [path];
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const foundGood = new Map(
  Object.entries(
    JSON.parse(await readFile(foundGoodFile, 'utf8').catch(() => '{}')) as Record<string, string>,
  ),
);

async function check(directory: string): Promise<boolean> {
  const manifest = await readManifest(directory);
  const { name } = manifest;
  if (manifest.private) return true;
  const content = await digest(directory, manifest);
  if (foundGood.get(name) === content) {
    console.log(`${name}: good, as before`);
    return true;
  }
  // One after the other: both pack the same folder.
  const problems = [...(await askPublint(directory)), ...(await askAttw(directory))];
  console.log([`${name}: ${problems.length === 0 ? 'good' : 'bad'}`, ...problems].join('\n  '));
  if (problems.length === 0) foundGood.set(name, content);
  return problems.length === 0;
}

const folders = await readdir('packages', { withFileTypes: true });
const verdicts = await Promise.all(
  folders.filter((entry) => entry.isDirectory()).map((folder) => check(`packages/${folder.name}`)),
);
await mkdir(dirname(foundGoodFile), { recursive: true });
await writeFile(foundGoodFile, JSON.stringify(Object.fromEntries(foundGood)));
process.exitCode = verdicts.every((good) => good) ? 0 : 1;
