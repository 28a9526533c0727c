// npm run repeat -- --times 20 [files]: the tests so often, without a second try, and which of them failed how often.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

interface Report {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const { values, positionals: files } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '20' } },
});
const times = Number(values.times);
if (!Number.isInteger(times) || times < 1)
  throw new TypeError(`--times is ${values.times}; expected 1 or more.`);

const folder = await mkdtemp(join(tmpdir(), 'im-repeat-'));
const failures = new Map<string, number>();
let green = 0;
for (let run = 1; run <= times; run += 1) {
  const startedAt = performance.now();
  const file = join(folder, `${run}.json`);
  const reporters = ['--reporter=json', `--outputFile.json=${file}`];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--retry=0', ...reporters, ...files];
  const { status } = spawnSync(process.execPath, vitest, { stdio: ['ignore', 'ignore', 'inherit'] });
  // A run that broke before its end has written none.
  const report = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Report,
    () => undefined,
  );
  const failed = report ? failedIn(report) : ['the run broke off'];
  if (status !== 0 && failed.length === 0) failed.push('something outside of tests');
  if (failed.length === 0) green += 1;
  for (const name of failed) failures.set(name, (failures.get(name) ?? 0) + 1);
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  console.log(`run ${run}: ${report?.numPassedTests ?? 0} passed, ${failed.length} failed, ${seconds} s`);
  for (const name of failed) console.log(`  ${name}`);
}
await rm(folder, { recursive: true });

console.log(`${green} of ${times} runs were green`);
for (const [name, count] of [...failures].sort(([, one], [, other]) => other - one))
  console.log(`  ${count} × ${name}`);
process.exitCode = green === times ? 0 : 1;

function failedIn({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed').map(({ fullName }) => fullName);
    // A file that does not load has no tests.
    return status === 'failed' && tests.length === 0 ? [name] : tests;
  });
}
