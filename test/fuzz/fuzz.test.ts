import { test } from 'vitest';
import { newSeed } from '../faults/kit/random.ts';
import { runCampaign } from './campaign.ts';

// A seed that has failed once is put here, so that it is tried for ever.
const seeds = [1];

test.each([...seeds, Number(process.env['FUZZ_SEED'] ?? newSeed())])(
  'nonsense by seed %i hurts neither the server nor its other devices',
  { timeout: 120_000 },
  async (seed) => {
    await runCampaign({ frames: 3_000, seed });
  },
);
