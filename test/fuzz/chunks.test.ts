import { expect, test } from 'vitest';
import { newSeed } from '../faults/kit/random.ts';
import { fuzzChunks } from './chunks.ts';

// A seed that has failed once is put here, so that it is tried for ever.
const seeds = [1];

test.each([...seeds, Number(process.env['FUZZ_SEED'] ?? newSeed())])(
  'short frames are heard as ws hears them, wherever the bytes are cut, by seed %i',
  async (seed) => {
    const { heard, refused, short } = await fuzzChunks({ streams: 300, seed });

    expect(heard).toBeGreaterThan(900);
    expect(short).toBeGreaterThan(300);
    expect(refused).toBeGreaterThan(100);
  },
);
