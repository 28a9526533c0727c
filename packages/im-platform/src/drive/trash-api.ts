import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { limitOf, time, toTime } from '../api/values.ts';
import { driveTag, ofNode, type WithDrive } from './drive-parts.ts';
import type { DriveNode } from './node.ts';
import { driveNode } from './node-view.ts';
import { Level } from './rights.ts';

const usual = 100;
const place = z.object({ time: z.int(), id: z.int() });
const thrownAway = driveNode.extend({ trashedAt: time }).meta({ id: 'TrashedDriveNode' });

export function trashApi(app: FastifyInstance, mine: WithDrive): void {
  addApiRoute(app, {
    method: 'DELETE',
    path: '/drive/nodes/{nodeId}',
    name: 'trashDriveNode',
    tag: driveTag,
    summary: 'Put it into the trash of its drive, with all that is in it',
    rights: 'Who may edit it and the folder that it is in.',
    params: ofNode,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'DRIVE_STATE'],
    handle: ({ params: { nodeId }, caller: { userId } }) => mine().trash.put(userId, nodeId),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/drive/trash',
    name: 'listDriveTrash',
    tag: driveTag,
    summary: 'What is in the trash of the caller’s drive, what was thrown away last first',
    rights:
      'Whoever is signed in, of their own. What is there goes by itself after some days (`--drive-trash-days`).',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(500, usual) }),
    answer: pageOf(thrownAway),
    problems: ['NOT_FOUND'],
    async handle({ query: { cursor, limit = usual }, caller: { userId } }) {
      const { trash, views } = mine();
      const nodes = await trash.list(userId, readCursor(cursor, place), limit + 1);
      const show = await views.shower({ userId }, { level: Level.MANAGE, isInside: true }, nodes);
      return toPage(nodes, limit, {
        placeOf: ({ trashedTime, id }) => ({ time: trashedTime, id }),
        toItem: (node: DriveNode) => ({ ...show(node), trashedAt: toTime(node.trashedTime ?? 0) }),
      });
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/drive/trash/{nodeId}/restore',
    name: 'restoreDriveNode',
    tag: driveTag,
    summary: 'Take it out of the trash: to where it was, or into the drive itself if that is gone',
    rights: 'The owner of the drive.',
    params: ofNode,
    answer: driveNode,
    problems: ['NOT_FOUND', 'DRIVE_STATE', 'DRIVE_NAME_TAKEN'],
    async handle({ params: { nodeId }, caller: { userId } }) {
      const { trash, views } = mine();
      await trash.restore(userId, nodeId);
      return views.one(userId, nodeId);
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/drive/trash/{nodeId}',
    name: 'removeDriveNode',
    tag: driveTag,
    summary: 'Remove something in the trash for good',
    rights: 'The owner of the drive.',
    params: ofNode,
    problems: ['NOT_FOUND', 'DRIVE_STATE'],
    handle: ({ params: { nodeId }, caller: { userId } }) => mine().trash.remove(userId, nodeId),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/drive/trash',
    name: 'emptyDriveTrash',
    tag: driveTag,
    summary: 'Remove all that is in the trash of the caller’s drive; of very much some goes a little later',
    rights: 'Whoever is signed in, of their own.',
    problems: ['NOT_FOUND'],
    async handle({ caller: { userId } }) {
      const { tree, trash } = mine();
      await tree.root(userId);
      await trash.remove(userId);
    },
  });
}
