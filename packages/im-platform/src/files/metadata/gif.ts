import { Malformed } from './malformed.ts';

const [extension, image, trailer] = [0x21, 0x2c, 0x3b];
const [graphicControl, application] = [0xf9, 0xff];
/** How often an animation repeats. */
const loops: ReadonlySet<string> = new Set(['NETSCAPE2.0', 'ANIMEXTS1.0']);

/** The picture and nothing else, bit for bit: no comments, no XMP, nor what follows its end. */
export function withoutGifMetadata(bytes: Buffer): Buffer {
  if (!/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) throw new Malformed();
  let at = 13 + colourTableBytes(bytes.readUInt8(10));
  const blocks = [bytes.subarray(0, at)];
  for (;;) {
    const start = at;
    const kind = bytes.readUInt8(at);
    if (kind === trailer) break;
    if (kind === extension) {
      const label = bytes.readUInt8(at + 1);
      at = endOfSubBlocks(bytes, at + 2);
      if (label === graphicControl || (label === application && isLoop(bytes, start)))
        blocks.push(bytes.subarray(start, at));
    } else if (kind === image) {
      // Its descriptor, its colours, the size of its codes, and its pixels.
      at = endOfSubBlocks(bytes, at + 10 + colourTableBytes(bytes.readUInt8(at + 9)) + 1);
      blocks.push(bytes.subarray(start, at));
    } else throw new Malformed();
  }
  blocks.push(Buffer.of(trailer));
  return Buffer.concat(blocks);
}

function colourTableBytes(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 0x07) + 1);
}

function isLoop(bytes: Buffer, start: number): boolean {
  return loops.has(bytes.toString('latin1', start + 3, start + 14));
}

/** Each begins with its length; an empty one ends them. */
function endOfSubBlocks(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const length = bytes.readUInt8(at);
    at += 1 + length;
    if (length === 0) return at;
  }
}
