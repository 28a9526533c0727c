import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addAdminRoute, type AdminRouteDeps } from '../admin/admin-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { limitOf } from '../api/values.ts';
import {
  audience,
  campaign,
  newCampaign,
  ofCampaign,
  ofList,
  order,
  segment,
  toCampaign,
  toNewCampaign,
  toUserList,
  userIds,
  userList,
} from './campaign-view.ts';
import { mustHave, type CampaignParts } from './parts.ts';

const usual = 20;
const mostTested = 20;

/** For those who run the platform. */
export function adminCampaignApi(
  app: FastifyInstance,
  deps: AdminRouteDeps,
  given: CampaignParts | undefined,
): void {
  const parts = (): CampaignParts => mustHave(given);
  const { sql } = deps.database;
  const list = z.strictObject({ cursor: cursorQuery, limit: limitOf(100, usual) });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/campaigns',
    name: 'adminListCampaigns',
    summary: 'Campaigns, the newest first, and how far they are',
    query: list,
    answer: pageOf(campaign),
    problems: ['NOT_FOUND'],
    subject: () => 'campaigns',
    async handle({ query: { cursor, limit = usual } }) {
      const rows = await parts().service.before(
        readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER,
        limit + 1,
      );
      return toPage(rows, limit, { placeOf: (one) => one.campaign.id, toItem: toCampaign });
    },
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/campaigns',
    name: 'adminCreateCampaign',
    summary: 'Make a campaign, which nobody is told of before it is started',
    takesIdempotencyKey: true,
    body: newCampaign,
    answer: campaign,
    status: 201,
    problems: ['NOT_FOUND', 'IDEMPOTENCY_KEY_REUSED'],
    subject: () => 'campaigns',
    async handle({ body, caller: { userId }, idempotencyKey }, note) {
      const { service, mostRate } = parts();
      const asked = toNewCampaign(body, { madeBy: `admin:${userId}`, mostRate });
      const once = idempotencyKey === undefined ? undefined : { userId, key: idempotencyKey };
      const { report, isNew } = await service.create(asked, note, once);
      if (!isNew) await note(sql, { isRepeated: true });
      return toCampaign(report);
    },
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/campaign-audiences',
    name: 'adminCountAudience',
    summary: 'How many a segment has now',
    body: z.strictObject({ segment }).meta({ example: { segment: { everybody: true } } }),
    answer: audience,
    problems: ['NOT_FOUND'],
    subject: () => 'campaigns',
    async handle({ body }, note) {
      const users = await parts().service.count(body.segment);
      await note(sql, { users });
      return { users };
    },
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/campaigns/{campaignId}',
    name: 'adminGetCampaign',
    summary: 'A campaign, and what became of those whom it is for',
    params: ofCampaign,
    answer: campaign,
    problems: ['NOT_FOUND'],
    subject: ({ campaignId }) => `campaign:${campaignId}`,
    handle: async ({ params }) => toCampaign(await parts().service.report(params.campaignId)),
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/campaigns/{campaignId}/tests',
    name: 'adminTestCampaign',
    summary: 'Tell a few people at once, as it would be told; it counts nowhere',
    params: ofCampaign,
    body: z
      .strictObject({ userIds: userIds.max(mostTested), variant: z.int().min(0).max(9).optional() })
      .meta({ example: { userIds: ['2'] } }),
    answer: z.object({
      results: z.array(z.object({ userId: z.string(), state: z.string(), reason: z.string() })),
    }),
    problems: ['NOT_FOUND'],
    subject: ({ campaignId }) => `campaign:${campaignId}`,
    async handle({ params, body: { userIds: ids, variant = 0 } }, note) {
      const outcomes = await parts().service.test(params.campaignId, { userIds: ids, variant });
      await note(sql);
      return {
        results: [...outcomes].map(([userId, { state, reason }]) => ({
          userId: String(userId),
          state,
          reason,
        })),
      };
    },
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/campaigns/{campaignId}/orders',
    name: 'adminOrderCampaign',
    summary: 'Start, pause, resume or stop it',
    params: ofCampaign,
    body: order,
    answer: campaign,
    problems: ['NOT_FOUND', 'CAMPAIGN_STATE'],
    subject: ({ campaignId }) => `campaign:${campaignId}`,
    handle: async ({ params, body }, note) =>
      toCampaign(await parts().service.order(params.campaignId, body.order, note)),
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/campaign-lists',
    name: 'adminListUserLists',
    summary: 'Lists of ids of users, the newest first',
    query: list,
    answer: pageOf(userList),
    problems: ['NOT_FOUND'],
    subject: () => 'campaigns',
    async handle({ query: { cursor, limit = usual } }) {
      const rows = await parts().lists.before(
        readCursor(cursor, z.int()) ?? Number.MAX_SAFE_INTEGER,
        limit + 1,
      );
      return toPage(rows, limit, { placeOf: ({ id }) => id, toItem: toUserList });
    },
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/campaign-lists',
    name: 'adminCreateUserList',
    summary: 'Make a list of ids of users, which is empty',
    body: z.strictObject({ name: z.string().trim().min(1).max(64) }).meta({ example: { name: 'Winners' } }),
    answer: userList,
    status: 201,
    problems: ['NOT_FOUND'],
    subject: () => 'campaigns',
    handle: async ({ body }, note) => toUserList(await parts().lists.create(body.name, note)),
  });
  addAdminRoute(app, deps, {
    method: 'POST',
    path: '/admin/campaign-lists/{listId}/users',
    name: 'adminAddToUserList',
    summary: 'Put users into a list; asked again, each is in it once',
    params: ofList,
    body: z.strictObject({ userIds }).meta({ example: { userIds: ['1', '2'] } }),
    problems: ['NOT_FOUND'],
    subject: ({ listId }) => `campaign-list:${listId}`,
    handle: ({ params, body }, note) =>
      // Not the ids themselves: the list has them.
      parts().lists.add(params.listId, body.userIds, (within) =>
        note(within, { userIds: body.userIds.length }),
      ),
  });
}
