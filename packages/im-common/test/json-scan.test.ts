import fc from 'fast-check';
import { cpuMsOf } from 'im-test/support';
import { describe, expect, it } from 'vitest';
import { toByteText } from '../src/bus/byte-text.ts';
import { eachItemOf, resolveReference, scanObject, ScanError, skipValue } from '../src/bus/json-scan.ts';
import { someCharacter } from './some-character.ts';

/** What JSON.parse makes of a text, or nothing. */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Whether the scan takes all of the text for one value. */
function isValue(text: string): boolean {
  try {
    return skipValue(text, 0) === text.length;
  } catch (error) {
    if (error instanceof ScanError) return false;
    throw error;
  }
}

/** JSON with something taken out, doubled, or put in that may or may not break it. */
const damagedJson = fc
  .tuple(
    fc.json(),
    fc.nat(),
    fc.nat(3),
    fc.constantFrom(
      '',
      '"',
      '\\',
      '\\u00',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '-',
      '.',
      'e',
      '0',
      'null',
      ' ',
      '\n',
      '\t',
      '\x00',
      '\x1f',
      '\x7f',
      '\ufeff',
      'é',
    ),
  )
  .map(([json, at, length, piece]) => {
    const start = at % (json.length + 1);
    return json.slice(0, start) + piece + json.slice(start + length);
  });

describe('skipping a value', () => {
  it('accepts what JSON.parse accepts, to the last character', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: someCharacter }), (json) => {
        expect(skipValue(json, 0)).toBe(json.length);
        expect(skipValue(`  ${json},`, 2)).toBe(json.length + 2);
      }),
    );
  });

  it('accepts nothing that JSON.parse refuses', () => {
    fc.assert(
      fc.property(damagedJson, (text) => {
        const json = text.replace(/^[ \t\n\r]+|[ \t\n\r]+$/g, '');
        expect(isValue(json), json).toBe(parsed(json) !== undefined);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    '',
    ' ',
    '01',
    '-',
    '-01',
    '1.',
    '.5',
    '1e',
    '1e+',
    '+1',
    '0x1',
    'NaN',
    'Infinity',
    'nul',
    'True',
    '"',
    '"\\x"',
    '"\\u12"',
    '"\t"',
    '"a\nb"',
    "'a'",
    '{',
    '{}}',
    '{,}',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    '[',
    '[,]',
    '[1,]',
    '[1 2]',
    '[]]',
    '1 2',
    '/**/1',
    '\ufeff1',
    '\u00a01',
  ])('refuses %j', (text) => {
    expect(isValue(text)).toBe(false);
  });

  it.each([
    '0',
    '-0',
    '-0.0e-0',
    '1E400',
    '9007199254740993',
    '"\\ud800"',
    '"\x7f\u2028"',
    ' [ ] '.trim(),
    '{"":{}}',
    '[[],{}]',
  ])('accepts %s', (text) => {
    expect(isValue(text)).toBe(true);
  });

  it('goes two hundred levels deep, and refuses more without exhausting the stack', () => {
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

    expect(isValue(nested(200))).toBe(true);
    expect(isValue(nested(300))).toBe(false);
    expect(() => skipValue('['.repeat(1_000_000), 0)).toThrow(ScanError);
    expect(() => skipValue('{"a":'.repeat(200_000), 0)).toThrow(ScanError);
  });

  it('takes a string of a million escapes, and of a million plain characters', () => {
    for (const piece of ['\\n', '\\u003C', '\\"', 'x', 'é']) {
      const text = toByteText(`"${piece.repeat(1_000_000)}"`);
      expect(skipValue(text, 0)).toBe(text.length);
    }
  });

  it('takes ten times as long for ten times as long a string without an end, and not a hundred times', async () => {
    const refuse = (length: number): Promise<number> =>
      cpuMsOf(() => {
        for (const piece of ['\\n', 'x', 'x\\n'])
          expect(() => skipValue(`"${piece.repeat(length)}`, 0)).toThrow(ScanError);
      });
    await refuse(30_000); // as it is when it has run a while
    const short = await refuse(30_000);

    expect(await refuse(300_000)).toBeLessThan(30 * short + 100);
  });
});

describe('scanning an object', () => {
  it('finds the text of every member', () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(object, fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
        const members = scanObject(JSON.stringify(value, undefined, indent));

        const read = [...members].map(([key, text]) => [key, JSON.parse(text) as unknown]);
        expect(read).toEqual(
          Object.keys(value).map((key) => [key, JSON.parse(JSON.stringify(value[key])) as unknown]),
        );
      }),
    );
  });

  it('lets the last of two equal keys count, also when one is written with escapes', () => {
    expect(scanObject('{"data":1,"\\u0064ata":2}')).toEqual(new Map([['data', '2']]));
  });

  it('takes the keys of Object.prototype for keys', () => {
    const members = scanObject('{"__proto__":{"polluted":true},"constructor":1}');

    expect([...members.keys()]).toEqual(['__proto__', 'constructor']);
    expect({}).not.toHaveProperty('polluted');
  });

  it.each(['[]', '1', 'null', '"{}"', '{} {}', '{}x', ''])('refuses %j', (text) => {
    expect(() => scanObject(text)).toThrow(ScanError);
  });

  it('says at which byte the text goes wrong', () => {
    expect(() => scanObject('{"a":1;}')).toThrow(/at byte 6$/);
  });
});

describe('scanning an array', () => {
  it('finds the text of every item', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (values) => {
        const items: string[] = [];
        eachItemOf(JSON.stringify(values), (item) => items.push(item));

        expect(items).toEqual(values.map((value) => JSON.stringify(value)));
      }),
    );
  });

  it.each(['{}', 'null', '[1]]', ''])('refuses %j', (text) => {
    expect(() => {
      eachItemOf(text, () => undefined);
    }).toThrow(ScanError);
  });
});

describe("fastjson's references", () => {
  const root = '{"receivers":[{"id":2},{"id":3}],"data":{"from":{"id":7}}}';

  it.each([
    ['$', root],
    ['$.receivers[1]', '{"id":3}'],
    ['$.receivers[0].id', '2'],
    ['$.data.from', '{"id":7}'],
  ])('%s leads to the text it points to', (path, text) => {
    expect(resolveReference(root, path)).toBe(text);
  });

  it.each([
    '',
    '..',
    '@',
    '$.',
    '$..data',
    '$.nothing',
    '$.receivers[2]',
    '$.receivers.x',
    '$[0]',
    '$.data[0]',
    '$x',
  ])('%j leads nowhere, and says so', (path) => {
    expect(() => resolveReference(root, path)).toThrow(ScanError);
  });
});
