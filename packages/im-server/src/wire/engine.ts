import type { ByteText } from 'im-common/bus';

// What is written with the JavaScript engine in mind, on the way of a message, where it was measured (npm run bench).
// Beside the functions below:
// - Arrays. One that is made by pushing to it gets space for seventeen. Where one element is the rule there is an array
//   literal or a LinkedSet.
// - Numbers. A whole one stands where it is used; a fraction is an object of its own. Clocks of connections count whole
//   milliseconds.
// - States. One object for all connections in the same state: in a fan-out each would have its own fetched from memory.
// - Keys. A Map by terminal with a Map by id in it, since a key made of both would cost each lookup a string.

/** Short parts of a string are copied, longer ones are slices of it. */
const longestCopied = 12;

/** Whether a part of a text keeps that whole text in memory. */
export function keepsItsWhole(part: string): boolean {
  return part.length > longestCopied;
}

/** A text that keeps nothing else in memory, and is in one piece. */
export function ownCopy(text: ByteText): ByteText {
  return Buffer.from(text, 'latin1').toString('latin1') as ByteText;
}

/** Remembers its last answer: in a fan-out all connections ask for the same, one after another. */
export function rememberingLast(make: (key: number) => string): (key: number) => string {
  let lastKey = -1;
  let last = '';
  return (key) => {
    if (key !== lastKey) {
      last = make(key);
      lastKey = key;
    }
    return last;
  };
}

let lastStart = '';
let lastEnd = '';
let lastBoth = '';

/** Two texts as one. Remembers its last answer, like {@link rememberingLast}. */
export function concatenated(start: string, end: string): string {
  if (end !== lastEnd || start !== lastStart) {
    lastStart = start;
    lastEnd = end;
    lastBoth = start + end;
  }
  return lastBoth;
}
