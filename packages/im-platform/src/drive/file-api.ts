import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toCursor, toPage } from '../api/cursor.ts';
import { idText, limitOf, numberIn, time } from '../api/values.ts';
import { plainFile } from '../files/kept-file.ts';
import { actions, showActivity, watchedForS } from './activities.ts';
import { driveTag, ofNode, preview, type WithDrive } from './drive-parts.ts';
import { driveNode } from './node-view.ts';

const usual = 50;
const searchPlace = z.object({ ownerId: z.int().min(1), id: z.int().min(0) });
const version = z
  .object({
    number: z.int(),
    size: z.int(),
    creatorId: idText('Of whoever put it there'),
    createdAt: time,
    url: z.string().meta({ description: 'Loads it' }),
  })
  .meta({ id: 'DriveVersion' });
const activity = z
  .object({
    id: idText('Of the activity'),
    folderId: idText('Where it was'),
    nodeId: idText('Of the thing'),
    actorId: idText('Of whoever did it'),
    action: z.enum(actions),
    name: z.string().meta({ description: 'What the thing was called then' }),
    time,
  })
  .meta({ id: 'DriveActivity' });

/** Versions of files, what chats show of them, what happens in folders, and finding things. */
export function fileApi(app: FastifyInstance, mine: WithDrive): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/drive/nodes/{nodeId}/versions',
    name: 'listDriveVersions',
    tag: driveTag,
    summary: 'The versions of a file that are kept, the newest first',
    rights: 'Who may see it.',
    params: ofNode,
    answer: z.object({ items: z.array(version) }),
    problems: ['NOT_FOUND'],
    handle: async ({ params: { nodeId }, caller: { userId } }) => ({
      items: await mine().views.versions(userId, nodeId),
    }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/drive/nodes/{nodeId}/versions',
    name: 'putDriveVersion',
    tag: driveTag,
    summary: 'A new version of a file; the oldest goes when there are more than are kept',
    rights: 'Who may edit it, and was shown what is to be in it.',
    takesIdempotencyKey: true,
    params: ofNode,
    body: z
      .strictObject({ url: z.string().max(2_048), preview })
      .meta({ example: { url: 'http://localhost/files/file/20260102/x.txt' } }),
    answer: driveNode,
    status: 201,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'DRIVE_STATE', 'FILE_REFUSED', 'STORAGE_FULL'],
    async handle({ params: { nodeId }, body, caller: { userId }, idempotencyKey }) {
      const { tree, views } = mine();
      await tree.putVersion(userId, nodeId, body, idempotencyKey);
      return views.one(userId, nodeId);
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/drive/nodes/{nodeId}/versions/{number}/restore',
    name: 'restoreDriveVersion',
    tag: driveTag,
    summary: 'Make an old version the newest one, as a new version',
    rights: 'Who may edit it.',
    takesIdempotencyKey: true,
    params: ofNode.extend({ number: numberIn(1, 1_000_000_000).meta({ example: 1 }) }),
    answer: driveNode,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'DRIVE_STATE', 'STORAGE_FULL'],
    async handle({ params: { nodeId, number }, caller: { userId }, idempotencyKey }) {
      const { tree, views } = mine();
      await tree.putVersion(userId, nodeId, { number }, idempotencyKey);
      return views.one(userId, nodeId);
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/drive/nodes/{nodeId}/message-file',
    name: 'offerDriveFile',
    tag: driveTag,
    summary: 'The file as a message can show it: what is answered can be sent as it is',
    rights:
      'Who may see it. It counts for the caller, unless it is in their own drive; it is not stored a second time, and each goes without the other.',
    params: ofNode,
    answer: plainFile,
    status: 201,
    problems: ['NOT_FOUND', 'DRIVE_STATE', 'STORAGE_FULL', 'TAKEN_DOWN'],
    handle: ({ params: { nodeId }, caller: { userId } }) => mine().messageFiles.offer(userId, nodeId),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/drive/nodes/{nodeId}/activity',
    name: 'listDriveActivity',
    tag: driveTag,
    summary: 'What happened in a folder in the last 90 days, the newest first',
    rights: 'Who may see the folder.',
    params: ofNode,
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(activity),
    problems: ['NOT_FOUND'],
    async handle({ params: { nodeId }, query: { cursor, limit = usual }, caller: { userId } }) {
      const { tree, activities } = mine();
      await tree.find(userId, nodeId);
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const rows = await activities.list(nodeId, before, limit + 1);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: showActivity });
    },
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/drive/nodes/{nodeId}/watch',
    name: 'watchDriveFolder',
    tag: driveTag,
    summary: `Be told for ${watchedForS} seconds of what happens in a folder: \`{ "type": 60, "drive": … }\`, as activity`,
    rights: 'Who may see the folder, when asked and when told.',
    params: ofNode,
    problems: ['NOT_FOUND'],
    async handle({ params: { nodeId }, caller: { userId } }) {
      const { tree, activities } = mine();
      await tree.find(userId, nodeId);
      await activities.watch(userId, nodeId);
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/drive/search',
    name: 'searchDrive',
    tag: driveTag,
    summary:
      'Folders and files with that in their names, in the caller’s drive and in what is shared with them',
    rights:
      'Whoever is signed in; what they may see. A page may have few or none, and a `nextCursor`. Limited by `--searches-per-minute`.',
    query: z.strictObject({
      query: z.string().trim().min(1).max(100).meta({ example: 'work' }),
      cursor: cursorQuery,
    }),
    answer: pageOf(driveNode),
    problems: ['NOT_FOUND'],
    async handle({ query: { query: text, cursor }, caller: { userId }, request: { actBy: beginBy } }) {
      const { search, views } = mine();
      const after = readCursor(cursor, searchPlace);
      const { places, next } = await search.search(userId, { text, after, beginBy });
      return { items: await views.shownAll(userId, places), nextCursor: next ? toCursor(next) : null };
    },
  });
}
