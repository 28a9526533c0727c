// What steers a line, hides in it or turns it round: a title could say something else than it shows.
const unwanted =
  /[\p{Cs}\p{Co}\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e0fff}]/gu;
const spaces = /[\p{Cc}\s\u2028\u2029]+/gu;
/** More than any script stacks upon one letter. */
const stacked = /(\p{M}{4})\p{M}+/gu;

/** A text of strangers in one line, and not longer than that; null: there is nothing to read in it. */
export function readable(text: string | undefined, longest: number): string | null {
  const plain = (text ?? '').replace(unwanted, '').replace(spaces, ' ').replace(stacked, '$1').trim();
  const characters = Array.from(plain);
  if (characters.length > longest)
    return `${characters
      .slice(0, longest - 1)
      .join('')
      .trimEnd()}…`;
  return plain === '' ? null : plain;
}
