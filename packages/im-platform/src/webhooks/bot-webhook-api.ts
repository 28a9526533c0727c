import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import type { ServerUsers } from '../server/server-users.ts';
import { userRef } from '../server/user-ref.ts';
import { events, secret, toShown, url, webhook } from './webhook-api.ts';
import type { WebhookService } from './webhook-service.ts';

const tag = 'Webhooks';
const rights =
  'Keys with the scope `bot-webhooks`, which hear nothing else: of what a bot is not in they are told nothing.';
const scope = 'bot-webhooks';
const ofBot = z.object({
  bot: userRef.meta({ description: 'As a user is named', example: 'external:helper' }),
});

/** What a program hears that speaks as bots, and may hear nothing else: it runs where it is easily stolen. */
export function botWebhookApi(
  app: FastifyInstance,
  { users, webhooks }: { readonly users: Pick<ServerUsers, 'find'>; readonly webhooks: WebhookService },
): void {
  const idOfBot = async ({ bot }: z.output<typeof ofBot>): Promise<number> => (await users.find(bot)).id;
  addApiRoute(app, {
    method: 'GET',
    path: '/server/bots/{bot}/webhooks',
    name: 'listBotWebhooks',
    tag,
    summary: 'Who is told of what a bot hears, and how far they are',
    ...{ rights, scope },
    params: ofBot,
    answer: z.object({ items: z.array(webhook) }),
    problems: ['NOT_FOUND'],
    handle: async ({ params }) => ({
      items: (await webhooks.ofBot(await idOfBot(params))).map(toShown),
    }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/bots/{bot}/webhooks',
    name: 'createBotWebhook',
    tag,
    summary: 'Be told of what happens where a bot is; or of what is said to it alone',
    rights: `${rights} Addresses in networks that are not public are refused, unless the operator allows them.`,
    scope,
    params: ofBot,
    body: z
      .strictObject({
        ...{ url, events },
        only: z.enum(['conversations', 'mentions']).meta({
          description:
            'conversations: all of those that it is in. mentions: what is said to it, by itself or by its name',
        }),
      })
      .meta({
        example: { url: 'https://bot.example/webhooks', events: ['message.created'], only: 'mentions' },
      }),
    answer: z.object({ id: z.string(), secret }),
    status: 201,
    problems: ['TOO_MANY', 'NOT_FOUND'],
    async handle({ params, body: { only, ...asked } }) {
      return webhooks.create({ ...asked, filter: { botId: await idOfBot(params), only } });
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/server/bots/{bot}/webhooks/{webhookId}',
    name: 'deleteBotWebhook',
    tag,
    summary: 'Be told nothing more; what waited is forgotten',
    ...{ rights, scope },
    params: ofBot.extend({
      webhookId: z.string().max(32).meta({ description: 'Of the webhook', example: 'wh_1' }),
    }),
    problems: ['NOT_FOUND'],
    handle: async ({ params }) => webhooks.remove(params.webhookId, await idOfBot(params)),
  });
}
