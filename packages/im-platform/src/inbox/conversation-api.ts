import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery } from '../api/cursor.ts';
import { limitOf } from '../api/values.ts';
import { conversationId } from './conversation-id.ts';
import type { ConversationService } from './conversation-service.ts';
import { conversationPage, listedConversation } from './listed-conversation.ts';

const tag = 'Conversations';
const usual = 50;

/** As long as the column. */
const longestDraft = 1_024;
const longestName = 50;
const ofConversation = z.object({ conversationId });
const trueOrFalse = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

export function conversationApi(app: FastifyInstance, conversations: ConversationService): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/conversations',
    name: 'listConversations',
    tag,
    summary: 'My conversations, the last active first',
    rights: 'Whoever is signed in, their own; groups that they left as they were then.',
    query: z.strictObject({
      cursor: cursorQuery,
      limit: limitOf(200, usual),
      archived: trueOrFalse.meta({ description: 'Those alone that are archived, or are not' }),
      name: z.string().trim().min(1).max(longestName).optional().meta({
        description:
          'Those alone whose name has this in it, whatever its case, width and accents: of the other one, of the group, or your own for it',
      }),
    }),
    answer: conversationPage,
    handle: ({ query: { limit = usual, ...query }, caller }) =>
      conversations.list(caller, { ...query, limit }),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/conversations/{conversationId}',
    name: 'getConversation',
    tag,
    summary: 'One of my conversations',
    rights: 'Those who are in it, once something was said; who has left a group sees it as it was then.',
    params: ofConversation,
    answer: listedConversation,
    problems: ['NOT_FOUND'],
    handle: ({ params, caller }) => conversations.find(caller, params.conversationId),
  });
  addApiRoute(app, {
    method: 'PATCH',
    path: '/conversations/{conversationId}',
    name: 'changeConversation',
    tag,
    summary: 'What I make of a conversation: pin, mute, archive, hide, mark as unread, keep a draft',
    rights: 'Those who are or were in it, each for themselves. Mute what you are in.',
    params: ofConversation,
    body: z
      .strictObject({
        isPinned: z.boolean().optional(),
        isMuted: z.boolean().optional(),
        isArchived: z.boolean().optional(),
        isHidden: z.boolean().optional(),
        isMarkedUnread: z.boolean().optional(),
        draft: z.string().max(longestDraft, 'contentTooLong').nullable().optional(),
      })
      .meta({ example: { isPinned: true, draft: 'Dear all, ' } }),
    answer: listedConversation,
    problems: ['NOT_FOUND', 'NOT_A_MEMBER'],
    handle: ({ params, body, caller }) => conversations.change(caller, params.conversationId, body),
  });
}
