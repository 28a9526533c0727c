// npm run cuts -- [--seconds 60] [--seed 1] [--restarts 5]: two browsers write to each other while everything between them fails
// npm run cuts -- --megabytes 200 [--seed 1]: one of them sends a file of this size
import { ownArguments } from '../../scripts/own-arguments.ts';
import { withOwnCleanups } from '../support/cleanup.ts';
import { newSeed } from '../faults/kit/random.ts';
import { runCuts } from './cuts.ts';
import { runUploadCuts } from './upload-cuts.ts';

const { values } = ownArguments({
  name: 'cuts',
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(newSeed()) },
    restarts: { type: 'string', default: '5' },
    megabytes: { type: 'string' },
  },
});
await withOwnCleanups(async () => {
  if (values.megabytes !== undefined) {
    const report = await runUploadCuts({ megabytes: Number(values.megabytes), seed: Number(values.seed) });
    console.log(`seed ${values.seed}:`, report);
    process.exitCode = report.isWhole ? 0 : 1;
    return;
  }
  const [seconds, seed, restarts] = [values.seconds, values.seed, values.restarts].map(Number);
  const report = await runCuts({ seconds: seconds ?? 60, seed: seed ?? 1, restarts: restarts ?? 0 });
  console.log(`seed ${values.seed}:`, report);
  process.exitCode = report.problems.length === 0 ? 0 : 1;
});
process.exit();
