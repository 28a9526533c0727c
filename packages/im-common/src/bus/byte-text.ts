/**
 * Text as it lies on the bus and goes over the wire: one character per UTF-8 byte ("binary string").
 *
 * Why not plain strings: entries come from Redis as bytes and leave over sockets as bytes. Decoded as latin1 and written
 * as latin1 they pass through unchanged and uncopied, whatever UTF-8 they hold; that is how `data` stays byte for byte
 * what the sender wrote, and it was the cheapest way measured. The brand keeps the two kinds of string apart.
 */
export type ByteText = string & { readonly __bytes: true };

export function toByteText(text: string): ByteText {
  return (isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1')) as ByteText;
}

export function fromByteText(bytes: ByteText | string): string {
  return isAscii(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/**
 * The same text in one piece. The engine keeps what `+` makes as a tree of its parts, and the garbage collector would
 * have to carry all of them while the text waits for its turn.
 */
export function flat<Text extends string>(text: Text): Text {
  Buffer.byteLength(text);
  return text;
}

export function isAscii(text: string): boolean {
  // Everything else takes two bytes or more. The engine counts many characters at a time, a regular expression one.
  return Buffer.byteLength(text) === text.length;
}
