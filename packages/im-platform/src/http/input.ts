import { z } from 'zod';
import { toName } from './names.ts';
import type { TextKey } from './texts.ts';

// What clients of box-im send, read as its Java beans read it: numeric strings are numbers, "" is no number, numbers are
// texts where a text is wanted, null is absent, unknown fields are dropped. The message of an issue is the key of the
// text that the user reads; a value of a wrong kind has none, and is answered with the general text.

interface TextRules {
  readonly required?: TextKey;
  readonly max?: readonly [length: number, tooLong?: TextKey];
  readonly min?: readonly [length: number, tooShort: TextKey];
}

/** Of whatever nobody has given a shorter limit. */
const longestText = 4_096;
const mostIds = 5_000;

/** A text that must be there and not be empty. */
export function text({ required, min, max = [longestText] }: TextRules): z.ZodType<string> {
  let rule = z.string().max(max[0], max[1]);
  if (required !== undefined) rule = rule.min(1, required);
  if (min) rule = rule.min(min[0], min[1]);
  return z.preprocess((value) => toText(value) ?? (required === undefined ? value : ''), rule);
}

/** The name of a person or of a group: a text that is kept as `toName` makes it, and as that must fit. */
export function name(rules: TextRules): z.ZodType<string> {
  return z.preprocess(nameOf, text(rules));
}

export function optionalName(rules: Pick<TextRules, 'max'>): z.ZodType<string | undefined> {
  return z.preprocess(nameOf, optionalText(rules));
}

/** A text that may be missing. */
export function optionalText(rules: Pick<TextRules, 'max'> = {}): z.ZodType<string | undefined> {
  const [max, tooLong] = rules.max ?? [longestText];
  const rule = z.string().max(max, tooLong);
  return z.preprocess((value) => toText(value), rule.optional());
}

/** A whole number that must be there. */
export function integer(required: TextKey, range?: readonly [number, number, TextKey]): z.ZodType<number> {
  let rule = z.int({ error: (issue) => (issue.input === undefined ? required : undefined) });
  if (range) rule = rule.min(range[0], range[2]).max(range[1], range[2]);
  return z.preprocess(toNumber, rule);
}

export function optionalInteger(): z.ZodType<number | undefined> {
  return z.preprocess(toNumber, z.int().optional());
}

/** The id of a user, group or message in a path or a query; a missing one is answered with the general text. */
export const id: z.ZodType<number> = z.preprocess(toNumber, z.int());

export function flag(required: TextKey): z.ZodType<boolean> {
  return z.preprocess(
    toBoolean,
    z.boolean({ error: (issue) => (issue.input === undefined ? required : undefined) }),
  );
}

export function optionalFlag(): z.ZodType<boolean | undefined> {
  return z.preprocess(toBoolean, z.boolean().optional());
}

/** `1,2,3` in a query, or an array in a body. */
export const ids: z.ZodType<number[]> = z.preprocess((value) => {
  if (typeof value === 'string')
    return value
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(toNumber);
  return Array.isArray(value) ? value.map(toNumber) : value;
}, z.array(z.int()).max(mostIds));

function nameOf(value: unknown): unknown {
  const written = toText(value);
  return typeof written === 'string' ? toName(written) : written;
}

function toText(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

function toNumber(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string') return value;
  const trimmed = value.trim();
  if (trimmed === '') return undefined;
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : value;
}

function toBoolean(value: unknown): unknown {
  if (value === null || value === '') return undefined;
  return value === 'true' ? true : value === 'false' ? false : value;
}
