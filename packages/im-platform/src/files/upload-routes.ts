import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { withinDeadline } from '../http/deadline.ts';
import { optionalFlag, optionalInteger } from '../http/input.ts';
import { addRoute } from '../http/route.ts';
import type { Caller } from '../http/caller.ts';
import { nobody } from './file-key.ts';
import type { LinkMaker } from './file-links.ts';
import type { FileService } from './file-service.ts';
import type { UploadFolder } from './upload-folder.ts';
import type { UploadLimits } from './upload-limits.ts';

const tag = 'Files';

export interface UploadRouteDeps {
  readonly files: FileService;
  readonly folder: UploadFolder;
  readonly limits: UploadLimits;
  /** Refuses the request of somebody whose quota it would not fit in, before it is read. */
  readonly checkRoom: (userId: number, request: FastifyRequest) => Promise<void>;
  /** In what is answered. */
  readonly links: LinkMaker;
  /** Whose an upload without a token is; or refuses it. Absent: nobody uploads without one. */
  readonly withoutToken?: ((request: FastifyRequest) => Promise<number>) | undefined;
  /** For what is done once the upload is here. */
  readonly timeoutMs: number;
}

const form = z.unknown().meta({
  type: 'object',
  properties: { file: { type: 'string', format: 'binary' } },
  required: ['file'],
});

/** Contract C.7. */
export function uploadRoutes(
  app: FastifyInstance,
  { files, folder, limits, checkRoom, links, withoutToken, timeoutMs }: UploadRouteDeps,
): void {
  const upload = {
    method: 'POST',
    tag,
    body: form,
    isMultipart: true,
    tokenIsOptional: withoutToken !== undefined,
  } as const;
  const uploaderOf = async (request: FastifyRequest): Promise<number> => {
    const caller = request.caller as Caller | undefined;
    const userId = caller?.userId ?? (await withoutToken?.(request)) ?? nobody;
    await limits.check(userId === nobody ? request.network : String(userId));
    await checkRoom(userId, request);
    return userId;
  };

  addRoute(app, {
    ...upload,
    url: '/image/upload',
    summary:
      'Upload an image of at most 20 MB, which loses its metadata; gives it and a thumbnail of at most thumbSize KB',
    query: z.object({ isPermanent: optionalFlag(), thumbSize: optionalInteger() }),
    answer: z.object({ originUrl: z.string(), thumbUrl: z.string(), width: z.int(), height: z.int() }),
    async handle({ request, query: { isPermanent = false, thumbSize = 50 } }) {
      const wish = { userId: await uploaderOf(request), isPermanent };
      const refused = { tooLarge: 'imageTooLarge', failed: 'imageFailed' } as const;
      const kept = await folder.receive(request, refused, (image) =>
        // It may have to wait as long for its turn.
        withinDeadline(2 * timeoutMs, files.keepImage(image, thumbSize, wish, performance.now() + timeoutMs)),
      );
      return { ...kept, originUrl: links.of(kept.originUrl, ''), thumbUrl: links.of(kept.thumbUrl, '') };
    },
  });
  addRoute(app, {
    ...upload,
    url: '/file/upload',
    summary: 'Upload a file of at most 20 MB',
    query: z.object({ isPermanent: optionalFlag() }),
    answer: z.string(),
    message: '',
    async handle({ request, query: { isPermanent = false } }) {
      const wish = { userId: await uploaderOf(request), isPermanent };
      const refused = { tooLarge: 'fileTooLarge', failed: 'fileFailed' } as const;
      const kept = await folder.receive(request, refused, (file) =>
        withinDeadline(timeoutMs, files.keepFile(file, wish)),
      );
      return links.of(kept, '');
    },
  });
}
