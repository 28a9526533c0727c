import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ending } from '../src/connection/ending.ts';
import { afterEnding, backoffMs, type Backoff, type Next } from '../src/reconnect/after-ending.ts';

const backoffs = fc
  .record({
    backoffBaseMs: fc.integer({ min: 1, max: 10_000 }),
    times: fc.integer({ min: 1, max: 100 }),
    chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  })
  .map(({ backoffBaseMs, times, chance }): Backoff => {
    return { backoffBaseMs, backoffCeilingMs: backoffBaseMs * times, random: () => chance };
  });
const failureCounts = fc.integer({ min: 0, max: 2_000 });
const reasons = fc.constantFrom(
  'cannot-connect',
  'login-failed',
  'closed',
  'no-answer',
  'token-failed' as const,
);
const endings: fc.Arbitrary<Ending> = fc.record({
  why: reasons,
  code: fc.constantFrom(1000, 1001, 1006, 1009, 1011, 1012, 1013, 4401, 4408, 4409, 4413, 4429, 4999),
  text: fc.oneof(
    fc.constant(''),
    fc.nat().map((ms) => `delay=${ms}`),
    fc.string(),
  ),
  onlineMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })),
});

test('a wait is never negative, never above the ceiling, and always a number', () => {
  fc.assert(
    fc.property(endings, failureCounts, backoffs, (ending, failures, backoff) => {
      const next = again(afterEnding(ending, failures, backoff));
      expect(next.ms).toBeGreaterThanOrEqual(0);
      expect(next.ms).toBeLessThanOrEqual(backoff.backoffCeilingMs);
    }),
  );
});

test('waits are spread over all that is allowed, from nothing to the doubled limit', () => {
  fc.assert(
    fc.property(failureCounts, backoffs, (failures, backoff) => {
      const limit = Math.min(backoff.backoffCeilingMs, backoff.backoffBaseMs * 2 ** failures);
      expect(backoffMs(failures, { ...backoff, random: () => 0 })).toBe(0);
      expect(backoffMs(failures, { ...backoff, random: () => 0.5 })).toBe(limit / 2);
      expect(backoffMs(failures, backoff)).toBeLessThan(limit);
    }),
  );
});

test('failures add up, until a connection lasts longer than one waits for it', () => {
  fc.assert(
    fc.property(endings, failureCounts, backoffs, (ending, failures, backoff) => {
      const limit = Math.min(backoff.backoffCeilingMs, backoff.backoffBaseMs * 2 ** failures);
      const next = again(afterEnding(ending, failures, backoff));
      expect(next.failures).toBe(ending.onlineMs > limit ? 1 : failures + 1);
    }),
  );
});

test('nobody comes back after a kick, whatever else is known', () => {
  fc.assert(
    fc.property(endings, failureCounts, backoffs, (ending, failures, backoff) => {
      expect(afterEnding({ ...ending, kickedBy: 'a login' }, failures, backoff)).toEqual({
        kind: 'never',
        by: 'a login',
      });
      expect(afterEnding({ ...ending, code: 3000 }, failures, backoff)).toEqual({
        kind: 'never',
        by: ending.text,
      });
    }),
  );
});

const plain: Backoff = { backoffBaseMs: 1_000, backoffCeilingMs: 30_000, random: () => 0.5 };
const closed = { why: 'closed', code: 1006, text: '', onlineMs: 60_000 } as const;

test.each([
  ['a lost network: back here, spread out', closed, { ms: 500, elsewhere: false, withNewToken: false }],
  [
    'sent elsewhere: when the server says',
    { ...closed, code: 1012, text: 'delay=321' },
    { ms: 321, elsewhere: true },
  ],
  ['sent elsewhere without a hint: spread out', { ...closed, code: 1012 }, { ms: 500, elsewhere: true }],
  [
    'token ended: at once with a new one',
    { ...closed, code: 4401 },
    { ms: 0, withNewToken: true, elsewhere: false },
  ],
  ['nobody at home: elsewhere', { ...closed, why: 'cannot-connect', onlineMs: 0 }, { elsewhere: true }],
  ['login not answered: elsewhere', { ...closed, why: 'no-answer', onlineMs: 0 }, { elsewhere: true }],
  ['half-open: here', { ...closed, why: 'no-answer' }, { elsewhere: false }],
  [
    'hung up on at login, as box-im does: new token',
    { ...closed, why: 'login-failed' },
    { withNewToken: true },
  ],
] as const)('%s', (_, ending, expected) => {
  expect(afterEnding(ending, 0, plain)).toMatchObject(expected);
});

test('a token that is refused again and again is not asked for without a pause', () => {
  const refused = { ...closed, code: 4401, onlineMs: 0 };
  const first = again(afterEnding(refused, 0, plain));
  expect(first.ms).toBe(0);
  const second = again(afterEnding(refused, first.failures, plain));
  expect(second.ms).toBe(1_000);
  expect(again(afterEnding(refused, 20, plain)).ms).toBe(15_000);
});

test('servers that all send their devices away do not pass them round at full speed', () => {
  const away = { ...closed, code: 1012, text: 'delay=10', onlineMs: 0 };
  expect(again(afterEnding(away, 4, plain)).ms).toBe(8_000);
});

function again(next: Next): Extract<Next, { kind: 'again' }> {
  if (next.kind !== 'again') throw new Error('It does not come back.');
  return next;
}
