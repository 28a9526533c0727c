/**
 * A text with only the characters that count for forbidden words, and where each of them stands. Others may stand between
 * the letters of a word without hiding it.
 */
export interface ReducedText {
  readonly text: string;
  /** Of each character of `text`, its index in the whole text. */
  readonly indexes: readonly number[];
}

export function reduce(whole: string): ReducedText {
  let text = '';
  const indexes: number[] = [];
  for (let index = 0; index < whole.length; index++) {
    const code = whole.charCodeAt(index);
    if (!counts(code)) continue;
    text += String.fromCharCode(isMark(code) ? code + toPrivateUse : code);
    indexes.push(index);
  }
  return { text, indexes };
}

/** Digits and letters of ASCII, and U+2E80 to U+9FFF: what Chinese and Japanese are written with (contract C.1). */
function counts(code: number): boolean {
  return (
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x2e80 && code <= 0x9fff)
  );
}

/**
 * Tone and voice marks. The search takes a character with its mark for one, so that か would not be found in か゚; with
 * something else in their place they are characters like others.
 */
function isMark(code: number): boolean {
  return (code >= 0x302a && code <= 0x302f) || code === 0x3099 || code === 0x309a;
}

/** From U+30xx to U+E0xx, which means nothing to anybody. */
const toPrivateUse = 0xb000;
