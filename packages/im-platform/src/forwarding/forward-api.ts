import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { Refusal } from '../http/refusal.ts';
import { conversationId, conversationIdText } from '../inbox/conversation-id.ts';
import { shownMessage } from '../inbox/message-view.ts';
import type { ForwardService } from './forward-service.ts';

/** New messages of one request. */
const mostForwarded = 100;
const mostTargets = 9;

export function forwardApi(app: FastifyInstance, service: ForwardService): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/conversations/{conversationId}/forwards',
    name: 'forwardMessages',
    tag: 'Messages',
    summary: 'Say messages again elsewhere, with whose they were; a hundred new ones at most',
    rights:
      'Those who see the messages, where they may write; if not in all of these, nothing is sent. Each new message counts as one that is sent. Who has blocked the caller or the reader, or deleted their account, is not named.',
    takesIdempotencyKey: true,
    isMessage: true,
    params: z.object({ conversationId }),
    body: z
      .strictObject({
        numbers: z
          .array(z.int().min(1))
          .min(1)
          .max(mostForwarded)
          .meta({ description: 'Of the messages; they keep their order' }),
        to: z
          .array(conversationIdText)
          .min(1)
          .max(mostTargets)
          .meta({ description: 'Ids of the conversations that they go to' }),
      })
      .meta({ example: { numbers: [1], to: ['group:1'] } }),
    answer: z.object({
      items: z
        .array(shownMessage)
        .meta({ description: 'The new messages, of one conversation after the other' }),
    }),
    status: 201,
    problems: [
      ...(['NOT_FOUND', 'NOT_FRIENDS', 'NOT_WANTED', 'BLOCKED_BY_YOU'] as const),
      ...(['NOT_A_MEMBER', 'MUTED', 'GROUP_CLOSED', 'FILE_REFUSED', 'MESSAGE_REFUSED', 'RECALLED'] as const),
    ],
    async handle({ params, body: { numbers, to }, caller, request, idempotencyKey: onceKey }) {
      const count = new Set(numbers).size * new Set(to).size;
      if (count > mostForwarded)
        throw new Refusal('tooManyForwarded', { values: { max: String(mostForwarded) } });
      // One is counted with the request.
      await app.takeMessages(request, count - 1);
      return { items: await service.forward(caller, params.conversationId, { numbers, to, onceKey }) };
    },
  });
}
