// npm run repeat -- --times 20 [files]: the tests so often, without a second try, and which of them failed how often. Whole runs
// of a commit are written down. npm run repeat -- --add report.json [--commit abc1234]: a whole run from elsewhere, too.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownArguments } from './own-arguments.ts';
import { failedIn, hasChanges, standing, writeDown, type Report } from './whole-runs.ts';

const { values, positionals: files } = ownArguments({
  name: 'repeat',
  takes: 'files',
  options: { times: { type: 'string', default: '20' }, add: { type: 'string' }, commit: { type: 'string' } },
});
if (values.add === undefined) await repeat(Number(values.times));
else await add(values.add);

async function add(file: string): Promise<void> {
  const report = JSON.parse(await readFile(file, 'utf8')) as Report;
  await writeDown(report, failedIn(report), values.commit);
  console.log(await standing());
}

async function repeat(times: number): Promise<void> {
  if (!Number.isInteger(times) || times < 1)
    throw new TypeError(`--times is ${values.times}; expected 1 or more.`);
  const folder = await mkdtemp(join(tmpdir(), 'im-repeat-'));
  const failures = new Map<string, number>();
  let green = 0;
  for (let run = 1; run <= times; run += 1) {
    const failed = await runOnce(`run ${run}`, join(folder, `${run}.json`));
    if (failed.length === 0) green += 1;
    for (const name of failed) failures.set(name, (failures.get(name) ?? 0) + 1);
  }
  await rm(folder, { recursive: true });

  console.log(`${green} of ${times} runs were green`);
  for (const [name, count] of [...failures].sort(([, one], [, other]) => other - one))
    console.log(`  ${count} × ${name}`);
  if (files.length === 0) console.log(await standing());
  process.exitCode = green === times ? 0 : 1;
}

async function runOnce(label: string, file: string): Promise<string[]> {
  const startTime = Date.now();
  // Whoever edits meanwhile is not tested as a whole.
  const isOfCommit = files.length === 0 && !hasChanges();
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
  const seconds = Math.round((Date.now() - startTime) / 1_000);
  console.log(`${label}: ${report?.numPassedTests ?? 0} passed, ${failed.length} failed, ${seconds} s`);
  for (const name of failed) console.log(`  ${name}`);
  if (isOfCommit && !hasChanges())
    await writeDown(report ?? { numPassedTests: 0, startTime, testResults: [] }, failed);
  return failed;
}
