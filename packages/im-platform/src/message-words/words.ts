// Which words a text has, and which of them a search looks for. Scripts that are written without spaces have no words that could be told
// apart: of them each two characters that stand side by side are taken, so that any part of two or more is found.

/** What is written without spaces. Korean has some, and is searched for by parts all the same. */
const unspaced = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Thai', 'Lao', 'Khmer', 'Myanmar']
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join('');
const inWord = '[\\p{L}\\p{N}\\p{M}]';
const pieces = new RegExp(`((?:(?=${inWord})[${unspaced}])+)|((?:(?![${unspaced}])${inWord})+)`, 'gu');

/** How much of a word is a key: the beginnings of this length, as far as it is as long. A shorter one is a key as a whole. */
const prefixes = [8, 5, 3];
const shortestPrefix = 3;
/** Of one text. A text of 16,000 characters would have as many. */
const mostKeys = 1_000;
const mostTerms = 10;
/** Keys by which messages are looked up; the text itself decides. */
const mostKeysOfSearch = 4;

interface Piece {
  readonly text: string;
  readonly isSpaced: boolean;
}

/** What is searched for: messages that have all of it. */
export interface Terms {
  readonly pieces: readonly Piece[];
  /** Whoever has all of it has these keys. */
  readonly keys: readonly string[];
  /** Nothing but single characters of unspaced scripts, which are found where they stand alone: of parts of others there are no keys. */
  readonly areAlone: boolean;
}

/** Undefined: there is nothing in it to search for. */
export function readTerms(query: string): Terms | undefined {
  const found = piecesOf(query).slice(0, mostTerms);
  if (found.length === 0) return undefined;
  const withKeys = found.filter((piece) => !isAlone(piece));
  const areAlone = withKeys.length === 0;
  const keys = (areAlone ? found : withKeys).flatMap((piece) => {
    const all = keysOfPiece(piece);
    // Of a word the longest beginning; of the rest both ends.
    return piece.isSpaced ? all.slice(0, 1) : [all[0] ?? '', all.at(-1) ?? ''];
  });
  return { pieces: found, keys: [...new Set(keys)].slice(0, mostKeysOfSearch), areAlone };
}

/** By which keys it is found. */
export function keysOf(text: string): string[] {
  const keys = new Set<string>();
  for (const piece of piecesOf(text)) {
    for (const key of keysOfPiece(piece)) keys.add(key);
    if (keys.size >= mostKeys) break;
  }
  return [...keys].slice(0, mostKeys);
}

/** Whether the text has all of it: as a part, or in scripts with spaces as the beginning of a word, and short ones as a word. */
export function hasTerms(text: string, { pieces: terms, areAlone }: Terms): boolean {
  const found = piecesOf(text);
  return terms.every((term) => found.some((piece) => isIn(piece, term, areAlone)));
}

function isIn(piece: Piece, term: Piece, asWhole: boolean): boolean {
  if (piece.isSpaced !== term.isSpaced) return false;
  if (!term.isSpaced) return asWhole ? piece.text === term.text : piece.text.includes(term.text);
  return term.text.length < shortestPrefix ? piece.text === term.text : piece.text.startsWith(term.text);
}

/** Whatever its case, width and accents. */
export function inOneCase(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFKC');
}

function piecesOf(text: string): Piece[] {
  return Array.from(inOneCase(text).matchAll(pieces), ([found, alone]) => ({
    text: found,
    isSpaced: alone === undefined,
  }));
}

/** The longest first. */
function keysOfPiece(piece: Piece): string[] {
  const { text, isSpaced } = piece;
  if (isSpaced)
    return text.length < shortestPrefix
      ? [text]
      : prefixes.filter((length) => length <= text.length).map((length) => text.slice(0, length));
  const characters = Array.from(text);
  return isAlone(piece)
    ? [text]
    : characters.slice(1).map((second, index) => `${characters[index] ?? ''}${second}`);
}

/** One character of an unspaced script, which no pair has as its own. */
function isAlone({ text, isSpaced }: Piece): boolean {
  return !isSpaced && Array.from(text).length === 1;
}
