import type { Entity } from 'im-chat';
import { LinkifyIt } from 'linkify-it';

const linkify = new LinkifyIt({ fuzzyLink: true, fuzzyEmail: true });
/** A link ends where Chinese text begins, and may begin right after it. */
const han = /([\p{Script=Han}\u3000-\u303f\uff00-\uffef]+)/u;

export interface Piece {
  readonly text: string;
  readonly href?: string;
  /** Of whom it names; `everyone` is all of them. */
  readonly mentions?: string;
}

/** A text as its parts: links with where they lead, and names with whom they mean. */
export function linked(text: string, entities: readonly Entity[] = []): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const entity of entities) {
    // Links are found by what they are.
    if (entity.type !== 'mention' || entity.offset < at) continue;
    const end = entity.offset + entity.length;
    pieces.push(...withLinks(text.slice(at, entity.offset)));
    pieces.push({ text: text.slice(entity.offset, end), mentions: entity.userId });
    at = end;
  }
  return [...pieces, ...withLinks(text.slice(at))];
}

/** The first link to a page. */
export function firstLink(text: string, entities?: readonly Entity[]): string | undefined {
  return linked(text, entities)
    .map(({ href = '' }) => href)
    .find((href) => /^https?:/i.test(href) && URL.canParse(href));
}

function withLinks(text: string): Piece[] {
  if (text === '') return [];
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
