import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './byte-range.ts';
import { contentHeaders } from './content-types.ts';
import { extensionOf, filesUrlPath, isFileKey } from './file-key.ts';
import type { FileStore } from './file-store.ts';

/** The files themselves, at addresses that <img> and <audio> can open: without a token, and not to be guessed. */
export function fileRoutes(app: FastifyInstance, store: FileStore): void {
  app.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD'],
    url: `${filesUrlPath}*`,
    config: { isOpen: true, isUnlimited: true, mayTakeLong: true },
    schema: { hide: true },
    handler: (request, reply) => sendFile(request, reply, store, request.params['*']),
  });
}

async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  store: FileStore,
  key: string,
): Promise<FastifyReply> {
  const size = isFileKey(key) ? await store.size(key) : undefined;
  if (size === undefined) return reply.code(404).send();

  // A key is written once, so its name tells its content for ever.
  const etag = `"${key}"`;
  void reply.headers({
    etag,
    'accept-ranges': 'bytes',
    // Not in caches between: a file that is taken back or removed would live on there.
    'cache-control': 'private, max-age=31536000, immutable',
    ...contentHeaders(extensionOf(key)),
  });
  if (request.headers['if-none-match']?.includes(etag) === true) return reply.code(304).send();

  const condition = request.headers['if-range'];
  const wanted = condition === undefined || condition === etag ? request.headers.range : undefined;
  const range = parseRange(wanted, size);
  if (range === 'unsatisfiable')
    return reply.code(416).header('content-range', `bytes */${size}`).removeHeader('cache-control').send();
  if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
  void reply.header('content-length', range ? range.end - range.start + 1 : size);
  return reply.send(request.method === 'HEAD' ? undefined : await store.read(key, range));
}
