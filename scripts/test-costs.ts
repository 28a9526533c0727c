// npm run costs [-- files]: the tests, and how many seconds of CPU each file took, with the processes that it started. On a
// machine that is busy otherwise the clock says nothing, and this still does. Linux only.
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownArguments } from './own-arguments.ts';
import type { FileCosts } from '../test/support/costs.ts';

const { positionals } = ownArguments({ name: 'costs', takes: 'files, and after -- options of vitest' });
const folder = await mkdtemp(join(tmpdir(), 'im-costs-'));
const file = join(folder, 'costs');
const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--retry=0', ...positionals];
const env = { ...process.env, IM_TEST_COSTS: file };
const { status } = spawnSync(process.execPath, vitest, { stdio: 'inherit', env });
const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
await rm(folder, { recursive: true });

const costs = lines.map((line) => JSON.parse(line) as FileCosts);
costs.sort((one, other) => other.cpuSeconds - one.cpuSeconds);
console.log('\n     CPU   clock');
for (const { file: name, cpuSeconds, seconds } of costs)
  console.log(`${cpuSeconds.toFixed(1).padStart(8)}${seconds.toFixed(1).padStart(8)}  ${name}`);
const sum = costs.reduce((total, { cpuSeconds }) => total + cpuSeconds, 0);
console.log(`${sum.toFixed(1).padStart(8)} seconds of CPU in all, without what all files share`);
process.exitCode = status ?? 1;
