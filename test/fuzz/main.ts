// npm run fuzz -- [--frames 1000000] [--seed 7]
// npm run fuzz -- --calls 100000 [--seed 7]
// npm run fuzz -- --chunks 100000 [--seed 7]
import { ownArguments } from '../../scripts/own-arguments.ts';
import { newSeed } from '../faults/kit/random.ts';
import { fuzzCalls } from './calls.ts';
import { runCampaign } from './campaign.ts';
import { fuzzChunks } from './chunks.ts';

const { values } = ownArguments({
  name: 'fuzz',
  options: {
    frames: { type: 'string', default: '1000000' },
    calls: { type: 'string' },
    chunks: { type: 'string' },
    seed: { type: 'string', default: String(newSeed()) },
  },
});
const seed = Number(values.seed);
await run().catch((error: unknown) => {
  // Both have printed what they found.
  if (!(error instanceof Error)) console.log(error);
  process.exitCode = 1;
});

async function run(): Promise<void> {
  const { calls, chunks, frames } = values;
  if (calls !== undefined) await fuzzCalls({ calls: Number(calls), seed });
  else if (chunks === undefined) await runCampaign({ frames: Number(frames), seed });
  else console.log(await fuzzChunks({ streams: Number(chunks), seed }));
}
