import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../src/ledger/canonical-json.ts';

describe('canonical JSON', () => {
  it('is the same however the value is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        expect(canonicalJson(JSON.stringify(shuffled(value)))).toBe(canonicalJson(JSON.stringify(value)));
        expect(canonicalJson(JSON.stringify(value, undefined, 2))).toBe(canonicalJson(JSON.stringify(value)));
      }),
    );
  });

  it('differs when the value does', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        fc.pre(JSON.stringify(withoutNulls(a)) !== JSON.stringify(withoutNulls(b)));
        expect(canonicalJson(JSON.stringify(a))).not.toBe(canonicalJson(JSON.stringify(b)));
      }),
    );
  });

  it.each([
    ['{"b":1,"a":"<"}', '{"a":"\\u003C","b":1}'],
    ['{"a":1,"n":null}', '{"a":1}'],
    ['[[1],[ ],{"x":[{}]}]', '[ [ 1 ] , [] , { "x" : [ { } ] } ]'],
    ['"é"', '"\\u00e9"'],
    ['1.50', '1.5'],
    ['9007199254740993', '9007199254740993'],
  ])('takes %s and %s for the same', (one, other) => {
    expect(canonicalJson(one)).toBe(canonicalJson(other));
  });

  it('tells 64-bit integers apart that are one number', () => {
    expect(canonicalJson('[9007199254740993]')).not.toBe(canonicalJson('[9007199254740992]'));
  });
});

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, shuffled(member)]),
  );
}

/** With sorted keys, so that texts can be compared. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([key, member]) => ({ key, member: withoutNulls(member) }));
}
