import type { SharpOptions } from 'sharp';
import { loadSharp } from '../files/sharp.ts';

/** A picture that is in the answer itself, so that nobody's browser asks a stranger for it. */
export interface SmallPicture {
  /** `data:image/webp;base64,…` */
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** What is decoded: none that could ask for others or run. */
export const pictureTypes: ReadonlySet<string> = new Set([
  ...['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
]);
const formats: ReadonlySet<string> = new Set(['jpeg', 'png', 'webp', 'gif']);
const longestSide = 320;
const mostBytes = 24 * 1_024;
const qualities = [75, 45] as const;
const longestWorkS = 3;
const carefully: SharpOptions = { limitInputPixels: 20_000_000, failOn: 'error', sequentialRead: true };

/** Drawn anew: nothing that was beside the pixels is in it. Null: it is none that can be shown. */
export async function smallPicture(bytes: Buffer): Promise<SmallPicture | null> {
  const { fileTypeFromBuffer } = await import('file-type');
  if (!pictureTypes.has((await fileTypeFromBuffer(bytes))?.mime ?? '')) return null;
  const sharp = await loadSharp();
  if (!formats.has((await sharp(bytes, carefully).metadata()).format)) return null;
  const box = { width: longestSide, height: longestSide, fit: 'inside', withoutEnlargement: true } as const;
  for (const quality of qualities) {
    const { data, info } = await sharp(bytes, carefully)
      .timeout({ seconds: longestWorkS })
      .autoOrient()
      .resize(box)
      .webp({ quality })
      .toBuffer({ resolveWithObject: true });
    const { width, height } = info;
    if (data.length <= mostBytes)
      return { url: `data:image/webp;base64,${data.toString('base64')}`, width, height };
  }
  return null;
}
