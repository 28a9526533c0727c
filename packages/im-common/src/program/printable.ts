// Controls of the terminal (C0, DEL, C1) and characters that turn the direction of the text round, or cannot be seen.
// eslint-disable-next-line no-control-regex -- it is about these
const unprintable = /[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]/g;

/** Text of others, for a terminal: what would move its cursor, or make one word look like another, is written as an escape of JSON. */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0).toString(16);
    return `\\u${code.padStart(4, '0')}`;
  });
}
