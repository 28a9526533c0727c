import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute, apiPath } from '../../api/api-route.ts';
import { Refusal } from '../../http/refusal.ts';
import type { LinkMaker } from '../file-links.ts';
import { keptFile, showKept, uploadKinds } from '../kept-file.ts';
import type { UploadLimits } from '../upload-limits.ts';
import { mostNameCharacters } from '../upload-folder.ts';
import { readPartSum } from './checked-part.ts';
import type { ResumableUploads } from './resumable-uploads.ts';

const tag = 'Files';
const partType = 'application/offset+octet-stream';
const rights = 'Whoever has begun it; for others it is not there.';

const params = z.object({
  uploadId: z
    .string()
    .regex(/^[\w-]{22}$/)
    .meta({ description: 'The end of the `Location` that beginning it has answered' }),
});
const version = z
  .literal('1.0.0')
  .meta({ description: 'The version of tus, https://tus.io/protocols/resumable-upload', example: '1.0.0' });
const tusHeaders = z.looseObject({ 'tus-resumable': version });
const offset = (about: string) => wholeText().meta({ description: about, example: '0' });
const offsetHeaders = z.looseObject({
  'tus-resumable': version,
  'upload-offset': offset('Where the body begins: as far as it is'),
  'upload-checksum': z.string().max(128).optional().meta({
    description:
      'Of the body, as tus has it: `sha256` or `sha1`, a space, and the sum in Base64. Then the body has 20 MB at most, and is taken as a whole or not at all.',
  }),
});
const beginHeaders = z.looseObject({
  'tus-resumable': version,
  'upload-length': wholeText().meta({ description: 'Of the whole file, in bytes', example: '5' }),
  'upload-metadata': z.string().max(2_048).meta({
    description:
      "As tus has it, with values in Base64: `filename`; `as`, which is 'file', 'image' (images lose their metadata, and get a thumbnail) or 'drive' (kept as it is, to be put into a drive within a day); `keep`, which is 'true' for what is kept for ever.",
    example: 'filename aGVsbG8udHh0',
  }),
});
const metadata = z.object({
  filename: z.string().min(1).max(mostNameCharacters, 'fileNameTooLong'),
  as: z.enum(uploadKinds).default('file'),
  keep: z.enum(['true', 'false']).default('false'),
});

/** Uploads by tus, which go on where they were cut off. Registers how parts are read, so for a scope of its own. */
export function resumableApi(
  app: FastifyInstance,
  {
    uploads,
    limits,
    links,
  }: { readonly uploads: ResumableUploads; readonly limits: UploadLimits; readonly links: LinkMaker },
): void {
  // Read as it comes.
  app.addContentTypeParser(partType, (_request, payload, done) => done(null, payload));
  app.addHook('onSend', (_request, reply, _payload, done) => {
    void reply.header('tus-resumable', '1.0.0');
    done();
  });

  addApiRoute(app, {
    method: 'POST',
    path: '/uploads',
    name: 'beginUpload',
    tag,
    summary: 'Begin an upload that may come in parts; the room for it is taken at once',
    rights: 'Whoever is signed in, within their quota, twenty at a time.',
    headers: beginHeaders,
    takesIdempotencyKey: true,
    status: 201,
    answerHeaders: {
      location: 'Where the parts go',
      'upload-offset': 'How far it is, when it was begun before',
    },
    problems: ['FILE_TOO_LARGE', 'STORAGE_FULL', 'TOO_MANY'],
    async handle({ headers, caller, idempotencyKey, reply }) {
      await limits.check(String(caller.userId));
      const { filename, as, keep } = await readMetadata(headers['upload-metadata']);
      const { id, offset: at } = await uploads.begin({
        ...{ userId: caller.userId, key: idempotencyKey },
        ...{ name: filename, size: headers['upload-length'] },
        ...{ as, isPermanent: keep === 'true' },
      });
      void reply.headers({ location: `${apiPath}/uploads/${id}`, 'upload-offset': at });
    },
  });
  addApiRoute(app, {
    method: 'HEAD',
    path: '/uploads/{uploadId}',
    name: 'getUploadOffset',
    tag,
    summary: 'How far an upload is',
    rights,
    params,
    headers: tusHeaders,
    answerHeaders: { 'upload-offset': 'How many bytes have come', 'upload-length': 'How many it has' },
    problems: ['NOT_FOUND'],
    async handle({ caller, params: { uploadId }, request, reply }) {
      void reply.headers(await uploads.handle(caller.userId, uploadId, request));
    },
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/uploads/{uploadId}',
    name: 'appendToUpload',
    tag,
    summary: 'The next part of an upload, of any length; what came before a cut stays',
    rights,
    params,
    headers: offsetHeaders,
    streams: partType,
    answerHeaders: { 'upload-offset': 'How far it is now' },
    problems: ['NOT_FOUND', 'OFFSET_WRONG', 'FILE_TOO_LARGE', 'PART_TORN', 'TOO_MANY'],
    async handle({ headers: asked, caller: { userId }, params: { uploadId }, request, reply }) {
      const sum = asked['upload-checksum'];
      const headers =
        sum === undefined
          ? await uploads.handle(userId, uploadId, request)
          : await uploads.append(userId, uploadId, {
              ...{ request, offset: asked['upload-offset'], expected: readPartSum(sum) },
            });
      void reply.headers(headers);
      // A line that is dead, or on which nobody listens any more, would hold up our end.
      if (headers['connection'] === 'close') reply.raw.once('finish', () => request.raw.destroy());
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/uploads/{uploadId}',
    name: 'giveUpUpload',
    tag,
    summary: 'Give an upload up: its room is free again; what has become a file stays one',
    rights,
    params,
    headers: tusHeaders,
    problems: ['NOT_FOUND'],
    async handle({ caller, params: { uploadId }, request }) {
      await uploads.handle(caller.userId, uploadId, request);
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/uploads/{uploadId}/file',
    name: 'finishUpload',
    tag,
    summary: 'Make a file of an upload that has come as a whole; what is answered can be sent as it is',
    rights: `${rights} Asked again within a day, the answer is the same.`,
    params,
    answer: keptFile,
    status: 201,
    problems: ['NOT_FOUND', 'OFFSET_WRONG', 'FILE_REFUSED', 'STORAGE_FULL'],
    handle: async ({ caller, params: { uploadId } }) =>
      showKept(await uploads.finish(caller.userId, uploadId), links),
  });
}

function wholeText(): z.ZodType<number, string> {
  return z
    .string()
    .regex(/^\d{1,15}$/, 'expected a whole number')
    .transform(Number);
}

async function readMetadata(text: string): Promise<z.infer<typeof metadata>> {
  const found = metadata.safeParse(await parse(text));
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  if (issue?.message === 'fileNameTooLong') throw new Refusal('fileNameTooLong');
  const what = `upload-metadata: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`;
  throw new Refusal('malformed', { values: { what } });
}

async function parse(text: string): Promise<unknown> {
  const { Metadata } = await import('@tus/server');
  try {
    return Metadata.parse(text);
  } catch (error) {
    throw new Refusal('malformed', { values: { what: `upload-metadata: ${(error as Error).message}` } });
  }
}
