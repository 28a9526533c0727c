import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf } from '../api/cursor.ts';
import { limitOf } from '../api/values.ts';
import { conversationIdText } from '../inbox/conversation-id.ts';
import { shownMessage } from '../inbox/message-view.ts';
import type { SearchService } from './search-service.ts';

const usual = 20;
const longestQuery = 100;

export function searchApi(app: FastifyInstance, service: Pick<SearchService, 'search'>): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/search/messages',
    name: 'searchMessages',
    tag: 'Messages',
    summary: 'Find what was said, and files by their names; the newest first',
    rights:
      'Whoever is signed in, in what they can read: what they see of their conversations, as it reads now. What was just said is found within about a second.',
    query: z.strictObject({
      query: z.string().min(1).max(longestQuery).meta({
        description:
          'Words that a message has all of: of Chinese and the like any part of two characters or more; else the beginning of a word, and of one or two letters the word',
        example: 'hello',
      }),
      conversationId: conversationIdText
        .optional()
        .meta({ description: 'Only in this one; absent: in all of mine' }),
      cursor: cursorQuery,
      limit: limitOf(50, usual),
    }),
    answer: pageOf(shownMessage),
    problems: ['NOT_FOUND', 'NOT_SEARCHABLE'],
    handle: ({ query: { limit = usual, ...query }, caller }) => service.search(caller, { ...query, limit }),
  });
}
