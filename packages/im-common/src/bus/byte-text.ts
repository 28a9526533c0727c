/**
 * Text as it lies on the bus and goes over the wire: one character per UTF-8 byte ("binary string").
 *
 * Why not plain strings: entries come from Redis as bytes and leave over sockets as bytes. Decoded as latin1 and written
 * as latin1 they pass through unchanged and uncopied, whatever UTF-8 they hold; that is how `data` stays byte for byte
 * what the sender wrote, and it was the cheapest way measured. The brand keeps the two kinds of string apart.
 */
export type ByteText = string & { readonly __bytes: true };

// eslint-disable-next-line no-control-regex -- the range is exactly "not ASCII"
const notAscii = /[^\x00-\x7f]/;

export function toByteText(text: string): ByteText {
  return (notAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text) as ByteText;
}

export function fromByteText(bytes: ByteText | string): string {
  return notAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

export function isAscii(text: string): boolean {
  return !notAscii.test(text);
}
