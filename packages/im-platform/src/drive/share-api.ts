import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, readCursor, toCursor } from '../api/cursor.ts';
import { idOf, idText, limitOf, moment, time, toTime } from '../api/values.ts';
import { driveTag, ofNode, type WithDrive } from './drive-parts.ts';
import type { Share } from './drive-shares.ts';
import { driveNode } from './node-view.ts';
import { Level, levelNames, type LevelName } from './rights.ts';

const usual = 50;
const level = z.enum(['view', 'edit', 'manage']);
const share = z
  .object({
    id: idText('Of the share'),
    kind: z.enum(['user', 'group', 'link']),
    subjectId: z.string().nullable().meta({ description: 'The user or the group; null of links' }),
    level,
    createdAt: time,
    url: z.string().nullable().meta({ description: 'Of a link: a page, for whoever has it' }),
    hasPassword: z.boolean(),
    endsAt: time.nullable().meta({ description: 'Null: it does not end' }),
    downloadsLeft: z.int().nullable().meta({ description: 'Null: as many as want' }),
  })
  .meta({ id: 'DriveShare' });
const managers = 'Who may manage it.';

export function shareApi(app: FastifyInstance, mine: WithDrive): void {
  const show = (one: Share): z.input<typeof share> => ({
    ...{ id: String(one.id), kind: one.kind, level: levelNames[one.level] as LevelName },
    subjectId: one.kind === 'link' ? null : String(one.subjectId),
    createdAt: toTime(one.createdTime),
    url: one.code === null ? null : mine().linkUrl(one.code),
    hasPassword: one.password !== null,
    endsAt: one.endTime === null ? null : toTime(one.endTime),
    downloadsLeft: one.downloadsLeft,
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/drive/nodes/{nodeId}/shares',
    name: 'listDriveShares',
    tag: driveTag,
    summary: 'With whom it is shared, itself and not what it is in',
    rights: managers,
    params: ofNode,
    answer: z.object({ items: z.array(share) }),
    problems: ['NOT_FOUND', 'NOT_ALLOWED'],
    async handle({ params: { nodeId }, caller: { userId } }) {
      return { items: (await mine().shares.list(userId, nodeId)).map(show) };
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/drive/nodes/{nodeId}/shares',
    name: 'shareDriveNode',
    tag: driveTag,
    summary:
      'Share it, and all that is in it, with a friend or a group; shared already, change what they may',
    rights: `${managers} A friend of theirs, or a group that they are in. Who leaves the group has it no longer.`,
    params: ofNode,
    body: z
      .strictObject({
        userId: idOf('Of the friend', '2').optional(),
        groupId: idOf('Of the group', '1').optional(),
        level,
      })
      .refine(
        ({ userId, groupId }) => (userId === undefined) !== (groupId === undefined),
        'expected either userId or groupId',
      )
      .meta({ example: { userId: '2', level: 'view' } }),
    answer: share,
    status: 201,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'NOT_FRIENDS', 'NOT_A_MEMBER', 'DRIVE_STATE', 'TOO_MANY'],
    async handle({ params: { nodeId }, body, caller }) {
      const { userId, groupId = 0 } = body;
      const may = Level[body.level.toUpperCase() as 'VIEW' | 'EDIT' | 'MANAGE'];
      const whom =
        userId === undefined
          ? { kind: 'group' as const, subjectId: groupId }
          : { kind: 'user' as const, subjectId: userId };
      return show(await mine().shares.add(caller.userId, nodeId, { ...whom, level: may }));
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/drive/nodes/{nodeId}/links',
    name: 'linkDriveNode',
    tag: driveTag,
    summary: 'A link with which whoever has it sees and downloads it, without an account',
    rights: managers,
    params: ofNode,
    body: z
      .strictObject({
        password: z.string().min(6).max(128).optional(),
        endsAt: moment('When it ends').optional(),
        downloads: z.int().min(1).max(1_000_000).optional().meta({ description: 'As many at most' }),
      })
      .meta({ example: { password: 'open sesame' } }),
    answer: share,
    status: 201,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'DRIVE_STATE', 'TOO_MANY'],
    async handle({ params: { nodeId }, body: { endsAt: endTime, ...wish }, caller: { userId }, request }) {
      return show(await mine().shares.addLink(userId, nodeId, { ...wish, endTime }, request.actBy));
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/drive/shares/{shareId}',
    name: 'endDriveShare',
    tag: driveTag,
    summary: 'Share it no longer',
    rights: 'Who may manage the thing, and the one with whom it is shared.',
    params: z.object({ shareId: idOf('Of the share', '1') }),
    problems: ['NOT_FOUND', 'NOT_ALLOWED'],
    handle: ({ params: { shareId }, caller: { userId } }) => mine().shares.remove(userId, shareId),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/drive/shared',
    name: 'listSharedDriveNodes',
    tag: driveTag,
    summary: 'What others share with the caller, what was shared last first',
    rights: 'Whoever is signed in.',
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(100, usual) }),
    answer: z.object({ items: z.array(driveNode), nextCursor: z.string().nullable() }),
    problems: ['NOT_FOUND'],
    async handle({ query: { cursor, limit = usual }, caller: { userId } }) {
      const { shares, views } = mine();
      const before = readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER;
      const found = await shares.withMe(userId, before, limit);
      const places = found.flatMap(({ place }) => place ?? []);
      const last = found.at(-1);
      return {
        items: await views.shownAll(userId, places),
        nextCursor: found.length === limit && last ? toCursor(last.shareId) : null,
      };
    },
  });
}
