import { jsonText } from 'im-client';
import type { Random } from '../faults/kit/random.ts';

// What callers may pass, made together with what it means: a value that a checked call must take it for, or that it must
// be refused. JavaScript callers pass anything, so much of it is hostile.

/** It must be refused. */
export const bad: unique symbol = Symbol('bad');

export interface Made {
  readonly value: unknown;
  /** What it is to be taken for; {@link bad} when it must be refused. */
  readonly means: unknown;
}

/** What would add members to an entry, if it were written there as it is. */
const injections = [
  'true,"receivers":[{"id":3,"terminal":0}],"x":1',
  '0,"everyoneOn":[0]',
  '1","terminal":0}],"data":{"id":"1',
  '{"id":3,"terminal":0}',
  '"',
  '\\',
  '0',
  'false',
  ' 1',
  '1 ',
  '1\n',
  '',
  '\u0000',
  '\ud800',
  'ä',
  'x'.repeat(65),
  '__proto__ ',
  '１',
];

/** Nothing that any field but `data` may be. */
export function junk(random: Random): unknown {
  const text = random.pick(injections);
  const makers: readonly (() => unknown)[] = [
    () => null,
    () => text,
    () => [text],
    () => Number.NaN,
    () => Infinity,
    () => 0.5,
    () => 2 ** 53,
    () => 2n ** 64n,
    () => -(2n ** 63n) - 1n,
    () => Symbol(text),
    () => () => text,
    () => ({ toString: () => text, valueOf: () => 1, toJSON: () => text }),
    () => new Date(0),
    () => new Map([[1, text]]),
    () => Object('1') as unknown,
    () => Object(1n) as unknown,
    () => Object.assign([1], { toString: () => text, [Symbol.toPrimitive]: () => text }),
    () => new Proxy({}, { get: () => text }),
    () => revoked({}),
    () => revoked([]),
    () => jsonText('1'),
    () => Object.create(null) as unknown,
    () => /x/,
  ];
  return random.pick(makers)();
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function good(value: unknown, means: unknown = value): Made {
  return { value, means };
}

/** Also undefined, which `random.pick` takes for nothing. */
function oneOf<T>(random: Random, items: readonly T[]): T {
  return items[random.between(0, items.length)] as T;
}

const ids: readonly Made[] = [
  ...[1, 2, 3, 0, 42].map((id) => good(id, String(id))),
  good(-0, '0'),
  good(-7, '-7'),
  good(2 ** 53 - 1, '9007199254740991'),
  good(2n ** 63n - 1n, '9223372036854775807'),
  good(5n, '5'),
  ...['1', '007', '-0', 'support-bot', 'a@b.example', '9223372036854775808', 'x'.repeat(64), '__proto__'].map(
    (id) => good(id),
  ),
];

/** Those that are to be online. */
export const onlineIds: readonly string[] = ids.map(({ means }) => String(means)).filter((_, n) => n % 3 > 0);

export function madeId(random: Random): Made {
  if (random.chance(0.97)) return random.pick(ids);
  const value = junk(random);
  return typeof value === 'string' && /^[\w.@-]{1,64}$/.test(value) ? good(value) : { value, means: bad };
}

export function madeTerminal(random: Random): Made {
  if (random.chance(0.04))
    return { value: oneOf(random, ['0', '1,2', 2 ** 31, 0.5, null, [0], 0n]), means: bad };
  const terminal = random.pick([0, 1, 2, -1, 0, -0, 7]);
  return good(terminal, terminal === 0 ? 0 : terminal);
}

export function madeFlag(random: Random): Made {
  if (random.chance(0.03)) return { value: oneOf(random, [0, 1, 'true', null, ...injections]), means: bad };
  const flag = oneOf(random, [true, false, undefined, undefined]);
  return good(flag, flag ?? true);
}

/** A list of what is made, in one of the forms that a list can have. */
export function madeList(random: Random, make: (random: Random) => Made): Made {
  if (random.chance(0.03))
    return { value: oneOf(random, [null, '0', 1, {}, { length: 1, 0: 1 }, revoked([])]), means: bad };
  const items = Array.from({ length: random.between(0, 5) }, () => make(random));
  const means = items.some((item) => item.means === bad) ? bad : items.map((item) => item.means);
  const values = items.map((item) => item.value);
  switch (random.between(0, 12)) {
    case 0: {
      const holes: unknown[] = [...values];
      holes.length += 1;
      return { value: holes, means: bad };
    }
    case 1:
      // Its length and its items are read once, or they are others.
      return good(changing(values), means);
    case 2:
      return good(Object.freeze(values), means);
    case 3:
      return good(
        Object.assign(values, {
          [Symbol.iterator]: () => ['9'].values(),
          map: () => [9],
          toJSON: () => injections[0],
        }),
        means,
      );
    default:
      return good(values, means);
  }
}

/** Reads each property as it is once, and as something else from then on. */
function changing<T extends object>(target: T): T {
  const seen = new Set<PropertyKey>();
  return new Proxy(target, {
    get(object, key, receiver): unknown {
      // Of a list the length must stay: a proxy may not deny what its target has.
      if (key === 'length' || !seen.has(key)) {
        seen.add(key);
        return Reflect.get(object, key, receiver);
      }
      return injections[0];
    },
  });
}

/** Objects whose fields are not of the plain kind. */
class Inherited {
  toString(): string {
    return 'an object of a class';
  }
}

/** An object with these fields, in one of the forms that an object can have. */
export function dressed(random: Random, fields: Readonly<Record<string, unknown>>): object {
  switch (random.between(0, 10)) {
    case 0:
      return changing({ ...fields });
    case 1:
      return Object.assign(Object.create(null) as object, fields);
    case 2: {
      const entries = Object.entries(fields).map(
        ([name, value]) => [name, { get: () => value, enumerable: false, configurable: true }] as const,
      );
      return Object.defineProperties(new Inherited(), Object.fromEntries(entries));
    }
    case 3:
      return Object.create(fields) as object;
    default:
      return { ...fields };
  }
}

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 ? [value] : { a: value };
  return value;
}

