/**
 * A text with only the letters and digits that count for forbidden words, folded so that the ways to write one are all
 * the same, and where in the whole text each of them comes from.
 */
export interface ReducedText {
  readonly text: string;
  /** Of each unit of `text`, where what it was made of begins and ends in the whole text. */
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** One letter as people see it: with its marks, a Korean syllable that is spelt out, half-width kana with their voice marks. */
const character = /[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|.[\p{M}\uff9e\uff9f]*/gsu;

export function reduce(whole: string): ReducedText {
  let text = '';
  const starts: number[] = [];
  const ends: number[] = [];
  for (const { 0: written, index } of whole.matchAll(character)) {
    const folded = foldOnce(written);
    text += folded;
    for (let unit = 0; unit < folded.length; unit++) {
      starts.push(index);
      ends.push(index + written.length);
    }
  }
  return { text, starts, ends };
}

/** Most texts are made of few characters, and folding one costs about a microsecond. */
const known = new Map<string, string>();
const mostKnown = 20_000;

function foldOnce(written: string): string {
  let folded = known.get(written);
  if (folded === undefined) {
    folded = fold(written);
    // Stacked marks make any number of characters; those that people write come back soon.
    if (known.size >= mostKnown) known.clear();
    if (written.length <= 4) known.set(written, folded);
  }
  return folded;
}

/**
 * Nothing for whatever is no letter and no digit, so signs, spaces and what nobody sees may stand within a word without
 * hiding it. Case, width, circles, fonts and accents are no difference either.
 */
function fold(written: string): string {
  const apart = written.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
  let kept = '';
  for (const unit of apart) {
    const isKept = isMark.test(unit) ? kept !== '' && belongsTo(unit, kept) : isLetter.test(unit);
    if (isKept && !isInvisible.test(unit)) kept += unit;
  }
  return kept.normalize('NFC');
}

const isLetter = /^[\p{L}\p{N}]$/u;
const isMark = /^\p{M}$/u;
/** There are letters among them, such as the Korean filler. */
const isInvisible = /^\p{Default_Ignorable_Code_Point}$/u;

/** Marks that make another letter: か is not が, and in many scripts of India and beyond they are the vowels. */
function belongsTo(mark: string, letters: string): boolean {
  if (isVoiceMark.test(mark)) return endsInKana.test(letters);
  return !isAccent.test(mark) && !endsWithoutVowelMarks.test(letters);
}

const isVoiceMark = /^[\u3099\u309a]$/;
const endsInKana = /[\p{Script=Hiragana}\p{Script=Katakana}]$/u;
const isAccent = /^\p{Script=Inherited}$/u;
const endsWithoutVowelMarks =
  /[\p{N}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}]$/u;
