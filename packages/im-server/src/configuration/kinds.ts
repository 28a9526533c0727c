/** How an option's value is written, as text (flags, environment) and as JSON (file). Reading gives undefined for what is wrong. */
export interface Kind<T> {
  /** In the help, e.g. `<port>`. */
  readonly placeholder: string;
  /** What the value may be, to follow "expected". */
  readonly expected: string;
  readonly fromText: (text: string) => T | undefined;
  readonly fromJson: (value: unknown) => T | undefined;
  /** Of an option that may be given several times: makes one value of them. */
  readonly join?: (values: readonly T[]) => T;
}

/** The longest that a Node timer can wait; longer ones fire at once. */
const longestTimerMs = 2 ** 31 - 1;

export function integer(placeholder: string, from: number, to: number): Kind<number> {
  const check = (value: unknown): number | undefined =>
    typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to ? value : undefined;
  return {
    placeholder: `<${placeholder}>`,
    expected: `a whole number from ${from} to ${to}`,
    fromText: (text) => (/^-?\d{1,16}$/.test(text) ? check(Number(text)) : undefined),
    fromJson: check,
  };
}

export const port: Kind<number> = integer('port', 0, 65_535);

export function milliseconds(from: number): Kind<number> {
  return integer('ms', from, longestTimerMs);
}

export const count: Kind<number> = integer('number', 1, Number.MAX_SAFE_INTEGER);

export const bytes: Kind<number> = integer('bytes', 1, Number.MAX_SAFE_INTEGER);

/** Text of a form. */
export function text(placeholder: string, expected: string, form: RegExp = /./s): Kind<string> {
  const check = (value: unknown): string | undefined =>
    typeof value === 'string' && form.test(value) ? value : undefined;
  return { placeholder: `<${placeholder}>`, expected, fromText: check, fromJson: check };
}

export function choice<T extends string>(values: readonly T[]): Kind<T> {
  const check = (value: unknown): T | undefined => values.find((allowed) => allowed === value);
  return {
    placeholder: `<${values.join('|')}>`,
    expected: `${values.slice(0, -1).join(', ')} or ${values.at(-1) ?? ''}`,
    fromText: check,
    fromJson: check,
  };
}

/** A flag without a value means true. */
export const boolean: Kind<boolean> = {
  placeholder: '[true|false]',
  expected: 'true or false',
  fromText: (given) => (given === 'true' ? true : given === 'false' ? false : undefined),
  fromJson: (value) => (typeof value === 'boolean' ? value : undefined),
};

/** With commas as text, an array as JSON, and as a flag several times. */
export function list<T>(placeholder: string, expected: string, item: Kind<T>): Kind<readonly T[]> {
  return {
    placeholder: `<${placeholder}>`,
    expected,
    fromText: (given) => allOrNothing(given.split(',').map((part) => item.fromText(part.trim()))),
    fromJson: (value) => (Array.isArray(value) ? allOrNothing(value.map(item.fromJson)) : undefined),
    join: (values) => values.flat(),
  };
}

/** Like {@link list}, but never split: a secret may hold commas. */
export const secrets: Kind<readonly string[]> = {
  placeholder: '<secret>',
  expected: 'a non-empty text',
  fromText: (given) => (given === '' ? undefined : [given]),
  fromJson: (value) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return allOrNothing(
      values.map((secret) => (typeof secret === 'string' && secret !== '' ? secret : undefined)),
    );
  },
  join: (values) => values.flat(),
};

function allOrNothing<T>(items: readonly (T | undefined)[]): readonly T[] | undefined {
  const found = items.filter((item) => item !== undefined);
  return found.length === items.length && found.length > 0 ? found : undefined;
}
