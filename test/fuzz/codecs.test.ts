import fc from 'fast-check';
import { decodeFrame, ImError } from 'im-common';
import type { ByteText } from 'im-common/bus';
import {
  decodeEntry,
  decodeForceLogout,
  decodePresence,
  decodeResults,
  decodeServerInfo,
  PoisonError,
  ScanError,
  toByteText,
} from 'im-common/internal/bus';
import { createTokenVerifier } from 'im-common/token';
import { expect, test } from 'vitest';
import { newSeed, Random } from '../faults/kit/random.ts';
import { entries, frames, infos, orders, presenceEntries, results } from './examples.ts';
import { mutate } from './mutate.ts';

// Whatever bytes come in: a value, or the one kind of error that the caller is ready for.

const seed = Number(process.env['FUZZ_SEED'] ?? newSeed());
const runs = 3_000;

interface Codec {
  readonly name: string;
  readonly examples: readonly string[];
  readonly decode: (text: ByteText) => unknown;
  readonly isExpected: (error: unknown) => boolean;
}

const codecs: readonly Codec[] = [
  {
    name: 'decodeFrame',
    examples: frames,
    decode: (text) => decodeFrame(Buffer.from(text, 'latin1').toString()),
    isExpected: isInvalidFrame,
  },
  {
    name: 'decodeEntry',
    examples: entries,
    decode: decodeEntry,
    isExpected: (error) => error instanceof PoisonError,
  },
  {
    name: 'decodeForceLogout',
    examples: orders,
    decode: decodeForceLogout,
    isExpected: (error) => error instanceof ScanError,
  },
  {
    name: 'decodeResults',
    examples: [...results, `[${results.join(',')}]`],
    decode: decodeResults,
    isExpected: (error) => error instanceof ScanError,
  },
  {
    name: 'decodePresence',
    examples: presenceEntries,
    decode: decodePresence,
    isExpected: () => false,
  },
  { name: 'decodeServerInfo', examples: infos, decode: decodeServerInfo, isExpected: () => false },
];

function isInvalidFrame(error: unknown): boolean {
  return error instanceof ImError && error.code === 'INVALID_FRAME';
}

test.for(codecs)(
  '$name makes a value or its own error of any bytes',
  ({ name, examples, decode, isExpected }) => {
    const outcomes = { value: 0, error: 0 };
    const look = (text: ByteText): void => {
      try {
        decode(text);
        outcomes.value += 1;
      } catch (error) {
        outcomes.error += 1;
        if (!isExpected(error)) throw error;
      }
    };
    for (const example of examples) expect(() => decode(toByteText(example))).not.toThrow();
    const random = new Random(seed);
    for (let n = 0; n < runs; n += 1)
      look(mutate(random.pick(examples), random).toString('latin1') as ByteText);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
        look(Buffer.from(bytes).toString('latin1') as ByteText),
      ),
      { seed, numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.json(), (text) => look(toByteText(text))),
      { seed, numRuns: 500 },
    );

    console.log(
      `${name}: ${runs} mutations, seed ${seed}: ${outcomes.value} values, ${outcomes.error} errors`,
    );
    expect(outcomes.value).toBeGreaterThan(100);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  },
);

test('a token check makes an identity or a TOKEN_… error of any text', async () => {
  const verify = createTokenVerifier({ secrets: ['s'] });
  const random = new Random(seed);
  const good = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.AAAA';
  for (let n = 0; n < 1_000; n += 1) {
    const error: unknown = await verify(mutate(good, random).toString()).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ImError);
    expect((error as ImError).code).toMatch(/^TOKEN_/);
  }
});
