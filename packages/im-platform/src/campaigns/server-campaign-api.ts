import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { idOf } from '../api/values.ts';
import { askingIn } from '../server/server-user-api.ts';
import type { ServerUsers } from '../server/server-users.ts';
import { userRef } from '../server/user-ref.ts';
import {
  attributeName,
  attributeValue,
  campaign,
  newCampaign,
  ofCampaign,
  ofList,
  order,
  toCampaign,
  toNewCampaign,
  toUserList,
  userIds,
  userList,
} from './campaign-view.ts';
import { mustHave, type CampaignParts } from './parts.ts';
import { zoneCalled } from './time-zones.ts';
import { timeZoneName } from './user-attributes.ts';

const tag = 'Server';
const scope = 'campaigns';
const rights = 'Keys with the scope `campaigns`. Only with `--campaigns`.';
const noMore = (): Promise<void> => Promise.resolve();

const changes = z
  .record(attributeName, attributeValue.or(z.literal('')).nullable())
  .refine((given) => Object.keys(given).length <= 50, 'expected 50 attributes at most')
  .refine(
    ({ [timeZoneName]: zone }) => !zone || zoneCalled(zone) !== undefined,
    'timeZone: expected a zone, as Europe/Paris',
  )
  .meta({
    description:
      'An empty one is a tag; null takes it away. `language` and `timeZone` say how somebody is told, and when',
  });
const attributes = z.object({ attributes: z.record(z.string(), z.string()) });
const ofUser = z.object({ user: userRef });

/** For other back ends. */
export function serverCampaignApi(
  app: FastifyInstance,
  users: Pick<ServerUsers, 'find'>,
  given: CampaignParts | undefined,
): void {
  const parts = (): CampaignParts => mustHave(given);
  addApiRoute(app, {
    method: 'PATCH',
    path: '/server/users/{user}/attributes',
    name: 'changeAttributes',
    summary: 'Say something of a user, by which campaigns choose; what is not named stays',
    ...{ tag, rights, scope },
    params: ofUser,
    body: z
      .strictObject({ attributes: changes })
      .meta({ example: { attributes: { city: 'Paris', vip: '' } } }),
    answer: attributes,
    problems: ['NOT_FOUND', 'TOO_MANY'],
    async handle({ params, body }) {
      const store = parts().attributes;
      const { id: userId } = await users.find(params.user);
      await store.put(Object.entries(body.attributes).map(([name, value]) => ({ userId, name, value })));
      return { attributes: await store.of(userId) };
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/server/users/{user}/attributes',
    name: 'listAttributes',
    summary: 'What is said of a user',
    ...{ tag, rights, scope },
    params: ofUser,
    answer: attributes,
    problems: ['NOT_FOUND'],
    async handle({ params }) {
      const store = parts().attributes;
      return { attributes: await store.of((await users.find(params.user)).id) };
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/user-attributes',
    name: 'changeAttributesOfMany',
    summary: 'The same of up to 500 users at once, all of it or nothing',
    ...{ tag, rights, scope },
    body: z
      .strictObject({
        users: z
          .array(z.strictObject({ userId: idOf('Of the user', '1'), attributes: changes }))
          .min(1)
          .max(500),
      })
      .meta({ example: { users: [{ userId: '1', attributes: { city: 'Paris' } }] } }),
    problems: ['NOT_FOUND', 'TOO_MANY'],
    async handle({ body }) {
      await parts().attributes.put(
        body.users.flatMap(({ userId, attributes: some }) =>
          Object.entries(some).map(([name, value]) => ({ userId, name, value })),
        ),
      );
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/campaign-lists',
    name: 'createUserList',
    summary: 'Make a list of ids of users, which is empty',
    ...{ tag, rights, scope },
    body: z.strictObject({ name: z.string().trim().min(1).max(64) }).meta({ example: { name: 'Winners' } }),
    answer: userList,
    status: 201,
    problems: ['NOT_FOUND'],
    handle: async ({ body }) => toUserList(await parts().lists.create(body.name, noMore)),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/campaign-lists/{listId}/users',
    name: 'addToUserList',
    summary: 'Put users into a list; asked again, each is in it once',
    ...{ tag, rights, scope },
    params: ofList,
    body: z.strictObject({ userIds }).meta({ example: { userIds: ['1', '2'] } }),
    problems: ['NOT_FOUND'],
    handle: ({ params, body }) => parts().lists.add(params.listId, body.userIds, noMore),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/campaigns',
    name: 'createCampaign',
    summary: 'Make a campaign, which nobody is told of before it is started',
    ...{ tag, rights, scope },
    body: newCampaign,
    answer: campaign,
    status: 201,
    problems: ['NOT_FOUND'],
    async handle({ body, request }) {
      const { service, mostRate } = parts();
      const asked = toNewCampaign(body, { madeBy: `key:${askingIn(request).keyId}`, mostRate });
      return toCampaign((await service.create(asked, noMore)).report);
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/server/campaigns/{campaignId}',
    name: 'getCampaign',
    summary: 'A campaign, and what became of those whom it is for',
    ...{ tag, rights, scope },
    params: ofCampaign,
    answer: campaign,
    problems: ['NOT_FOUND'],
    handle: async ({ params }) => toCampaign(await parts().service.report(params.campaignId)),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/campaigns/{campaignId}/orders',
    name: 'orderCampaign',
    summary: 'Start, pause, resume or stop it',
    ...{ tag, rights, scope },
    params: ofCampaign,
    body: order.meta({ example: { order: 'stop' } }),
    answer: campaign,
    problems: ['NOT_FOUND', 'CAMPAIGN_STATE'],
    handle: async ({ params, body }) =>
      toCampaign(await parts().service.order(params.campaignId, body.order, noMore)),
  });
}
