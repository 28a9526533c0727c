import { Malformed } from './malformed.ts';

const kept: ReadonlySet<string> = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** In VP8X: that there is EXIF, that there is XMP. */
const metadataFlags = 0b1100;

/** The picture and nothing else, bit for bit; its header no longer says that there is more. */
export function withoutWebpMetadata(bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WEBP')
    throw new Malformed();
  const end = Math.min(bytes.length, 8 + bytes.readUInt32LE(4));
  const chunks: Buffer[] = [];
  let at = 12;
  while (at + 8 <= end) {
    const name = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    if (at + 8 + size > end) throw new Malformed();
    const next = at + 8 + size + (size % 2);
    if (kept.has(name)) chunks.push(name === 'VP8X' ? unflagged(bytes, at, next) : bytes.subarray(at, next));
    at = next;
  }
  const content = Buffer.concat(chunks);
  const header = Buffer.from('RIFF....WEBP', 'latin1');
  header.writeUInt32LE(4 + content.length, 4);
  return Buffer.concat([header, content]);
}

function unflagged(bytes: Buffer, start: number, end: number): Buffer {
  const chunk = Buffer.from(bytes.subarray(start, end));
  chunk.writeUInt8(chunk.readUInt8(8) & ~metadataFlags, 8);
  return chunk;
}
