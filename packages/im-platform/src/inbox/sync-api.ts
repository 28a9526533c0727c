import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { syncAnswer } from './sync-answer.ts';
import type { SyncService } from './sync-service.ts';

const usual = 50;
const usualMessages = 20;

export function syncApi(app: FastifyInstance, service: SyncService): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/sync',
    name: 'sync',
    tag: 'Conversations',
    summary: 'What has changed since the last call',
    rights: 'Whoever is signed in, their own conversations.',
    body: z
      .strictObject({
        cursor: z.string().max(8_192).optional().meta({
          description: '`cursor` of the last answer; absent: nothing is known, and all conversations come',
        }),
        limit: z
          .int()
          .min(1)
          .max(200)
          .optional()
          .meta({ description: `Conversations; ${usual} if it is not said` }),
        messages: z
          .int()
          .min(0)
          .max(50)
          .optional()
          .meta({ description: `Of each conversation; ${usualMessages} if it is not said` }),
      })
      .meta({ example: { limit: 20, messages: 5 } }),
    answer: syncAnswer,
    handle: ({ body: { limit = usual, messages = usualMessages, cursor }, caller }) =>
      service.sync(caller, { cursor, limit, messages }),
  });
}
