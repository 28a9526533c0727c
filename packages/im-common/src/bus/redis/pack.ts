import type { ByteText } from '../byte-text.ts';

/*
 * Many texts in one argument or reply: a MessagePack array, which Redis' Lua reads and writes in one call. As arguments
 * of their own, each of them would cost the client as much again as all else that is done with it.
 */

const tinyText = 0xa0;
const text8 = 0xd9;
const text16 = 0xda;
const text32 = 0xdb;
const tinyArray = 0x90;
const array16 = 0xdc;
const array32 = 0xdd;
const nothing = 0xc2;
const longestTiny = 31;
const longestTinyArray = 15;
const longestHead = 5;

/** What `cmsgpack.unpack` makes a list of strings of. */
export function pack(texts: readonly ByteText[]): Buffer {
  let room = longestHead;
  for (const text of texts) room += longestHead + text.length;
  const packed = Buffer.allocUnsafe(room);
  packed[0] = array32;
  let at = packed.writeUInt32BE(texts.length, 1);
  for (const text of texts) {
    if (text.length <= longestTiny) {
      packed[at] = tinyText + text.length;
      at += 1;
    } else {
      packed[at] = text32;
      at = packed.writeUInt32BE(text.length, at + 1);
    }
    at += packed.write(text, at, 'latin1');
  }
  return packed.subarray(0, at);
}

/** A list of texts as one text, of which {@link packLists} makes a list of lists. */
export function packedList(texts: readonly string[]): ByteText {
  let packed = headOf(texts.length);
  for (const text of texts) packed += packedText(text);
  return packed as ByteText;
}

/** What `cmsgpack.unpack` makes a list of these lists of. */
export function packLists(lists: readonly ByteText[]): Buffer {
  return Buffer.from(headOf(lists.length) + lists.join(''), 'latin1');
}

function headOf(length: number): string {
  return length <= longestTinyArray
    ? String.fromCharCode(tinyArray + length)
    : String.fromCharCode(array32) + bytes32(length);
}

function packedText(text: string): string {
  const { length } = text;
  if (length <= longestTiny) return String.fromCharCode(tinyText + length) + text;
  if (length <= 0xff) return String.fromCharCode(text8, length) + text;
  return String.fromCharCode(text32) + bytes32(length) + text;
}

function bytes32(value: number): string {
  return String.fromCharCode(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

/** The strings that `cmsgpack.pack` was given; null for `false`. They are slices, and keep the whole alive. */
export function unpack(packed: ByteText): (ByteText | null)[] {
  let at = 0;
  const read = (bytes: number): number => {
    let value = 0;
    for (const end = at + bytes; at < end; at += 1) value = value * 256 + packed.charCodeAt(at);
    return value;
  };
  const head = read(1);
  const count = head === array32 ? read(4) : head === array16 ? read(2) : head - tinyArray;
  const texts: (ByteText | null)[] = [];
  for (let index = 0; index < count; index += 1) {
    const kind = read(1);
    if (kind === nothing) {
      texts.push(null);
      continue;
    }
    const length =
      kind === text8 ? read(1) : kind === text16 ? read(2) : kind === text32 ? read(4) : kind - tinyText;
    texts.push(packed.slice(at, at + length) as ByteText);
    at += length;
  }
  return texts;
}
