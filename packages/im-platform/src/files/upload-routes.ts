import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { withinDeadline } from '../http/deadline.ts';
import { optionalFlag, optionalInteger } from '../http/input.ts';
import { addRoute } from '../http/route.ts';
import type { Caller } from '../sessions/caller.ts';
import type { FileService } from './file-service.ts';
import type { UploadFolder } from './upload-folder.ts';
import type { UploadLimits } from './upload-limits.ts';

const tag = 'Files';

export interface UploadRouteParts {
  readonly files: FileService;
  readonly folder: UploadFolder;
  readonly limits: UploadLimits;
  /** Whether people may upload without saying who they are. */
  readonly isOpen: boolean;
  /** For what is done once the upload is here. */
  readonly timeoutMs: number;
}

const form = z.unknown().meta({
  type: 'object',
  properties: { file: { type: 'string', format: 'binary' } },
  required: ['file'],
});

const nobody = 0;

/** Contract C.7. */
export function uploadRoutes(
  app: FastifyInstance,
  { files, folder, limits, isOpen, timeoutMs }: UploadRouteParts,
): void {
  const upload = {
    method: 'POST',
    tag,
    body: form,
    isMultipart: true,
    ...(isOpen && { isOpen }),
  } as const;
  const userIdOf = (caller: Caller): number => (isOpen ? nobody : caller.userId);

  addRoute(app, {
    ...upload,
    url: '/image/upload',
    summary: 'Upload an image of at most 20 MB; gives it and a thumbnail of at most thumbSize KB',
    query: z.object({ isPermanent: optionalFlag(), thumbSize: optionalInteger() }),
    answer: z.object({ originUrl: z.string(), thumbUrl: z.string(), width: z.int(), height: z.int() }),
    async handle({ request, caller, query: { isPermanent = true, thumbSize = 50 } }) {
      const wish = { userId: userIdOf(caller), isPermanent };
      await limits.check(isOpen ? request.network : String(caller.userId));
      return folder.receive(request, { tooLarge: 'imageTooLarge', failed: 'imageFailed' }, (image) =>
        withinDeadline(timeoutMs, files.keepImage(image, thumbSize, wish)),
      );
    },
  });
  addRoute(app, {
    ...upload,
    url: '/file/upload',
    summary: 'Upload a file of at most 20 MB',
    query: z.object({ isPermanent: optionalFlag() }),
    answer: z.string(),
    message: '',
    async handle({ request, caller, query: { isPermanent = true } }) {
      const wish = { userId: userIdOf(caller), isPermanent };
      await limits.check(isOpen ? request.network : String(caller.userId));
      return folder.receive(request, { tooLarge: 'fileTooLarge', failed: 'fileFailed' }, (file) =>
        withinDeadline(timeoutMs, files.keepFile(file, wish)),
      );
    },
  });
}
