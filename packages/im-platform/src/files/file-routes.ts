import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseRange } from './byte-range.ts';
import { contentHeaders } from './content-types.ts';
import { extensionOf, filesUrlPath, isFileKey } from './file-key.ts';
import type { FileLinks } from './file-links.ts';
import type { FileRecords } from './file-records.ts';
import type { FileStore } from './file-store.ts';
import { Refusal } from '../http/refusal.ts';
import { answerError } from '../api/problem-answers.ts';

export interface FileRouteDeps {
  readonly store: FileStore;
  readonly records: Pick<FileRecords, 'isAddress' | 'ownersOf' | 'storedAt' | 'isTakenDown'>;
  readonly links: Pick<FileLinks, 'areNeeded' | 'read'>;
  /** Whether bytes may stay when a message is taken back that showed them, for somebody who has kept them. */
  readonly areShared: boolean;
}

/** A year: a key is written once, so its name tells its content for ever. */
const foreverS = 31_536_000;

/** The files themselves, at addresses that <img> and <audio> can open: without a token, and not to be guessed. */
export function fileRoutes(app: FastifyInstance, deps: FileRouteDeps): void {
  app.route<{ Params: { '*': string }; Querystring: Record<string, unknown> }>({
    method: ['GET', 'HEAD'],
    url: `${filesUrlPath}*`,
    config: { isOpen: true, isUnlimited: true, mayTakeLong: true },
    schema: { hide: true },
    errorHandler: (error, request, reply) => void answerError(error, request, reply),
    async handler(request, reply) {
      const key = request.params['*'];
      const stored = isFileKey(key) ? await find(key, deps) : undefined;
      void reply.header('cache-control', 'no-store');
      if (stored === undefined) {
        if (isFileKey(key) && (await deps.records.isTakenDown(key))) throw new Refusal('fileTakenDown');
        return reply.code(404).send();
      }
      const maxAgeS = deps.links.areNeeded ? await secondsLeft(key, request.query, deps) : foreverS;
      return sendFile(request, reply, {
        ...{ store: deps.store, key, ...stored, maxAgeS },
        extension: extensionOf(key),
      });
    },
  });
}

/** Where its bytes lie. Those of one address may be at another one, and those of an address that is gone may be there for others. */
async function find(
  key: string,
  { store, records, areShared }: FileRouteDeps,
): Promise<{ readonly at: string; readonly size: number } | undefined> {
  const size = await store.size(key);
  if (size !== undefined) return !areShared || (await records.isAddress(key)) ? { at: key, size } : undefined;
  const at = await records.storedAt(key);
  const sizeThere = at === undefined ? undefined : await store.size(at);
  return at === undefined || sizeThere === undefined ? undefined : { at, size: sizeThere };
}

/** How long the address is good still. Only where it is not, the table is asked: the file may be somebody's picture. */
async function secondsLeft(
  key: string,
  query: Readonly<Record<string, unknown>>,
  { records, links }: Pick<FileRouteDeps, 'records' | 'links'>,
): Promise<number> {
  const signed = links.read(key, query);
  const left = signed ? Math.floor((signed.endMs - Date.now()) / 1_000) : 0;
  if (left > 0) return Math.min(left, foreverS);
  if ((await records.ownersOf([key])).get(key)?.isPublic === true) return foreverS;
  throw new Refusal(signed ? 'linkOver' : 'linkWrong');
}

export interface Sent {
  readonly store: Pick<FileStore, 'read'>;
  /** Names it. */
  readonly key: string;
  /** Where its bytes lie. */
  readonly at: string;
  readonly size: number;
  readonly maxAgeS: number;
  /** Says what it is. */
  readonly extension: string;
  /** What is sent as a whole goes through it. */
  readonly check?: ((content: Readable) => Readable) | undefined;
}

/** All of it, or the part that is asked for. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { store, key, at, size, maxAgeS, extension, check }: Sent,
): Promise<FastifyReply> {
  const etag = `"${key}"`;
  void reply.headers({
    etag,
    'accept-ranges': 'bytes',
    // Not in caches between: a file that is taken back or removed would live on there.
    'cache-control': `private, max-age=${maxAgeS}, immutable`,
    ...contentHeaders(extension),
  });
  if (request.headers['if-none-match']?.includes(etag) === true) return reply.code(304).send();

  const condition = request.headers['if-range'];
  const wanted = condition === undefined || condition === etag ? request.headers.range : undefined;
  const range = parseRange(wanted, size);
  if (range === 'unsatisfiable')
    return reply.code(416).header('content-range', `bytes */${size}`).removeHeader('cache-control').send();
  if (range) void reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`);
  const part = range ?? { start: 0, end: size - 1 };
  void reply.header('content-length', part.end - part.start + 1);
  // Of nothing no store gives a part.
  if (request.method === 'HEAD' || size === 0) return reply.send();
  const content = await store.read(at, part);
  return reply.send(range || !check ? content : check(content));
}
