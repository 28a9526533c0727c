import { z } from 'zod';

// What things in a drive are called: as people write it, and as it is compared.

/** As much as file systems take. */
export const mostBytes = 255;
/** Separators of paths, controls, and marks that turn round what stands beside them. */
const forbidden = /[/\\\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
/** A name of nothing else could be neither seen nor pressed. */
const visible = /[^\p{Z}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** The name as it is kept; undefined: it is none. */
export function toDriveName(written: string): string | undefined {
  // Where there are no such names: at the end of one, in Windows.
  const name = written
    .normalize('NFC')
    .trim()
    .replace(/[. ]+$/, '');
  const isName = visible.test(name) && !forbidden.test(name) && Buffer.byteLength(name) <= mostBytes;
  return isName ? name : undefined;
}

/** Names that have the same one are the same. */
export function keyOfName(name: string): string {
  // Down first: of \u1e9e, which has no other capital form, nothing else becomes what \u00df is.
  return name.normalize('NFC').toLowerCase().toUpperCase().toLowerCase().normalize('NFC');
}

/** `report (2).pdf`: the first of `report.pdf`, and so on, that nobody has. */
export function* otherNames(name: string): Generator<string, never> {
  for (let number = 2; ; number++) yield otherName(name, number);
}

export function otherName(name: string, number: number): string {
  const [, stem = '', extension = ''] = /^(.+?)((?:\.[a-z0-9]{1,10})?)$/isu.exec(name) ?? [];
  const end = ` (${number})${extension}`;
  return shortened(stem, mostBytes - Buffer.byteLength(end)) + end;
}

/** So that it has no more bytes than that. */
export function shortened(text: string, bytes: number): string {
  const signs = Array.from(text);
  while (Buffer.byteLength(signs.join('')) > bytes) signs.pop();
  return signs.join('').trimEnd();
}

export const driveName: z.ZodType<string, string> = z
  .string()
  .min(1)
  .max(mostBytes)
  .refine((text) => toDriveName(text) !== undefined, 'expected a name of 255 bytes at most, without / and \\')
  .transform((text) => toDriveName(text) ?? text)
  .meta({
    description:
      'At most 255 bytes, without `/`, `\\` and controls; names that differ in case only are the same',
    example: 'Plans',
  });
