import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'im-common';
import { answerError } from '../api/problem-answers.ts';
import type { Database } from '../db/database.ts';
import { extensionOf } from '../files/file-key.ts';
import { sendFile } from '../files/file-routes.ts';
import type { FileStore } from '../files/file-store.ts';
import { Refusal } from '../http/refusal.ts';
import { Lane } from '../limits/lane.ts';
import type { Limiter } from '../limits/limiter.ts';
import { CheckedContent } from './checked-content.ts';
import { contentPath, type ContentLinks, type Ticket } from './content-links.ts';
import type { DriveFiles, StoredContent } from './drive-files.ts';
import { findLink, placeForLink } from './drive-shares.ts';
import { entriesOf } from './folder-archive.ts';
import type { DriveNode } from './node.ts';
import { placeFor } from './rights.ts';
import { treeStore } from './tree-store.ts';
import { gathered, zipLength, zipOf } from './zip.ts';

export interface ContentDeps {
  readonly database: Pick<Database, 'sql'>;
  readonly links: ContentLinks;
  readonly files: DriveFiles;
  readonly store: FileStore;
  readonly logger: Logger;
  /** Of folders as archives, by their readers. */
  readonly archives: Pick<Limiter, 'take'>;
}

/** What lies in drives, at addresses that a browser opens. Whether its reader may still see it is looked at each time. */
export function contentRoute(app: FastifyInstance, deps: ContentDeps): void {
  app.route<{ Params: { '*': string } }>({
    method: ['GET', 'HEAD'],
    url: `${contentPath}*`,
    config: { isOpen: true, isUnlimited: true, mayTakeLong: true },
    schema: { hide: true },
    errorHandler: (error, request, reply) => void answerError(error, request, reply),
    async handler(request, reply) {
      void reply.header('cache-control', 'no-store');
      const ticket = deps.links.read(request.params['*'].split('/')[0] ?? '');
      if (!ticket) throw new Refusal('linkWrong');
      if (ticket.endMs <= Date.now()) throw new Refusal('linkOver');
      const node = await visible(deps, ticket);
      if (!node) throw new Refusal('driveNodeUnknown', { code: 404 });
      return answer(request, reply, { deps, ticket, node });
    },
  });
}

async function visible({ database }: ContentDeps, ticket: Ticket): Promise<DriveNode | undefined> {
  const { nodeId, reader } = ticket;
  if ('shareId' in reader) {
    const share = await findLink(database.sql, { id: reader.shareId });
    return share && (await placeForLink(database.sql, share, nodeId))?.node;
  }
  const user = await database
    .sql('im_user')
    .where({ id: reader.userId, isBanned: 0 })
    .whereNull('deletedTime')
    .first<object | undefined>('id');
  return user && (await placeFor(database.sql, reader.userId, nodeId))?.node;
}

interface Wanted {
  readonly deps: ContentDeps;
  readonly ticket: Ticket;
  readonly node: DriveNode;
}

async function answer(request: FastifyRequest, reply: FastifyReply, wanted: Wanted): Promise<FastifyReply> {
  const { deps, ticket, node } = wanted;
  const { database, files, store } = deps;
  if (ticket.kind === 'z') return sendArchive(request, reply, deps, wanted);
  const version = await treeStore.version(database.sql, node.id, ticket.version);
  if (!version) throw new Refusal('driveNodeUnknown', { code: 404 });
  const isPicture = ticket.kind === 't';
  const fileId = isPicture ? (version.previewFileId ?? version.fileId) : version.fileId;
  const stored = await files.stored(fileId);
  if (!stored) throw new Refusal('fileTakenDown');
  const at = isPicture ? stored.compressedPath : stored.filePath;
  const size = at === null ? undefined : await store.size(at);
  if (at === null || size === undefined) throw new Refusal('fileUnknown', { code: 404 });
  const maxAgeS = Math.floor((ticket.endMs - Date.now()) / 1_000);
  const name = isPicture ? at : node.name;
  return sendFile(request, reply, {
    ...{ store, at, size, maxAgeS, extension: extensionOf(name) },
    key: `drive/${fileId}${ticket.kind}`,
    ...(ticket.kind === 'f' && { check: checkOf(stored, deps.logger) }),
  });
}

/** To list thousands of files is work that anybody with a link can ask for. */
const listing = new Lane(1, 20, () => new Refusal('unavailable', { code: 503 }));

/** Whoever goes away ends it. */
async function sendArchive(
  request: FastifyRequest,
  reply: FastifyReply,
  { database, files, store, archives }: ContentDeps,
  { node, ticket: { reader } }: Wanted,
): Promise<FastifyReply> {
  if (node.isFile === 1) throw new Refusal('driveNoFolder');
  const who = 'userId' in reader ? String(reader.userId) : `${reader.shareId}:${request.network}`;
  const { isWithin, waitS } = await archives.take(who);
  if (!isWithin) throw new Refusal('tooManyRequests', { code: 429, retryAfterS: waitS });
  const entries = await listing.run(Infinity, () => entriesOf({ sql: database.sql, files, store }, node));
  void reply.headers({
    ...{ 'content-type': 'application/zip', 'content-disposition': 'attachment' },
    'content-length': zipLength(entries),
  });
  if (request.method === 'HEAD') return reply.send();
  return reply.send(Readable.from(gathered(zipOf(entries)), { objectMode: false }));
}

/** Of what is sent as a whole. */
function checkOf(
  { id, contentHash }: StoredContent,
  logger: Logger,
): ((content: Readable) => Readable) | undefined {
  if (contentHash === null) return undefined;
  return (content) => {
    const checked = new CheckedContent(contentHash);
    content.on('error', (error) => checked.destroy(error));
    checked.on('error', (error) => logger.error({ err: error, file: id }, 'a file of a drive is broken'));
    checked.on('close', () => content.destroy());
    return content.pipe(checked);
  };
}
