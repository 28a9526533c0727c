// `npm run check`: all that is known of the code without running it. Two checks run at a time, and all of them run, so that
// one call shows everything that is wrong. What each says comes when it is done.
import { spawn } from 'node:child_process';

/** One row waits for nobody; within a row each needs what the one before it has built or has made fast. */
const rows = [
  ['types', 'packages'],
  ['format:check', 'lint', 'docs', 'arrows', 'dead'],
];

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

async function runRow(names: readonly string[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const name of names) outcomes.push(await run(name));
  return outcomes;
}

const outcomes = (await Promise.all(rows.map(runRow))).flat();
const bad = outcomes.filter(({ isGood }) => !isGood).map(({ name }) => name);
if (bad.length > 0) console.error(`Not good: ${bad.join(', ')}.`);
process.exitCode = bad.length === 0 ? 0 : 1;
