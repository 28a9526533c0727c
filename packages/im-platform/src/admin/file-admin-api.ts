import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import { FileType, nobody } from '../files/file-key.ts';
import { storage } from '../files/storage-api.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';
import type { AdminFile, FileAdmin } from './file-admin.ts';
import { prefixQuery } from './prefix.ts';

const usual = 50;

const file = z
  .object({
    id: idText('Of the file'),
    name: z.string().meta({ description: 'As it was uploaded' }),
    type: z.enum(['file', 'image']),
    ownerId: z.string().nullable().meta({ description: 'Who uploaded it; null: somebody without a token' }),
    bytes: z.int().meta({ description: 'What it takes up, with its thumbnail' }),
    uploadedAt: time.meta({ description: 'For the last time' }),
    isPublic: z.boolean().meta({ description: 'It is or was the picture of somebody or of a group' }),
    isUnscanned: z
      .boolean()
      .meta({ description: 'It came while the scanner was away, or is too large for it' }),
    url: z.string(),
    thumbnail: z.string().nullable(),
  })
  .meta({ id: 'AdminFile' });

const use = z
  .object({
    userId: z.string().nullable().meta({ description: 'Null: whoever uploads without a token' }),
    bytes: z.int(),
  })
  .meta({ id: 'FileUse' });

const userStorage = storage
  .extend({ isOwnLimit: z.boolean().meta({ description: 'It was set for this user' }) })
  .meta({ id: 'AdminStorage' });

const ofUser = z.object({ userId: idOf('Of the user', '5') });
const userSubject = ({ userId }: z.output<typeof ofUser>): string => `user:${userId}`;

const place = z.object({ userId: z.int(), bytes: z.int() });

export function fileAdminApi(
  app: FastifyInstance,
  deps: AdminRouteDeps,
  { files, urlOf }: { readonly files: FileAdmin; readonly urlOf: (path: string) => string },
): void {
  const toFile = ({ id, filePath, compressedPath, userId, ...row }: AdminFile): z.output<typeof file> => ({
    ...{ id: String(id), name: row.fileName, type: row.fileType === FileType.IMAGE ? 'image' : 'file' },
    ...{ ownerId: ownerText(userId), bytes: row.storedBytes, uploadedAt: toTime(row.uploadTime) },
    ...{ isPublic: row.isPublic === 1, isUnscanned: row.isUnscanned === 1, url: urlOf(filePath) },
    thumbnail: compressedPath === null ? null : urlOf(compressedPath),
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/files',
    name: 'adminListFiles',
    summary: 'Uploaded files, the newest first; of one user, or whose name begins so',
    query: z.strictObject({
      userId: idOf('Of who uploaded it', '1').optional(),
      prefix: prefixQuery,
      cursor: cursorQuery,
      limit: limitOf(200, usual),
    }),
    answer: pageOf(file),
    subject: () => 'files',
    async handle({ query: { userId, prefix = '', cursor, limit = usual } }) {
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const rows = await files.page({ prefix, userId }, before, limit + 1);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toFile });
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/file-uses',
    name: 'adminListFileUses',
    summary: 'What files take up, of each user; the most first',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(use),
    subject: () => 'files',
    async handle({ query: { cursor, limit = usual } }) {
      const rows = await files.uses(readCursor(cursor, place), limit + 1);
      return toPage(rows, limit, {
        placeOf: ({ userId, bytes }) => ({ userId, bytes }),
        toItem: ({ userId, bytes }) => ({ userId: ownerText(userId), bytes }),
      });
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/users/{userId}/storage',
    name: 'adminGetStorage',
    summary: 'What the files of a user take up, and may',
    params: ofUser,
    answer: userStorage,
    problems: ['NOT_FOUND'],
    subject: userSubject,
    async handle({ params: { userId } }) {
      const { bytes, most, isOwn } = await files.storageOf(userId);
      return { usedBytes: bytes, limitBytes: most, isOwnLimit: isOwn };
    },
  });
  addAdminRoute(app, deps, {
    method: 'PUT',
    path: '/admin/users/{userId}/storage',
    name: 'adminLimitStorage',
    summary: 'What the files of a user may take up; what lies there stays',
    params: ofUser,
    body: z
      .strictObject({
        megabytes: z
          .int()
          .min(0)
          .max(1_000_000_000)
          .nullable()
          .meta({ description: 'Null: as much as everybody' }),
      })
      .meta({ example: { megabytes: 2_048 } }),
    problems: ['NOT_FOUND'],
    subject: userSubject,
    handle: ({ params: { userId }, body: { megabytes } }, note) =>
      files.limit(userId, megabytes === null ? null : megabytes * 2 ** 20, note),
  });
  addAdminRoute(app, deps, {
    method: 'PUT',
    path: '/admin/files/{fileId}/takedown',
    name: 'adminTakeDownFile',
    summary: 'Take a file down for good: its address answers 410 from then on, wherever it is shown',
    params: z.object({ fileId: idOf('Of the file', '1') }),
    body: z.strictObject({ reason: z.string().min(1).max(255) }).meta({ example: { reason: 'not allowed' } }),
    problems: ['NOT_FOUND'],
    subject: ({ fileId }) => `file:${fileId}`,
    handle: ({ params: { fileId } }, note) => files.takeDown(fileId, note),
  });
}

function ownerText(userId: number): string | null {
  return userId === nobody ? null : String(userId);
}
