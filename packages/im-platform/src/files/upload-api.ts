import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { keepUpload, keptFile, showKept, uploadKinds } from './kept-file.ts';
import type { UploadRouteDeps } from './upload-routes.ts';

const tag = 'Files';

export function uploadApi(
  app: FastifyInstance,
  { files, folder, limits, checkRoom, links, timeoutMs }: Omit<UploadRouteDeps, 'withoutToken'>,
): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/files',
    name: 'uploadFile',
    tag,
    summary: 'Upload a file of at most 20 MB; what is answered can be sent as it is',
    rights:
      'Whoever is signed in, within their quota. The address ends after some hours; sent, or set as a picture, the file has others.',
    isMultipart: true,
    query: z.strictObject({
      as: z.enum(uploadKinds).default('file').meta({
        description:
          'Images lose their metadata, and get a thumbnail; for the drive a file stays as it is, and is put into one within a day',
        example: 'file',
      }),
      keep: z
        .enum(['true', 'false'])
        .default('false')
        .meta({ description: 'For ever, as a picture of a profile; others go after half a year' }),
    }),
    body: z.object({ file: z.string().meta({ format: 'binary' }) }).meta({ example: { file: 'hello' } }),
    answer: keptFile,
    status: 201,
    problems: ['FILE_REFUSED', 'FILE_TOO_LARGE', 'STORAGE_FULL'],
    async handle({ request, query: { as, keep }, caller }) {
      await limits.check(String(caller.userId));
      await checkRoom(caller.userId, request);
      const wish = { userId: caller.userId, isPermanent: keep === 'true' };
      const refused =
        as === 'image'
          ? ({ tooLarge: 'imageTooLarge', failed: 'imageFailed' } as const)
          : ({ tooLarge: 'fileTooLarge', failed: 'fileFailed' } as const);
      // Of a folder that is put into a drive some may be.
      const kept = await folder.receive(request, { ...refused, mayBeEmpty: as === 'drive' }, (upload) =>
        keepUpload(files, upload, { as, wish, timeoutMs }),
      );
      return showKept(kept, links);
    },
  });
}
