import { Malformed } from './malformed.ts';

const [startOfImage, endOfImage, startOfScan] = [0xd8, 0xd9, 0xda];
const orientationTag = 0x0112;

/**
 * The picture and nothing else: no EXIF, XMP, IPTC, comments, preview pictures, nor what follows its end. What a decoder
 * needs stays as it is, bit for bit; so do the colour profile and which side is up.
 */
export function withoutJpegMetadata(bytes: Buffer, orientation: number): Buffer {
  if (bytes.readUInt16BE(0) !== (0xff00 | startOfImage)) throw new Malformed();
  const kept = [bytes.subarray(0, 2)];
  if (orientation > 1) kept.push(orientationAlone(orientation));
  let at = 2;
  while (at + 4 <= bytes.length) {
    const [start, marker] = [at, bytes[at + 1] ?? 0];
    if (bytes[at] !== 0xff) throw new Malformed();
    // Any number of them may stand before a marker.
    if (marker === 0xff) at++;
    else if (marker === endOfImage) break;
    else {
      at += 2 + bytes.readUInt16BE(at + 2);
      if (at > bytes.length) throw new Malformed();
      if (marker === startOfScan) at = endOfScan(bytes, at);
      if (isPartOfPicture(marker, bytes.subarray(start + 4, at))) kept.push(bytes.subarray(start, at));
    }
  }
  kept.push(Buffer.of(0xff, endOfImage));
  return Buffer.concat(kept);
}

/** Compressed pixels go on until a marker that is neither a stuffed 0xff nor a restart. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker !== 0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd7)) return at;
  }
  return bytes.length;
}

/** Of what applications and people add, what changes how it looks: JFIF's density, the colour profile, Adobe's transform. */
function isPartOfPicture(marker: number, content: Buffer): boolean {
  const startsWith = (name: string): boolean => content.toString('latin1', 0, name.length) === name;
  switch (marker) {
    case 0xe0:
      return startsWith('JFIF\0');
    case 0xe2:
      return startsWith('ICC_PROFILE\0');
    case 0xee:
      return startsWith('Adobe');
    default:
      return !(marker >= 0xe0 && marker <= 0xef) && marker !== 0xfe;
  }
}

/** EXIF with one entry. */
function orientationAlone(orientation: number): Buffer {
  const exif = Buffer.alloc(36);
  exif.writeUInt16BE(0xffe1, 0);
  exif.writeUInt16BE(exif.length - 2, 2);
  exif.write('Exif\0\0', 4, 'latin1');
  exif.write('MM\0*', 10, 'latin1');
  exif.writeUInt32BE(8, 14); // where the entries begin, from MM on
  exif.writeUInt16BE(1, 18); // how many there are
  exif.writeUInt16BE(orientationTag, 20);
  exif.writeUInt16BE(3, 22); // a short
  exif.writeUInt32BE(1, 24); // one of them
  exif.writeUInt16BE(orientation, 28);
  return exif;
}
