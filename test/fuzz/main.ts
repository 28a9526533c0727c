// npm run fuzz -- [--frames 1000000] [--seed 7]
// npm run fuzz -- --calls 100000 [--seed 7]
import { parseArgs } from 'node:util';
import { newSeed } from '../faults/kit/random.ts';
import { fuzzCalls } from './calls.ts';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    calls: { type: 'string' },
    seed: { type: 'string', default: String(newSeed()) },
  },
});
const seed = Number(values.seed);
const run =
  values.calls === undefined
    ? runCampaign({ frames: Number(values.frames), seed })
    : fuzzCalls({ calls: Number(values.calls), seed });
await run.catch((error: unknown) => {
  // Both have printed what they found.
  if (!(error instanceof Error)) console.log(error);
  process.exitCode = 1;
});
