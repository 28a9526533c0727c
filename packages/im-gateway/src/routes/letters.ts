import type { FastifyInstance } from 'fastify';
import type { ImClient } from 'im-client';
import { z } from 'zod';
import { addRoute } from '../http/route.ts';

const of = z
  .string()
  .regex(/^[\w:.@-]{1,200}$/)
  .meta({
    description:
      'Whose: "queue:webhook:<service>" for webhooks that were not taken; else as im-client has it',
  });

const which = z
  .union([z.literal('all'), z.array(z.string()).max(1_000)])
  .meta({ description: 'Ids of letters' });

const letter = z.object({
  id: z.string(),
  list: z.string(),
  why: z.string(),
  by: z.string(),
  at: z.number(),
  text: z.string().optional(),
  base64: z.string().optional(),
});

/** What could not be handed over, for people to look at and to try again. */
export function addLetterRoutes(app: FastifyInstance, im: ImClient, webhooks: string): void {
  const common = { method: 'POST', scope: 'letters' } as const;
  const choice = z.strictObject({ of: of.default(webhooks), which });
  addRoute(app, {
    ...common,
    url: '/v1/dead-letters/read',
    summary: 'A page of dead letters, the newest first',
    body: z.strictObject({
      of: of.default(webhooks),
      limit: z.int().min(1).max(1_000).default(100),
      before: z.int().min(0).optional(),
    }),
    answer: z.object({ letters: z.array(letter), total: z.int(), next: z.int().optional() }),
    handle: async (options) => {
      const { letters, ...page } = await im.deadLetters.read(options);
      return { ...page, letters: [...letters] };
    },
  });
  addRoute(app, {
    ...common,
    url: '/v1/dead-letters/replay',
    summary: 'Puts them back on the list that they came from',
    body: choice,
    answer: z.object({ replayed: z.int(), kept: z.int(), why: z.array(z.string()) }),
    handle: async ({ which: ids, of: whose }) => {
      const { why, ...counts } = await im.deadLetters.replay(ids, { of: whose });
      return { ...counts, why: [...why] };
    },
  });
  addRoute(app, {
    ...common,
    url: '/v1/dead-letters/discard',
    summary: 'Deletes them',
    body: choice,
    answer: z.object({ discarded: z.int() }),
    handle: async ({ which: ids, of: whose }) => ({
      discarded: await im.deadLetters.discard(ids, { of: whose }),
    }),
  });
}
