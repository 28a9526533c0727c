import { z } from 'zod';
import { withinDeadline } from '../http/deadline.ts';
import type { LinkMaker } from './file-links.ts';
import type { FileService, Wish } from './file-service.ts';
import type { Upload } from './upload-folder.ts';

export const imageFile = z.object({
  type: z.literal('image'),
  url: z.string(),
  thumbnail: z.string(),
  width: z.int(),
  height: z.int(),
});
export const plainFile = z.object({
  type: z.literal('file'),
  url: z.string(),
  name: z.string(),
  size: z.int(),
});

/** What an upload has become, as a message can say it. */
export const keptFile = z.discriminatedUnion('type', [imageFile, plainFile]);
export type KeptFile = z.infer<typeof keptFile>;

/** What it is uploaded as. In this order in the table of uploads. */
export const uploadKinds = ['file', 'image', 'drive'] as const;
export type UploadAs = (typeof uploadKinds)[number];

/** As its uploader is told of it. */
export function showKept(kept: KeptFile, links: LinkMaker): KeptFile {
  const url = links.of(kept.url, '');
  return kept.type === 'file' ? { ...kept, url } : { ...kept, url, thumbnail: links.of(kept.thumbnail, '') };
}

/** KB; of the pictures in chats. */
const thumbnailKb = 50;

export interface KeepOptions {
  readonly as: UploadAs;
  readonly wish: Wish;
  readonly timeoutMs: number;
}

/** Keeps what arrived as a whole. */
export async function keepUpload(
  files: FileService,
  upload: Upload,
  { as, wish, timeoutMs }: KeepOptions,
): Promise<KeptFile> {
  if (as === 'file') {
    const url = await withinDeadline(timeoutMs, files.keepFile(upload, wish));
    return { type: 'file', url, name: upload.name, size: upload.size };
  }
  if (as === 'drive') {
    const kept = files.keepForDrive(upload, wish, performance.now() + timeoutMs);
    const url = await withinDeadline(2 * timeoutMs, kept);
    return { type: 'file', url, name: upload.name, size: upload.size };
  }
  // It may have to wait as long for its turn.
  const kept = files.keepImage(upload, thumbnailKb, wish, performance.now() + timeoutMs);
  const { originUrl, thumbUrl, width, height } = await withinDeadline(2 * timeoutMs, kept);
  return { type: 'image', url: originUrl, thumbnail: thumbUrl, width, height };
}
