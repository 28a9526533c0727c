import { test } from 'vitest';
import { newSeed } from '../faults/kit/random.ts';
import { fuzzCalls } from './calls.ts';

// A seed that has failed once is put here, so that it is tried for ever.
const seeds = [1];

test.each([...seeds, Number(process.env['FUZZ_SEED'] ?? newSeed())])(
  'whatever is passed by seed %i, what is on the lists says what a checked message says, or the call names the field',
  async (seed) => {
    await fuzzCalls({ calls: 2_000, seed });
  },
);