export function madeData(random: Random): Made {
  if (random.chance(0.06)) {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    const value = oneOf<unknown>(random, [
      undefined,
      () => 1,
      Symbol('x'),
      { id: 1n },
      cycle,
      nested(random.pick([200, 201, 300, random.chance(0.02) ? 200_000 : 2_000])),
      {
        toJSON() {
          throw new Error('no');
        },
      },
      revoked({}),
    ]);
    return { value, means: bad };
  }
  if (random.chance(0.2)) {
    const text = random.pick([
      '{"id":9007199254740993}',
      '[1,2]',
      '"\\ud800"',
      '{"\\u0040type":1}',
      '1e400',
      '""',
    ]);
    return good(jsonText(` ${text}\n`), text);
  }
  const text = random.pick(injections);
  const value = oneOf<unknown>(random, [
    text,
    null,
    0,
    { text, [text]: [text] },
    nested(199),
    [undefined, () => 1],
    { toJSON: () => text },
    new Date(0),
    // Claims to be a text that was checked, and is an object like any other.
    Object.assign(Object.create(Object.getPrototypeOf(jsonText('1')) as object) as object, { bytes: text }),
    { receivers: [{ id: 3, terminal: 0 }], everyoneOn: [0] },
  ]);
  return good(value, JSON.stringify(value));
}

/** Fields that no message has, near to one that it has and far from all. */
const unknownFields = [
  'recvTerminal',
  'sendresult',
  'receivers',
  'everyoneOn',
  '__proto__',
  'toString',
  'cmd',
];

export function withUnknown(
  random: Random,
  object: object,
): { readonly object: object; readonly name: string } {
  const name = random.pick(unknownFields);
  const own = { value: random.chance(0.5) ? [0] : junk(random), enumerable: true, configurable: true };
  return { object: Object.defineProperty(object, name, own), name };
}
