import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idText, limitOf, numberIn } from '../api/values.ts';
import { conversationId } from './conversation-id.ts';
import type { ReadsService } from './reads-service.ts';

const tag = 'Messages';
export const usualReaders = 50;
const mostNumbers = 200;

const number = numberIn(1, Number.MAX_SAFE_INTEGER);
const ofConversation = z.object({ conversationId });
export const readersQuery = z.strictObject({
  hasRead: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .meta({ description: 'false: those who have not' }),
  cursor: cursorQuery,
  limit: limitOf(200, usualReaders),
});
const readers =
  'Members, of messages that they may see. Counted are those beside the sender who are there now and were then.';

export function readsApi(app: FastifyInstance, reads: ReadsService): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/conversations/{conversationId}/reads',
    name: 'countReads',
    tag,
    summary: 'How many have read each message of a part of a conversation',
    rights: readers,
    params: ofConversation,
    query: z
      .strictObject({
        from: number.meta({ description: 'The first number', example: 1 }),
        to: number.meta({ description: `The last one; ${mostNumbers} of them at most`, example: 2 }),
      })
      .refine(({ from, to }) => to - from < mostNumbers, {
        error: `expected at most ${mostNumbers} numbers`,
      }),
    answer: z.object({
      items: z.array(
        z
          .object({
            number: z.int(),
            readers: z.int().meta({ description: 'How many have read it; up to a second old' }),
            others: z.int().meta({ description: 'How many could, beside its sender' }),
          })
          .meta({ id: 'ReadCount' }),
      ),
    }),
    problems: ['NOT_FOUND', 'NOT_A_MEMBER'],
    handle: async ({ params, query, caller }) => ({
      items: await reads.count(caller, params.conversationId, query),
    }),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/conversations/{conversationId}/messages/{number}/readers',
    name: 'listReaders',
    tag,
    summary: 'Who has read a message, and who has not',
    rights: readers,
    params: ofConversation.extend({ number: number.meta({ description: 'Of the message', example: 2 }) }),
    query: readersQuery,
    answer: pageOf(z.object({ userId: idText('Of the member') }).meta({ id: 'Reader' })),
    problems: ['NOT_FOUND', 'NOT_A_MEMBER'],
    async handle({ params, query: { hasRead = true, cursor, limit = usualReaders }, caller }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const { conversationId: id, number: of } = params;
      const rows = await reads.list(caller, id, of, { hasRead, after, limit: limit + 1 });
      return toPage(rows, limit, {
        placeOf: ({ userId }) => userId,
        toItem: ({ userId }) => ({ userId: String(userId) }),
      });
    },
  });
}
