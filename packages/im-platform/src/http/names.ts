/**
 * Direction marks and overrides, which turn what stands beside a name round; characters that nobody sees, so that two names
 * look the same; and controls.
 */
const unseen = /[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\ufff9-\ufffb]/gu;
/** Emoji and some scripts are written with them. */
const joiners: ReadonlySet<string> = new Set(['\u200c', '\u200d', '\ufe0f']);

/** A name as it is kept: one way to write it, in one line, with nothing in it that is not seen. */
export function toName(written: string): string {
  const seen = written
    .replace(/\s+/g, ' ')
    .normalize('NFKC')
    .replace(unseen, (sign) => (joiners.has(sign) ? sign : ''));
  return seen.replace(/ +/g, ' ').trim();
}
