import { Malformed } from './malformed.ts';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/** What changes how it looks, animation included. Texts, times, EXIF and whatever nobody knows are none of it. */
const kept: ReadonlySet<string> = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'iCCP', 'cICP', 'mDCV', 'cLLI', 'sBIT'],
  ...['pHYs', 'bKGD', 'acTL', 'fcTL', 'fdAT'],
]);

/** The picture and nothing else, bit for bit. */
export function withoutPngMetadata(bytes: Buffer): Buffer {
  if (!bytes.subarray(0, 8).equals(signature)) throw new Malformed();
  const chunks: Buffer[] = [signature];
  let at = 8;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new Malformed();
    const name = bytes.toString('latin1', at + 4, at + 8);
    if (kept.has(name)) chunks.push(bytes.subarray(at, end));
    if (name === 'IEND') return Buffer.concat(chunks);
    at = end;
  }
  throw new Malformed();
}
