import type { SharpOptions } from 'sharp';
import { loadSharp } from '../sharp.ts';
import { withoutGifMetadata } from './gif.ts';
import { withoutJpegMetadata } from './jpeg.ts';
import { Malformed } from './malformed.ts';
import { withoutPngMetadata } from './png.ts';
import { withoutWebpMetadata } from './webp.ts';

/** Nobody sees the difference. */
const quality = 92;
const longestWorkS = 4;

export interface PictureToClean {
  readonly bytes: Buffer;
  /** By its content. */
  readonly extension: string;
  /** As EXIF counts, 1 to 8; 1 is upright. */
  readonly orientation: number;
}

/**
 * The same picture without where, when and by what it was taken. Metadata is cut out where that is possible, so that
 * pixels, colours and animations stay as they are and a large picture costs milliseconds; a picture that is put together
 * oddly, or that only metadata of another format turns upright, is made anew.
 */
export async function withoutMetadata(picture: PictureToClean, options: SharpOptions): Promise<Buffer> {
  const { bytes, extension, orientation } = picture;
  try {
    if (extension === 'jpg') return withoutJpegMetadata(bytes, orientation);
    if (orientation <= 1) return cut(bytes, extension);
  } catch (error) {
    // A RangeError: it ends before it says so.
    if (!(error instanceof Malformed) && !(error instanceof RangeError)) throw error;
  }
  return anew(picture, options);
}

/** Turned upright, which moving pictures are not. */
async function anew(
  { bytes, extension, orientation }: PictureToClean,
  options: SharpOptions,
): Promise<Buffer> {
  const sharp = await loadSharp();
  const source =
    orientation > 1 ? sharp(bytes, options).autoOrient() : sharp(bytes, { ...options, animated: true });
  const clean = source.keepIccProfile().timeout({ seconds: longestWorkS });
  if (extension === 'jpg') return clean.jpeg({ quality }).toBuffer();
  if (extension === 'webp') return clean.webp({ quality }).toBuffer();
  if (extension === 'gif') return clean.gif().toBuffer();
  return clean.png().toBuffer();
}

function cut(bytes: Buffer, extension: string): Buffer {
  if (extension === 'png') return withoutPngMetadata(bytes);
  if (extension === 'webp') return withoutWebpMetadata(bytes);
  if (extension === 'gif') return withoutGifMetadata(bytes);
  return bytes; // BMP has none
}
