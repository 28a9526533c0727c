import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toUserId, userIdFromJson, userIdToJson } from '../src/address.ts';

describe('a user id', () => {
  it.each([
    [7, '7'],
    [-7, '-7'],
    [9007199254740991, '9007199254740991'],
    [9007199254740993n, '9007199254740993'],
    [2n ** 63n - 1n, '9223372036854775807'],
    ['9007199254740993', '9007199254740993'],
    ['0', '0'],
    ['6f9619ff-8b86-d011-b42d-00cf4fc964ff', '6f9619ff-8b86-d011-b42d-00cf4fc964ff'],
    ['anna@example.com', 'anna@example.com'],
    ['x'.repeat(64), 'x'.repeat(64)],
  ])('may be %s', (id, text) => {
    expect(toUserId(id)).toBe(text);
  });

  it.each([
    9007199254740992,
    1.5,
    Number.NaN,
    Infinity,
    '',
    'a b',
    'a:b',
    'a\nb',
    'é',
    '*',
    '{1}',
    '../x',
    'x'.repeat(65),
  ])('may not be %j', (id) => {
    expect(() => toUserId(id)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });

  it('says how ids beyond 2^53 are passed', () => {
    expect(() => toUserId(2 ** 53)).toThrow(/bigint or a string/);
  });

  it('comes back from JSON as it went in, and JSON.parse agrees with small ones', () => {
    const id = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.stringMatching(/^[\w.@-]{1,64}$/),
    );
    fc.assert(
      fc.property(id, (given) => {
        const text = toUserId(given);
        expect(userIdFromJson(userIdToJson(text))).toBe(text);
        expect(String(JSON.parse(`"${text}"`))).toBe(text);
      }),
    );
    expect(userIdToJson('7')).toBe('7');
    expect(userIdToJson('007')).toBe('"007"');
  });

  it.each(['', 'null', 'true', '1.5', '1e3', '{}', '""', '"a b"', '"\\u0061"', '12345678901234567890'])(
    'does not stand in JSON as %j',
    (text) => {
      expect(userIdFromJson(text)).toBeUndefined();
    },
  );
});
