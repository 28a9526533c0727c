import type { SharpOptions } from 'sharp';
import { Refusal } from '../http/refusal.ts';
import { withoutMetadata } from './metadata/without-metadata.ts';
import { loadSharp } from './sharp.ts';

/** What an image is, by its content. */
export interface ImageFacts {
  readonly extension: string;
  /** As it is seen, turned upright. 0 when nobody here can decode it: box-im's page sizes it by itself then. */
  readonly width: number;
  readonly height: number;
  /** As EXIF counts; 1 is upright. */
  readonly orientation: number;
}

const extensions: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/apng': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/bmp': 'bmp',
};

/** The pictures of a good telephone; a small file that claims to be larger is a bomb. */
const mostPixels = 50_000_000;
const longestWorkS = 10;
const carefully: SharpOptions = { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true };

/** Refuses what is no image, whatever its name says. */
export async function inspectImage(path: string): Promise<ImageFacts> {
  const { fileTypeFromFile } = await import('file-type');
  const extension = extensions[(await fileTypeFromFile(path))?.mime ?? ''];
  if (extension === undefined) throw new Refusal('imageFormat');
  if (!isDecodable(extension)) return { extension, width: 0, height: 0, orientation: 1 };
  const sharp = await loadSharp();
  const { autoOrient, orientation = 1 } = await orRefuse(sharp(path, carefully).metadata());
  return { extension, ...autoOrient, orientation };
}

export function isDecodable(extension: string): boolean {
  return extension !== 'bmp';
}

/** The image without what tells where, when and by what it was taken. */
export async function cleanImage(bytes: Buffer, { extension, orientation }: ImageFacts): Promise<Buffer> {
  return orRefuse(withoutMetadata({ bytes, extension, orientation }, carefully));
}

/** Longer than any page shows a thumbnail. */
const longestSide = 1_024;
const shortestSide = 16;
const mostRounds = 6;
const quality = 75;

/** The image as WebP, as large as `mostBytes` allow: smaller each round, and after a few rounds as it is by then. */
export async function makeThumbnail(path: string, mostBytes: number): Promise<Buffer> {
  const sharp = await loadSharp();
  const box = { width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true } as const;
  const source = sharp(path, carefully).timeout({ seconds: longestWorkS }).autoOrient().resize(box);
  const { data, info } = await orRefuse(source.raw().toBuffer({ resolveWithObject: true }));
  const { channels, width: fullWidth, height } = info;
  let width = fullWidth;
  for (let round = 1; ; round++) {
    const thumbnail = await sharp(data, { raw: { width: fullWidth, height, channels } })
      .resize({ width })
      .webp({ quality })
      .toBuffer();
    if (thumbnail.length <= mostBytes || round === mostRounds) return thumbnail;
    // The bytes go with the area, roughly.
    width = Math.max(shortestSide, Math.floor(width * Math.sqrt(mostBytes / thumbnail.length) * 0.9));
  }
}

/** What cannot be decoded is broken, or was made to break us. */
async function orRefuse<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch {
    throw new Refusal('imageFormat');
  }
}
