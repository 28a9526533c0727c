import type { Logger } from '../logger.ts';

/** What a value may be. */
export interface Kind<T> {
  /** To follow "expected". */
  readonly expected: string;
  /** The value, or undefined when it is none of this kind. What may change meanwhile is copied. */
  readonly read: (value: unknown) => T | undefined;
  /** What messages and `config print` do not show: the value, or the password in it. */
  readonly hides?: 'value' | 'password';
}

/** What a value may be that is also written as a flag or in the environment. */
export interface TextKind<T> extends Kind<T> {
  /** In the help, e.g. `<port>`. */
  readonly placeholder: string;
  /** To follow "expected" where a text looks different from the value. */
  readonly expectedText?: string;
  readonly fromText: (text: string) => T | undefined;
  /** Of an option that may be given several times: makes one value of them. */
  join?(values: readonly T[]): T;
}

/** The longest that a Node timer can wait; longer ones fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export function integer(
  placeholder: string,
  from: number,
  to: number = Number.MAX_SAFE_INTEGER,
): TextKind<number> {
  const read = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to ? value : undefined;
  const isOpen = to === Number.MAX_SAFE_INTEGER;
  return {
    placeholder: `<${placeholder}>`,
    expected: isOpen ? `a whole number, ${from} or more` : `a whole number from ${from} to ${to}`,
    read,
    fromText: (text) => (/^-?\d{1,16}$/.test(text) ? read(Number(text)) : undefined),
  };
}

export const port: TextKind<number> = /* @__PURE__ */ integer('port', 0, 65_535);

export function milliseconds(from: number): TextKind<number> {
  return integer('ms', from, longestTimerMs);
}

export const count: TextKind<number> = /* @__PURE__ */ integer('number', 1);

export const bytes: TextKind<number> = /* @__PURE__ */ integer('bytes', 1);

/** Text of a form. */
export function text(placeholder: string, expected: string, form: RegExp = /./s): TextKind<string> {
  const read = (value: unknown): string | undefined =>
    typeof value === 'string' && form.test(value) ? value : undefined;
  return { placeholder: `<${placeholder}>`, expected, read, fromText: read };
}

export function choice<T extends string>(values: readonly T[]): TextKind<T> {
  const read = (value: unknown): T | undefined => values.find((allowed) => allowed === value);
  return {
    placeholder: `<${values.join('|')}>`,
    expected: `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`,
    read,
    fromText: read,
  };
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export type LogLevel = (typeof logLevels)[number];

/** Of programs. */
export const logLevel: TextKind<LogLevel> = /* @__PURE__ */ choice(logLevels);

/** A flag without a value means true. */
export const boolean: TextKind<boolean> = {
  placeholder: '[true|false]',
  expected: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
  fromText: (given) => (given === 'true' ? true : given === 'false' ? false : undefined),
};

/** A flag that takes no value: to give it means true. */
export const bare: TextKind<boolean> = { ...boolean, placeholder: '' };

/** One item or more. With commas as text, an array as a value, and as a flag several times. `expected` is their plural. */
export function list<T>(placeholder: string, expected: string, item: TextKind<T>): TextKind<readonly T[]> {
  return {
    placeholder: `<${placeholder}>`,
    expected: `${expected} in a list`,
    expectedText: `${expected} with commas between them`,
    read: (value) => readItems(value, item.read),
    fromText: (given) => allOrNothing(given.split(',').map((part) => item.fromText(part.trim()))),
    join: (values) => values.flat(),
  };
}

/** Like {@link list}, but never split: a secret may hold commas. */
export const secrets: TextKind<readonly string[]> = {
  placeholder: '<secret>',
  expected: 'a non-empty text, or a list of such',
  hides: 'value',
  read: (value) => readItems(typeof value === 'string' ? [value] : value, readSecret),
  fromText: (given) => (given === '' ? undefined : [given]),
  join: (values) => values.flat(),
};

function readSecret(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The items, if all are of the kind and there is one; each is read once, holes too. */
function readItems<T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined {
  return Array.isArray(value) ? allOrNothing(Array.from<unknown, T | undefined>(value, read)) : undefined;
}

function allOrNothing<T>(items: readonly (T | undefined)[]): readonly T[] | undefined {
  const found = items.filter((item) => item !== undefined);
  return found.length === items.length && found.length > 0 ? found : undefined;
}

/** A list of values that are never written as text; it may be empty. */
export function listOf<T>(expected: string, item: Kind<T>): Kind<readonly T[]> {
  return {
    expected,
    read: (value) =>
      Array.isArray(value) && value.length === 0 ? [] : readItems(value, (one) => item.read(one)),
  };
}

/** The codes of terminals, each once. */
export const terminals: TextKind<readonly number[]> = /* @__PURE__ */ eachOnce(
  /* @__PURE__ */ list(
    'numbers',
    'whole numbers',
    /* @__PURE__ */ integer('number', -(2 ** 31), 2 ** 31 - 1),
  ),
);

function eachOnce<T>(kind: TextKind<readonly T[]>): TextKind<readonly T[]> {
  const once = (items: readonly T[] | undefined): readonly T[] | undefined =>
    items && new Set(items).size === items.length ? items : undefined;
  const { expected, expectedText = expected } = kind;
  return {
    ...kind,
    expected: `${expected}, each once`,
    expectedText: `${expectedText}, each once`,
    read: (value) => once(kind.read(value)),
    fromText: (given) => once(kind.fromText(given)),
  };
}

export function anyFunction<T>(expected = 'a function'): Kind<T> {
  return { expected, read: (value) => (typeof value === 'function' ? (value as T) : undefined) };
}

/** Something that is used by these members. It is not looked at any closer. */
export function objectWith<T>(
  expected: string,
  members: Readonly<Record<string, 'function' | 'object' | 'boolean' | 'string'>>,
): Kind<T> {
  return {
    expected,
    read(value) {
      if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
      const known = value as Readonly<Record<string, unknown>>;
      const fits = Object.entries(members).every(([name, type]) => typeof known[name] === type);
      return fits ? (value as T) : undefined;
    },
  };
}

/** Text that is an address with one of these protocols, as `https:`. */
export function url(...protocols: readonly string[]): TextKind<string> {
  const read = (value: unknown): string | undefined =>
    typeof value === 'string' && URL.canParse(value) && protocols.includes(new URL(value).protocol)
      ? value
      : undefined;
  const expected = `an address that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`;
  return { placeholder: '<url>', expected, read, fromText: read };
}

/** Browsers and Node have it; the types of both are for others to choose. */
declare const URL: { canParse(text: string): boolean; new (text: string): { readonly protocol: string } };

export const host: TextKind<string> = /* @__PURE__ */ text('host', 'a host name or an address');

/** An option that names a file; see `isFile` of its row. */
export const file: TextKind<string> = /* @__PURE__ */ text('file', 'the path of a file');

/** Pages, as browsers name them in the header Origin. */
export const origins: TextKind<readonly string[]> = /* @__PURE__ */ list(
  'origins',
  'origins such as https://chat.example.com',
  /* @__PURE__ */ text('origin', 'an origin', /^[a-z][a-z\d+.-]*:\/\/[^/\s]+$/i),
);

/** Either of two kinds. */
export function either<A, B>(one: Kind<A>, other: Kind<B>): Kind<A | B> {
  return {
    expected: `${one.expected}, or ${other.expected}`,
    read: (value) => one.read(value) ?? other.read(value),
  };
}

export const logger: Kind<Logger> = /* @__PURE__ */ objectWith(
  'an object with the methods debug, info, warn and error',
  { debug: 'function', info: 'function', warn: 'function', error: 'function' },
);
