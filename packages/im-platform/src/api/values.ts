import { z } from 'zod';
import { toName } from '../http/names.ts';
import type { TextKey } from '../http/texts.ts';

// What values of `/v1` look like: ids are texts, as JSON's numbers end at 2^53 in JavaScript and elsewhere do not; times are RFC
// 3339. Nothing is guessed: a number is no text, and what nobody knows is refused by its name.

/** An id that comes in. */
export function idOf(what: string, example: string): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^[1-9]\d{0,15}$/, 'expected an id, as "42"')
    .transform(Number)
    .meta({ description: what, example });
}

/** An id that goes out. */
export function idText(what: string): z.ZodType<string, string> {
  return z.string().meta({ description: what });
}

/** A moment that goes out. */
export const time: z.ZodType<string, string> = z.iso.datetime().meta({ description: 'RFC 3339, in UTC' });

/** A moment that comes in, as epoch milliseconds. */
export function moment(what: string): z.ZodType<number, string> {
  return z.iso.datetime({ offset: true }).transform(Date.parse).meta({ description: what });
}

export function toTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** The name of a person or a group, as it is kept. */
export function nameText(longest: number, tooLong: TextKey): z.ZodType<string, string> {
  return z.string().max(255, tooLong).transform(toName).pipe(z.string().min(1).max(longest, tooLong));
}

/** A whole number in a query. */
export function numberIn(least: number, most: number): z.ZodType<number> {
  return z.preprocess(toNumber, z.int().min(least).max(most));
}

const limits = new Map<string, z.ZodType<number | undefined>>();

export function limitOf(most: number, usual: number): z.ZodType<number | undefined> {
  const name = `${most} ${usual}`;
  const limit =
    limits.get(name) ??
    numberIn(1, most)
      .optional()
      .meta({ description: `How many at most; ${usual} if it is not said` });
  limits.set(name, limit);
  return limit;
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
}
