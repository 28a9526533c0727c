import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { withinDeadline } from '../http/deadline.ts';
import type { UploadRouteDeps } from './upload-routes.ts';

const tag = 'Files';

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

/** KB; of the pictures in chats. */
const thumbnailKb = 50;

export function uploadApi(
  app: FastifyInstance,
  { files, folder, limits, timeoutMs }: Omit<UploadRouteDeps, 'withoutToken'>,
): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/files',
    name: 'uploadFile',
    tag,
    summary: 'Upload a file of at most 20 MB; what is answered can be sent as it is',
    rights: 'Whoever is signed in, within their quota. Whoever has an address may load it.',
    isMultipart: true,
    query: z.strictObject({
      as: z
        .enum(['image', 'file'])
        .default('file')
        .meta({ description: 'Images lose their metadata, and get a thumbnail', example: 'file' }),
      keep: z
        .enum(['true', 'false'])
        .default('false')
        .meta({ description: 'For ever, as a picture of a profile; others go after half a year' }),
    }),
    body: z.object({ file: z.string().meta({ format: 'binary' }) }).meta({ example: { file: 'hello' } }),
    answer: z.discriminatedUnion('type', [imageFile, plainFile]),
    status: 201,
    problems: ['FILE_REFUSED', 'FILE_TOO_LARGE', 'STORAGE_FULL'],
    async handle({ request, query: { as, keep }, caller }) {
      await limits.check(String(caller.userId));
      const wish = { userId: caller.userId, isPermanent: keep === 'true' };
      if (as === 'image')
        return folder.receive(
          request,
          { tooLarge: 'imageTooLarge', failed: 'imageFailed' },
          async (image) => {
            const beginBy = performance.now() + timeoutMs;
            const kept = files.keepImage(image, thumbnailKb, wish, beginBy);
            const { originUrl, thumbUrl, width, height } = await withinDeadline(2 * timeoutMs, kept);
            return { type: 'image' as const, url: originUrl, thumbnail: thumbUrl, width, height };
          },
        );
      return folder.receive(request, { tooLarge: 'fileTooLarge', failed: 'fileFailed' }, async (file) => {
        const url = await withinDeadline(timeoutMs, files.keepFile(file, wish));
        return { type: 'file' as const, url, name: file.name, size: file.size };
      });
    },
  });
}
