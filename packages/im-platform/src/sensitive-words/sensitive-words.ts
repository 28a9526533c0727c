import AhoCorasick from 'modern-ahocorasick';
import { reduce } from './reduced-text.ts';

/** What may not be said. Nothing is forbidden until {@link SensitiveWords.forbid} names it. */
export class SensitiveWords {
  /** Absent without words: to make one, even an empty one, takes as long as a tenth of the platform's start. */
  #words: AhoCorasick | undefined;

  /** From now on these words, and no others. */
  forbid(words: readonly string[]): void {
    const reduced = words.map((word) => reduce(word).text).filter((word) => word !== '');
    // Of those that begin at the same place the first one wins: the shortest.
    reduced.sort((one, other) => one.length - other.length);
    this.#words = reduced.length > 0 ? new AhoCorasick(reduced) : undefined;
  }

  /** The text with `***` for each forbidden word: the leftmost first, and the shortest of those that begin there. */
  mask(text: string): string {
    if (!this.#words) return text;
    const { text: reduced, starts, ends } = reduce(text);
    let masked = '';
    let from = 0;
    for (const { start, end } of this.#words.iterate(reduced, { strategy: 'leftmost-first' })) {
      masked += `${text.slice(from, starts[start])}***`;
      from = ends[end - 1] ?? text.length;
    }
    return masked + text.slice(from);
  }

  contains(text: string): boolean {
    return this.#words?.match(reduce(text).text) ?? false;
  }
}
