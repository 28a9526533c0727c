// What a user would install, looked at from outside: publint reads the packed files, attw asks TypeScript
// whether every door resolves to the right types. Run after the build: both read what would be published.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}

async function readManifest(directory: string): Promise<Manifest> {
  return JSON.parse(await readFile(`${directory}/package.json`, 'utf8')) as Manifest;
}

async function askPublint(directory: string): Promise<string[]> {
  const { messages, pkg } = await publint({ pkgDir: directory, pack: 'npm', strict: true });
  return messages.map(
    (message) => `publint: ${formatMessage(message, pkg, { color: false }) ?? message.code}`,
  );
}

async function askAttw(directory: string): Promise<string[]> {
  // Without @types lookup it needs no network.
  const options = ['--profile', 'esm-only', '--no-definitely-typed', '--format', 'ascii', '--no-color'];
  return new Promise((resolve) => {
    execFile('attw', ['--pack', directory, ...options], (error, stdout, stderr) => {
      resolve(error ? [`attw: ${(stdout + stderr).trim() || error.message}`] : []);
    });
  });
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
