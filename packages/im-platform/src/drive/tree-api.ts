import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, limitOf } from '../api/values.ts';
import { driveTag, ofNode, preview, type WithDrive } from './drive-parts.ts';
import { driveName } from './names.ts';
import type { DriveNode } from './node.ts';
import { driveNode } from './node-view.ts';

const usual = 100;

const listPlace = z.object({ isFile: z.int(), nameKey: z.string() });
const ifTaken = z.enum(['refuse', 'rename']).default('refuse').meta({
  description: '`rename`: it gets another name, as `Plans (2)`, if the name is taken',
});
const onlyWith = 'Only with `--drive`.';

/** Folders and files. */
export function treeApi(app: FastifyInstance, mine: WithDrive): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/drive',
    name: 'getDrive',
    tag: driveTag,
    summary: 'The caller’s own drive',
    rights: `Whoever is signed in. ${onlyWith}`,
    answer: driveNode,
    problems: ['NOT_FOUND'],
    async handle({ caller: { userId } }) {
      const { tree, views } = mine();
      return views.one(userId, (await tree.root(userId)).id);
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/drive/nodes/{nodeId}',
    name: 'getDriveNode',
    tag: driveTag,
    summary: 'A folder or file, and what it is in',
    rights: 'Who may see it: the owner of the drive, and with whom it or something around it is shared.',
    params: ofNode,
    answer: driveNode.extend({
      path: z
        .array(z.object({ id: z.string(), name: z.string() }))
        .meta({ description: 'What it is in, from above, as far as the caller may see it' }),
    }),
    problems: ['NOT_FOUND'],
    handle: ({ params: { nodeId }, caller: { userId } }) => mine().views.withPath(userId, nodeId),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/drive/nodes/{nodeId}/children',
    name: 'listDriveFolder',
    tag: driveTag,
    summary: 'What is in a folder: folders first, by their names',
    rights: 'Who may see the folder.',
    params: ofNode,
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(500, usual) }),
    answer: pageOf(driveNode),
    problems: ['NOT_FOUND', 'DRIVE_STATE'],
    async handle({ params: { nodeId }, query: { cursor, limit = usual }, caller: { userId } }) {
      const { tree, views } = mine();
      const after = readCursor(cursor, listPlace);
      const { place, nodes } = await tree.list(userId, nodeId, after, limit + 1);
      const toItem = await views.childrenOf(userId, place, nodes);
      const placeOf = ({ isFile, nameKey }: DriveNode) => ({ isFile, nameKey });
      return toPage(nodes, limit, { placeOf, toItem });
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/drive/nodes/{nodeId}/folders',
    name: 'makeDriveFolder',
    tag: driveTag,
    summary: 'Make a folder in a folder',
    rights: 'Who may edit the folder. 32 folders one in the other, 100,000 things in a drive.',
    takesIdempotencyKey: true,
    params: ofNode,
    body: z.strictObject({ name: driveName, ifTaken }).meta({ example: { name: 'Plans' } }),
    answer: driveNode,
    status: 201,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'DRIVE_NAME_TAKEN', 'DRIVE_STATE', 'TOO_MANY'],
    async handle({ params: { nodeId: parentId }, body, caller: { userId }, idempotencyKey }) {
      const { tree, views } = mine();
      return views.one(userId, await tree.makeFolder(userId, { parentId, ...body }, idempotencyKey));
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/drive/nodes/{nodeId}/files',
    name: 'putDriveFile',
    tag: driveTag,
    summary: 'Put a file into a folder: an upload, or one that a message shows',
    rights:
      'Who may edit the folder, and was shown the file: their own upload, or a message that they may see. It counts for the owner of the drive, and is not stored a second time.',
    takesIdempotencyKey: true,
    params: ofNode,
    body: z
      .strictObject({
        url: z.string().max(2_048).meta({
          description: 'As an upload (`as=drive` is for that) or a message has it',
        }),
        preview,
        name: driveName,
        ifTaken: z
          .enum(['refuse', 'rename', 'version'])
          .default('refuse')
          .meta({ description: '`version`: the file that has the name gets a new version' }),
      })
      .meta({ example: { url: 'http://localhost/files/file/20260102/x.txt', name: 'hello.txt' } }),
    answer: driveNode,
    status: 201,
    problems: [
      ...(['NOT_FOUND', 'NOT_ALLOWED', 'DRIVE_NAME_TAKEN', 'DRIVE_STATE', 'TOO_MANY'] as const),
      ...(['FILE_REFUSED', 'STORAGE_FULL'] as const),
    ],
    async handle({ params: { nodeId }, body, caller: { userId }, idempotencyKey }) {
      const { tree, views } = mine();
      return views.one(userId, await tree.putFile(userId, nodeId, body, idempotencyKey));
    },
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/drive/nodes/{nodeId}',
    name: 'moveDriveNode',
    tag: driveTag,
    summary: 'Give it another name, or move it to another folder of the same drive',
    rights: 'Who may edit it, the folder that it is in, and the one that it goes to.',
    params: ofNode,
    body: z
      .strictObject({
        name: driveName.optional(),
        parentId: idOf('Of the folder that it goes to', '1').optional(),
        ifTaken,
      })
      .meta({ example: { name: 'Plans of last year' } }),
    answer: driveNode,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'DRIVE_NAME_TAKEN', 'DRIVE_STATE'],
    async handle({ params: { nodeId }, body, caller: { userId } }) {
      const { tree, views } = mine();
      await tree.move(userId, nodeId, body);
      return views.one(userId, nodeId);
    },
  });
}
