import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { limitOf, time, toTime } from '../api/values.ts';
import { eventTypes } from '../events/event.ts';
import type { DeadLetter } from '../events/outbox-store.ts';
import type { WebhookService, WebhookState } from './webhook-service.ts';

const tag = 'Webhooks';
const rights = 'Keys with the scope `webhooks`.';
const scope = 'webhooks';
const usualPage = 50;

const ofWebhook = z.object({
  webhookId: z
    .string()
    .max(32)
    .meta({ description: 'Of the webhook, or the name of a sink of the options', example: 'wh_1' }),
});
const events = z
  .array(z.enum(eventTypes))
  .min(1)
  .transform((types) => [...new Set(types)])
  .meta({ description: 'Of what it is told' });
const url = z
  .string()
  .max(2_048)
  .refine((text) => URL.canParse(text) && /^https?:/.test(text), 'expected https://…')
  .meta({ description: 'Where events are posted to' });
const secret = z.string().meta({ description: 'Signs; shown this once' });

const webhook = z
  .object({
    id: z.string(),
    url: z.string().nullable().meta({ description: 'Null: a sink of the options' }),
    events: z.array(z.enum(eventTypes)),
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
    body: z.strictObject({ url, events }).meta({
      example: { url: 'https://shop.example/webhooks', events: ['message.created'] },
    }),
    answer: z.object({ id: z.string(), secret }),
    status: 201,
    problems: ['TOO_MANY'],
    handle: ({ body }) => webhooks.create(body.url, body.events),
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
      .strictObject({ url: url.optional(), events: events.optional(), isOn: z.boolean().optional() })
      .meta({ example: { isOn: false } }),
    answer: webhook,
    problems: ['NOT_FOUND'],
    handle: async ({ params, body }) => toShown(await webhooks.change(params.webhookId, body)),
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

function toShown({ row, backlog }: WebhookState): z.input<typeof webhook> {
  const { id, url: address, events: types, createdTime, failingSince, lastError, offTime } = row;
  const { waiting = 0, waitingSince = null, dead = 0 } = backlog ?? {};
  return {
    ...{ id, url: address, events: [...types], createdAt: toTime(createdTime), isOn: offTime === null },
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
