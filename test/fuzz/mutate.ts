import type { Random } from '../faults/kit/random.ts';

// Damage as it happens and as it is made: to bytes, and to the places where JSON has its meaning.

const words = [
  '"__proto__":{"polluted":1},',
  '"constructor":{"prototype":{"polluted":1}},',
  '"cmd":0,',
  '"data":',
  '{"$ref":"$"}',
  '{"$ref":"$.receivers[0]"}',
  '{"$ref":"$.data.a.b[99]"}',
  'null',
  'true',
  '[]',
  '{}',
  '""',
  '-0',
  '0.1',
  '1e400',
  '9007199254740993',
  '-9223372036854775808',
  '18446744073709551616',
  '"9007199254740993"',
  '"\\u0000"',
  '"\\ud800"',
  '"\ud83d\ude00"',
  '\u2028',
  '\ufeff',
  '/*',
  'NaN',
  'undefined',
] as const;
const structure = '{}[]:,"\\ \n\t0123456789-+.eE';

type Damage = (text: Buffer, random: Random) => Buffer;

const place = (text: Buffer, random: Random): number => random.between(0, text.length + 1);

function cut(text: Buffer, from: number, to: number, between: Uint8Array = Buffer.alloc(0)): Buffer {
  return Buffer.concat([text.subarray(0, from), between, text.subarray(to)]);
}

const damages: readonly Damage[] = [
  // A bit, a byte, a character of JSON's own.
  (text, random) => {
    const at = random.between(0, text.length);
    return cut(text, at, at + 1, Buffer.of((text[at] ?? 0) ^ (1 << random.between(0, 8))));
  },
  (text, random) => cut(text, place(text, random), text.length),
  (text, random) => {
    const at = place(text, random);
    return cut(text, at, at, randomBytes(random, random.between(1, 9)));
  },
  (text, random) => {
    const at = place(text, random);
    return cut(
      text,
      at,
      at + random.between(0, 2),
      Buffer.from(structure.charAt(random.between(0, structure.length))),
    );
  },
  // A piece twice, a piece less, a piece elsewhere.
  (text, random) => {
    const [from, to] = range(text, random);
    return cut(text, to, to, text.subarray(from, to));
  },
  (text, random) => cut(text, ...range(text, random)),
  (text, random) => {
    const [from, to] = range(text, random);
    const at = place(text, random);
    return cut(text, at, at, text.subarray(from, to));
  },
  // Something of meaning where something else was, or beside it.
  (text, random) => {
    const at = place(text, random);
    return cut(text, at, at, Buffer.from(random.pick(words)));
  },
  (text, random) => {
    const values = [...text.toString('latin1').matchAll(/"(?:[^"\\]|\\.)*"|-?\d+|true|false|null|[[{]/g)];
    const value = values[random.between(0, values.length)];
    if (!value) return text;
    return cut(text, value.index, value.index + value[0].length, Buffer.from(random.pick(words)));
  },
  // Deep, and long.
  (text, random) => {
    const at = place(text, random);
    const depth = random.pick([3, 150, 250, 5_000]);
    const [open, close] = random.pick([
      ['[', ']'],
      ['{"a":', '}'],
    ]);
    const end = random.chance(0.7) ? close.repeat(depth) : '';
    return cut(text, at, at, Buffer.from(`${open.repeat(depth)}1${end}`));
  },
  (text, random) => {
    const at = place(text, random);
    return cut(
      text,
      at,
      at,
      Buffer.from(
        random.pick(['9', 'x', '\\u00e9', ' ', '\\', 'é', '"a",']).repeat(random.pick([20, 400, 4_000])),
      ),
    );
  },
];

function range(text: Buffer, random: Random): [number, number] {
  const from = place(text, random);
  return [from, Math.min(text.length, from + random.between(0, 24))];
}

export function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.between(0, 256)));
}

/** The text, hurt in one place or some. */
export function mutate(text: string | Buffer, random: Random): Buffer {
  let hurt = Buffer.from(text as string);
  const times = random.pick([1, 1, 1, 2, 3, 6]);
  for (let n = 0; n < times; n += 1) hurt = Buffer.from(random.pick(damages)(hurt, random));
  return hurt;
}
