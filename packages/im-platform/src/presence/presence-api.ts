import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { conversationId } from '../inbox/conversation-id.ts';
import type { PresenceService } from './presence-service.ts';
import { showPresence, shownPresence } from './presence-view.ts';
import type { TypingService } from './typing-service.ts';

const tag = 'Presence';
const mostAskedFor = 200;

const ids = z
  .string()
  .max(mostAskedFor * 17)
  .regex(/^[1-9]\d{0,15}(,[1-9]\d{0,15})*$/, 'expected ids, as "2,3,4"')
  .refine((text) => text.split(',').length <= mostAskedFor, `expected at most ${mostAskedFor} ids`)
  .transform((text) => text.split(',').map(Number))
  .meta({ description: `Of users, at most ${mostAskedFor}`, example: '2,3' });

export interface PresenceApiDeps {
  readonly presence: PresenceService;
  readonly typing: TypingService;
}

export function presenceApi(app: FastifyInstance, { presence, typing }: PresenceApiDeps): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/presence',
    name: 'getPresence',
    tag,
    summary: 'Who is there, and when they were last',
    rights:
      'Of friends and members of the same groups, of them those who show it to the caller (`whoSeesPresence`), and between whom there is no block; others are left out. Changes of friends are pushed for a quarter of an hour.',
    query: z.strictObject({ ids }),
    answer: z.object({ items: z.array(shownPresence) }),
    handle: async ({ query, caller }) => ({
      items: (await presence.of(caller.userId, query.ids)).map(showPresence),
    }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/conversations/{conversationId}/typing',
    name: 'sayTyping',
    tag,
    summary: 'Say that I am writing something',
    rights:
      'Who is in the conversation; it reaches those to whom they show that they are there, in groups of at most 200. More than one in 3 s says nothing more.',
    params: z.object({ conversationId }),
    problems: ['NOT_FOUND', 'NOT_A_MEMBER'],
    handle: ({ params, caller }) => typing.type(caller, params.conversationId),
  });
}
