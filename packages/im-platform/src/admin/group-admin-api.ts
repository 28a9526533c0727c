import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { idOf } from '../api/values.ts';
import type { BanService } from '../bans/ban-service.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';

const params = z.object({ groupId: idOf('Of the group', '1') });
const subject = ({ groupId }: z.output<typeof params>): string => `group:${groupId}`;

export function groupAdminApi(
  app: FastifyInstance,
  deps: AdminRouteDeps,
  bans: Pick<BanService, 'banGroup' | 'unbanGroup'>,
): void {
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
