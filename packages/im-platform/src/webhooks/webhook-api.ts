import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, limitOf, time, toTime } from '../api/values.ts';
import type { EventFilter } from '../events/event-filter.ts';
import { eventTypes } from '../events/event.ts';
import type { DeadLetter } from '../events/outbox-store.ts';
import { conversationIdText } from '../inbox/conversation-id.ts';
import type { WebhookService, WebhookState } from './webhook-service.ts';

const tag = 'Webhooks';
const rights = 'Keys with the scope `webhooks`.';
const scope = 'webhooks';
const usualPage = 50;
const mostConversations = 100;

const ofWebhook = z.object({
  webhookId: z
    .string()
    .max(32)
    .meta({ description: 'Of the webhook, or the name of a sink of the options', example: 'wh_1' }),
});
export const events = z
  .array(z.enum(eventTypes))
  .min(1)
  .transform((types) => [...new Set(types)])
  .meta({ description: 'Of what it is told' });
export const url = z
  .string()
  .max(2_048)
  .refine((text) => URL.canParse(text) && /^https?:/.test(text), 'expected https://…')
  .meta({ description: 'Where events are posted to' });
const bot = idOf('Of the bot', '5');
const only = z
  .discriminatedUnion('what', [
    z.strictObject({
      what: z.literal('conversations'),
      conversationIds: z.array(conversationIdText).min(1).max(mostConversations),
    }),
    z.strictObject({ what: z.literal('bot'), botId: bot }),
    z.strictObject({ what: z.literal('mentions'), botId: bot }),
  ])
  .nullable()
  .meta({
    description:
      'conversations: of these alone. bot: of those that a bot is in. mentions: of what is said to it, by itself or by its name. Null: of all',
  });
const shownOnly = z
  .object({
    what: z.enum(['conversations', 'bot', 'mentions']),
    conversationIds: z.array(z.string()).optional(),
    botId: z.string().optional(),
  })
  .nullable();
export const secret = z.string().meta({ description: 'Signs; shown this once' });

export const webhook = z
  .object({
    id: z.string(),
    url: z.string().nullable().meta({ description: 'Null: a sink of the options' }),
    events: z.array(z.enum(eventTypes)),
    only: shownOnly.meta({ description: 'Of what it is told alone; null: of all' }),
    createdAt: time,
    isOn: z.boolean(),
    failingSince: time.nullable().meta({ description: 'Null: the last event was taken' }),
    lastError: z.string().nullable(),
    waiting: z.int().meta({ description: 'Events that it has not been told of' }),
    waitingSince: time.nullable().meta({ description: 'When the first of them happened' }),
    dead: z.int().meta({ description: 'Events that were given up' }),
  })
  .meta({ id: 'Webhook' });

const deadLetter = z
  .object({
    position: z.int(),
    id: z.string(),
    type: z.string(),
    subject: z.string(),
    happenedAt: time,
    attempts: z.int(),
    why: z.string().nullable(),
  })
  .meta({ id: 'DeadLetter' });

