export interface SnippetPiece {
  readonly text: string;
  /** One of the words that were looked for. */
  readonly isHit: boolean;
}

/** So much stands before the first word that was found. */
const before = 24;

/** A text from a little before the first of these words on, with all of them marked. */
export function snippet(text: string, query: string): SnippetPiece[] {
  const words = query.split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return [{ text, isHit: false }];
  const hit = new RegExp(`(${words.map((word) => escaped(word)).join('|')})`, 'giu');
  const at = text.search(hit);
  const begins = Math.max(0, at - before);
  // Not through the middle of a character.
  const shown = begins === 0 ? text : `…${text.slice(begins).replace(/^[\uDC00-\uDFFF]/, '')}`;
  return shown
    .split(hit)
    .map((piece, index) => ({ text: piece, isHit: index % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}

function escaped(word: string): string {
  return word.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
