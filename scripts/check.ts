// `npm run check`: all that is known of the code without running it. Two checks run at a time, and all of them run, so that
// one call shows everything that is wrong. What each says comes when it is done.
import { spawn } from 'node:child_process';
import { installTools, toolsFolder } from './install-tools.ts';
import { ownArguments } from './own-arguments.ts';

ownArguments({ name: 'check' });
// Three of them use it, and two at once would install it over each other.
await installTools(toolsFolder);
/** In the order in which they begin: the long ones first. Some need what another one has built. */
const checks: { readonly name: string; readonly after?: string }[] = [
  { name: 'types' },
  { name: 'lint' },
  { name: 'packages', after: 'types' },
  { name: 'format:check' },
  { name: 'docs', after: 'types' },
  { name: 'arrows' },
  { name: 'dead' },
  { name: 'licences' },
];
const atATime = 2;

interface Outcome {
  readonly name: string;
  readonly isGood: boolean;
}

function run(name: string): Promise<Outcome> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const child = spawn('npm', ['run', '--silent', name], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // On Windows npm is a .cmd file, which only a shell can run.
      shell: process.platform === 'win32',
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (bytes: Buffer) => said.push(bytes));
    child.stderr.on('data', (bytes: Buffer) => said.push(bytes));
    child.on('error', (error) => said.push(Buffer.from(`npm cannot be run: ${error.message}`)));
    child.on('close', (code) => {
      const isGood = code === 0;
      const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
      console.log(`${isGood ? '✓' : '✗'} npm run ${name} (${seconds} s)`);
      if (!isGood) console.log(Buffer.concat(said).toString().trimEnd());
      resolve({ name, isGood });
    });
  });
}

const underWay = new Map<string, Promise<Outcome>>();
const outcomes: Outcome[] = [];
while (checks.length + underWay.size > 0) {
  const isDone = (name: string): boolean => outcomes.some((outcome) => outcome.name === name);
  const next = checks.findIndex(({ after }) => after === undefined || isDone(after));
  if (next >= 0 && underWay.size < atATime) {
    for (const { name } of checks.splice(next, 1)) underWay.set(name, run(name));
    continue;
  }
  const outcome = await Promise.race(underWay.values());
  underWay.delete(outcome.name);
  outcomes.push(outcome);
}
const bad = outcomes.filter(({ isGood }) => !isGood).map(({ name }) => name);
if (bad.length > 0) console.error(`Not good: ${bad.join(', ')}.`);
process.exitCode = bad.length === 0 ? 0 : 1;
