import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addAdminRoute, type AdminRouteDeps } from '../admin/admin-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import { Refusal } from '../http/refusal.ts';
import { levelNames, type LevelName } from './rights.ts';
import { ShareDesk, type SeenShare } from './share-desk.ts';

const usual = 50;
const mostListed = 200;

const share = z
  .object({
    id: idText('Of the share'),
    kind: z.enum(['user', 'group', 'link']),
    subjectId: z.string().nullable().meta({ description: 'The user or the group; null of links' }),
    level: z.enum(['view', 'edit', 'manage']),
    nodeId: idText('Of the folder or file'),
    nodeType: z.enum(['folder', 'file']),
    name: z.string().meta({ description: 'Of the folder or file; empty: it is the drive itself' }),
    ownerId: idText('Of whoever has the drive'),
    creatorId: idText('Of whoever shared it'),
    createdAt: time,
    hasPassword: z.boolean().meta({ description: 'Of links. Neither it nor where the link leads is told' }),
    endsAt: time.nullable().meta({ description: 'Null: it does not end. It is listed also when it is over' }),
    downloadsLeft: z.int().nullable().meta({ description: 'Null: as many as want' }),
  })
  .meta({ id: 'AdminDriveShare' });

/** For those who run the platform. */
export function adminShareApi(app: FastifyInstance, deps: AdminRouteDeps, isOn: boolean): void {
  const desk = new ShareDesk(deps.database);
  const assertOn = (): void => {
    if (!isOn) throw new Refusal('driveOff', { code: 404 });
  };
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/drive-shares',
    name: 'adminListDriveShares',
    summary: 'What is shared of drives, with people, groups and by link, the newest first',
    query: z.strictObject({
      userId: idOf('Whose drive it is in, or with whom it is shared', '1').optional(),
      nodeId: idOf('Of the folder or file, itself and not what it is in', '2').optional(),
      cursor: cursorQuery,
      limit: limitOf(mostListed, usual),
    }),
    answer: pageOf(share),
    problems: ['NOT_FOUND'],
    subject: () => 'drive-shares',
    async handle({ query: { userId, nodeId, cursor, limit = usual } }) {
      assertOn();
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const rows = await desk.list({ userId, nodeId }, before, limit + 1);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toShare });
    },
  });
  const name = 'adminEndDriveShare';
  const subject = ({ shareId }: { readonly shareId: number }): string => `drive-share:${shareId}`;
  addAdminRoute(app, deps, {
    ...{ method: 'PUT', path: '/admin/drive-shares/{shareId}/ending', name, subject },
    summary: 'End a share or a link, at once; the thing itself stays',
    params: z.object({ shareId: idOf('Of the share', '2') }),
    body: z
      .strictObject({ reason: z.string().trim().min(1).max(255) })
      .meta({ example: { reason: 'not allowed' } }),
    problems: ['NOT_FOUND'],
    handle({ params }, note) {
      assertOn();
      return desk.end(params.shareId, { action: name, subject: subject(params) }, note);
    },
  });
}

function toShare(seen: SeenShare): z.input<typeof share> {
  const { id, kind, subjectId, level, nodeId, isFile, name, ownerId, creatorId } = seen;
  const { createdTime, hasPassword, endTime, downloadsLeft } = seen;
  return {
    ...{ id: String(id), kind, subjectId: kind === 'link' ? null : String(subjectId) },
    level: levelNames[level] as LevelName,
    ...{ nodeId: String(nodeId), nodeType: isFile === 1 ? 'file' : 'folder', name },
    ...{ ownerId: String(ownerId), creatorId: String(creatorId), createdAt: toTime(createdTime) },
    ...{ hasPassword: hasPassword === 1, endsAt: endTime === null ? null : toTime(endTime), downloadsLeft },
  };
}
