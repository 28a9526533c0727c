// What a user would install, looked at from outside: publint reads the packed files, attw asks TypeScript
// whether every door resolves to the right types. Run after the build: both read what would be published. Both are
// programs of tools/: `npm run packages` starts this with them at hand.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}

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

async function check(directory: string): Promise<boolean> {
  const { name, private: isPrivate } = await readManifest(directory);
  if (isPrivate) return true;
  // One after the other: both pack the same folder.
  const problems = [...(await askPublint(directory)), ...(await askAttw(directory))];
  console.log([`${name}: ${problems.length === 0 ? 'good' : 'bad'}`, ...problems].join('\n  '));
  return problems.length === 0;
}

const folders = await readdir('packages', { withFileTypes: true });
const verdicts = await Promise.all(
  folders.filter((entry) => entry.isDirectory()).map((folder) => check(`packages/${folder.name}`)),
);
process.exitCode = verdicts.every((good) => good) ? 0 : 1;
