import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { sentContent } from '../inbox/content.ts';
import { conversationId } from '../inbox/conversation-id.ts';
import type { History } from './history.ts';
import { userRef } from './user-ref.ts';

/** As many as one transaction of the log carries. */
const mostMessages = 400;

export function serverHistoryApi(app: FastifyInstance, history: History): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/server/conversations/{conversationId}/history',
    name: 'importHistory',
    tag: 'Server',
    summary: 'Store what was said elsewhere before',
    rights:
      'Keys with the scope `history`. Senders are one of the two, or are or were members of the group. All of a call is stored, or nothing.',
    scope: 'history',
    params: z.object({ conversationId }),
    body: z
      .strictObject({
        messages: z
          .array(
            z.strictObject({
              id: z
                .string()
                .min(1)
                .max(255)
                .meta({ description: 'At your back end; the same one of its sender is stored once' }),
              from: userRef,
              sentAt: z.iso
                .datetime({ offset: true })
                .transform((text) => Date.parse(text))
                .meta({ description: 'RFC 3339' }),
              content: sentContent,
            }),
          )
          .min(1)
          .max(mostMessages),
      })
      .meta({
        example: {
          messages: [
            {
              ...{ id: '815', from: 'name:ann', sentAt: '2020-02-29T12:00:00Z' },
              content: { type: 'text', text: 'Good morning' },
            },
          ],
        },
      }),
    answer: z.object({
      stored: z.int().meta({ description: 'How many are new' }),
      repeated: z.int().meta({ description: 'How many were here before' }),
      lastNumber: z.int().meta({ description: 'Of the last message of the conversation' }),
    }),
    problems: ['NOT_FOUND', 'GROUP_CLOSED', 'NOT_A_MEMBER', 'FILE_REFUSED'],
    handle: ({ params, body }) => history.append(params.conversationId, body.messages),
  });
}