export function webhookApi(app: FastifyInstance, webhooks: WebhookService): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/server/webhooks',
    name: 'listWebhooks',
    tag,
    summary: 'Who is told of what happens, and how far they are',
    ...{ rights, scope },
    answer: z.object({ items: z.array(webhook) }),
    handle: async () => ({ items: (await webhooks.list()).map(toShown) }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/webhooks',
    name: 'createWebhook',
    tag,
    summary: 'Be told of what happens',
    rights: `${rights} Addresses in networks that are not public are refused, unless the operator allows them.`,
    scope,
    body: z.strictObject({ url, events, only: only.optional() }).meta({
      example: { url: 'https://shop.example/webhooks', events: ['message.created'] },
    }),
    answer: z.object({ id: z.string(), secret }),
    status: 201,
    problems: ['TOO_MANY', 'NOT_FOUND'],
    handle: ({ body: { only: filter = null, ...asked } }) =>
      webhooks.create({ ...asked, filter: toFilter(filter) }),
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/server/webhooks/{webhookId}',
    name: 'changeWebhook',
    tag,
    summary: 'Change where it is, what it is told, and whether it is told',
    rights: `${rights} While it is off, what happens is kept for it for some days.`,
    scope,
    params: ofWebhook,
    body: z
      .strictObject({
        ...{ url: url.optional(), events: events.optional(), only: only.optional() },
        isOn: z.boolean().optional(),
      })
      .meta({ example: { isOn: false } }),
    answer: webhook,
    problems: ['NOT_FOUND'],
    async handle({ params, body: { only: filter, ...changes } }) {
      const filtered = filter !== undefined && { filter: toFilter(filter) };
      return toShown(await webhooks.change(params.webhookId, { ...changes, ...filtered }));
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/webhooks/{webhookId}/secret',
    name: 'rotateWebhookSecret',
    tag,
    summary: 'A new secret, beside which the one before signs for a while',
    ...{ rights, scope },
    params: ofWebhook,
    body: z.strictObject({ graceHours: z.int().min(0).max(720) }).meta({ example: { graceHours: 24 } }),
    answer: z.object({ secret }),
    problems: ['NOT_FOUND'],
    handle: async ({ params, body }) => ({
      secret: await webhooks.rotate(params.webhookId, body.graceHours),
    }),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/server/webhooks/{webhookId}/dead-letters',
    name: 'listDeadLetters',
    tag,
    summary: 'Events that were given up, and why',
    ...{ rights, scope },
    params: ofWebhook,
    query: z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usualPage) }),
    answer: pageOf(deadLetter),
    problems: ['NOT_FOUND'],
    async handle({ params, query: { cursor, limit = usualPage } }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const rows = await webhooks.deadLetters(params.webhookId, after, limit + 1);
      return toPage(rows, limit, { placeOf: ({ position }) => position, toItem: toShownLetter });
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/webhooks/{webhookId}/replays',
    name: 'replayEvents',
    tag,
    summary: 'Be told again: of what was given up, or of all since a position or a time',
    rights: `${rights} Events are kept for some days.`,
    scope,
    params: ofWebhook,
    body: z
      .discriminatedUnion('what', [
        z.strictObject({ what: z.literal('dead') }),
        z.strictObject({ what: z.literal('since'), position: z.int().min(0) }),
        z.strictObject({ what: z.literal('after'), time: z.iso.datetime() }),
      ])
      .meta({ example: { what: 'dead' } }),
    answer: z.object({ events: z.int().meta({ description: 'How many' }) }),
    problems: ['NOT_FOUND'],
    async handle({ params, body }) {
      const again = body.what === 'after' ? { ...body, time: Date.parse(body.time) } : body;
      return { events: await webhooks.again(params.webhookId, again) };
    },
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/server/webhooks/{webhookId}',
    name: 'deleteWebhook',
    tag,
    summary: 'Be told nothing more; what waited is forgotten',
    ...{ rights, scope },
    params: ofWebhook,
    problems: ['NOT_FOUND'],
    handle: ({ params }) => webhooks.remove(params.webhookId),
  });
}

function toFilter(asked: z.output<typeof only>): EventFilter | null {
  if (asked === null) return null;
  if (asked.what === 'conversations') return { conversations: [...new Set(asked.conversationIds)] };
  return { botId: asked.botId, only: asked.what === 'bot' ? 'conversations' : 'mentions' };
}

function toOnly(filter: EventFilter | null): z.input<typeof shownOnly> {
  if (filter === null) return null;
  if ('conversations' in filter) return { what: 'conversations', conversationIds: [...filter.conversations] };
  return { what: filter.only === 'conversations' ? 'bot' : 'mentions', botId: String(filter.botId) };
}

export function toShown({ row, backlog }: WebhookState): z.input<typeof webhook> {
  const { id, url: address, events: types, filter, createdTime, failingSince, lastError, offTime } = row;
  const { waiting = 0, waitingSince = null, dead = 0 } = backlog ?? {};
  return {
    ...{
      id,
      url: address,
      events: [...types],
      only: toOnly(filter),
      createdAt: toTime(createdTime),
      isOn: offTime === null,
    },
    ...{ failingSince: toTimeOrNull(failingSince), lastError },
    ...{ waiting, waitingSince: toTimeOrNull(waitingSince), dead },
  };
}

function toShownLetter({ time: happened, ...letter }: DeadLetter): z.input<typeof deadLetter> {
  const { position, id, type, subject, attempts, why } = letter;
  return { position, id, type, subject, happenedAt: toTime(happened), attempts, why };
}

function toTimeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : toTime(epochMs);
}
