// npm run fuzz -- [--frames 1000000] [--seed 7]
import { parseArgs } from 'node:util';
import { newSeed } from '../faults/kit/random.ts';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(newSeed()) },
  },
});
await runCampaign({ frames: Number(values.frames), seed: Number(values.seed) }).catch(
  () => (process.exitCode = 1),
);
