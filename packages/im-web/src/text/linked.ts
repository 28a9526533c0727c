import { LinkifyIt } from 'linkify-it';

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true });
/** A link ends where Chinese text begins, and may begin right after it. */
const han = /([\p{Script=Han}\u3000-\u303f\uff00-\uffef]+)/u;

export interface Piece {
  readonly text: string;
  readonly href?: string;
}

/** A text as its parts, those that are links with where they lead. */
export function linked(text: string): Piece[] {
  return text.split(han).flatMap((part) => (han.test(part) ? [{ text: part }] : linkedPart(part)));
}

function linkedPart(text: string): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const { index, lastIndex, text: shown, url } of linkify.match(text) ?? []) {
    if (index > at) pieces.push({ text: text.slice(at, index) });
    pieces.push(/^(https?|mailto|ftp):/i.test(url) ? { text: shown, href: url } : { text: shown });
    at = lastIndex;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

const onlyEmoji = /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\u{fe0f}\u{200d}\s]+$/u;
const graphemes = new Intl.Segmenter();

/** Up to three emoji and nothing else are shown large. */
export function isLargeEmoji(text: string): boolean {
  return text.length < 40 && onlyEmoji.test(text) && [...graphemes.segment(text.trim())].length <= 3;
}
