import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, limitOf, time, toTime } from '../api/values.ts';
import type { BanService } from '../bans/ban-service.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';
import type { AdminGroup, AdminMember, GroupAdmin } from './group-admin.ts';
import { prefixQuery } from './prefix.ts';

const usual = 50;

const group = z
  .object({
    id: idText('Of the group'),
    name: z.string(),
    ownerId: idText('Of its owner'),
    notice: z.string(),
    ban: z.object({ reason: z.string() }).nullable(),
    isDissolved: z.boolean(),
    members: z
      .int()
      .nullable()
      .meta({ description: 'How many are in it now; null in a list, where they are not counted' }),
    createdAt: time,
  })
  .meta({ id: 'AdminGroup' });

function toGroup({ id, name, ownerId, notice, reason, ...row }: AdminGroup): z.output<typeof group> {
  return {
    ...{ id: String(id), name, ownerId: String(ownerId), notice },
    ban: row.isBanned === 1 ? { reason } : null,
    ...{ isDissolved: row.dissolve === 1, members: row.members ?? null, createdAt: toTime(row.createdTime) },
  };
}

const member = z
  .object({
    userId: idText('Of the user'),
    name: z.string().meta({ description: 'What they are called in the group' }),
    role: z.enum(['owner', 'admin', 'member']),
    joinedAt: time,
  })
  .meta({ id: 'AdminMember' });

function toMember({ userId, name, role, joinedTime }: AdminMember): z.output<typeof member> {
  return { userId: String(userId), name, role, joinedAt: toTime(joinedTime) };
}

const params = z.object({ groupId: idOf('Of the group', '1') });
const subject = ({ groupId }: z.output<typeof params>): string => `group:${groupId}`;

export function groupAdminApi(
  app: FastifyInstance,
  deps: AdminRouteDeps,
  {
    groups,
    bans,
  }: { readonly groups: GroupAdmin; readonly bans: Pick<BanService, 'banGroup' | 'unbanGroup'> },
): void {
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/groups',
    name: 'adminListGroups',
    summary: 'Groups whose name begins so, or with that id',
    query: z.strictObject({ prefix: prefixQuery, cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(group),
    subject: () => 'groups',
    async handle({ query: { prefix = '', cursor, limit = usual } }) {
      const rows = await groups.page(prefix, readCursor(cursor, z.int()) ?? 0, limit + 1);
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toGroup });
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/groups/{groupId}',
    name: 'adminGetGroup',
    summary: 'One group',
    params,
    answer: group,
    problems: ['NOT_FOUND'],
    subject,
    handle: async ({ params: { groupId } }) => toGroup(await groups.find(groupId)),
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/groups/{groupId}/members',
    name: 'adminListMembers',
    summary: 'Who is in a group now',
    params,
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) }),
    answer: pageOf(member),
    problems: ['NOT_FOUND'],
    subject,
    async handle({ params: { groupId }, query: { cursor, limit = usual } }) {
      const rows = await groups.members(groupId, readCursor(cursor, z.int()) ?? 0, limit + 1);
      return toPage(rows, limit, { placeOf: ({ userId }) => userId, toItem: toMember });
    },
  });
  addAdminRoute(app, deps, {
    method: 'PUT',
    path: '/admin/groups/{groupId}/ban',
    name: 'adminBanGroup',
    summary: 'Ban a group: nothing can be said in it, and its members are told why',
    params,
    body: z.strictObject({ reason: z.string().min(1).max(255) }).meta({ example: { reason: 'spam' } }),
    problems: ['NOT_FOUND'],
    subject,
    handle: ({ params: { groupId }, body: { reason } }, within) => bans.banGroup(groupId, reason, { within }),
  });
  addAdminRoute(app, deps, {
    method: 'DELETE',
    path: '/admin/groups/{groupId}/ban',
    name: 'adminUnbanGroup',
    summary: 'Lift the ban of a group',
    params,
    problems: ['NOT_FOUND'],
    subject,
    handle: ({ params: { groupId } }, within) => bans.unbanGroup(groupId, { within }),
  });
}
