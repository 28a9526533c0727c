import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { limitOf, numberIn } from '../api/values.ts';
import { everyone, mostMentioned } from '../message-details/entities.ts';
import { sentContent } from './content.ts';
import { conversationId } from './conversation-id.ts';
import type { InboxService } from './inbox-service.ts';
import { shownMessage } from './message-view.ts';

const tag = 'Messages';
const usual = 50;

const number = numberIn(0, Number.MAX_SAFE_INTEGER).optional();
const ofConversation = z.object({ conversationId });
export const ofMessage = ofConversation.extend({
  number: numberIn(1, Number.MAX_SAFE_INTEGER).meta({ description: 'Of the message', example: 2 }),
});

export const mentions = z
  .array(z.union([z.literal(everyone), z.string().regex(/^[1-9]\d{0,15}$/, 'expected an id, as "42"')]))
  .max(mostMentioned, 'tooManyMentioned')
  .optional()
  .meta({
    description:
      'In groups; beside those that are named in the text by `entities`. `everyone` counts when the owner says it.',
  });

export const replyTo = z
  .int()
  .min(1)
  .optional()
  .meta({ description: 'The number of the message in this conversation that it answers' });

const page = z
  .object({
    items: z.array(shownMessage),
    from: z.int().meta({ description: 'The page is all numbers from this one on …' }),
    to: z.int().meta({ description: '… to this one. With nothing in it `to` is before `from`.' }),
    nothing: z.array(z.object({ from: z.int(), to: z.int() })).meta({
      description: 'Which numbers of the page are nothing that you could see: do not ask for them',
    }),
    first: z.int().meta({
      description: 'The first number that you may see. While `from` is larger: ask with `before: from`',
    }),
    last: z.int().meta({ description: 'The last one. While `to` is smaller: ask with `after: to`' }),
  })
  .meta({ id: 'MessagePage' });

export function messageApi(app: FastifyInstance, inbox: InboxService): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/conversations/{conversationId}/messages',
    name: 'listMessages',
    tag,
    summary: 'A part of a conversation, by numbers; without before, after and around the newest',
    rights:
      'The two of a private conversation, friends or not; members of a group since they joined; who has left, until they left.',
    params: ofConversation,
    query: z
      .strictObject({
        before: number.meta({ description: 'Those before this number, the last of them' }),
        after: number.meta({ description: 'Those after it, the first of them' }),
        around: number.meta({ description: 'It in the middle' }),
        limit: limitOf(200, usual),
      })
      .refine(
        (query) => [query.before, query.after, query.around].filter((one) => one !== undefined).length < 2,
        {
          error: 'expected only one of before, after and around',
        },
      ),
    answer: page,
    problems: ['NOT_FOUND'],
    handle: ({ params, query: { limit = usual, ...where }, caller }) =>
      inbox.read(caller, params.conversationId, { ...where, limit }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/conversations/{conversationId}/messages',
    name: 'sendMessage',
    tag,
    summary: 'Say something',
    rights:
      'Friends to each other, and whoever the other one lets; members in their groups. Send one message of a conversation at a time: it is stored in the order of arrival.',
    takesIdempotencyKey: true,
    isMessage: true,
    params: ofConversation,
    body: z
      .strictObject({
        content: sentContent,
        mentions,
        replyTo,
        unlessEncrypted: z.literal(true).optional().meta({
          description:
            'Refused with `ENCRYPTED` where the conversation is encrypted: for who can encrypt, and may not have heard of it',
        }),
      })
      .meta({ example: { content: { type: 'text', text: 'Hello' } } }),
    answer: shownMessage,
    status: 201,
    problems: [
      ...(['NOT_FOUND', 'NOT_FRIENDS', 'NOT_WANTED', 'BLOCKED_BY_YOU'] as const),
      ...(['NOT_A_MEMBER', 'MUTED', 'GROUP_CLOSED', 'FILE_REFUSED', 'MESSAGE_REFUSED'] as const),
      'ENCRYPTED',
    ],
    handle: ({ params, body, caller, idempotencyKey: onceKey }) =>
      inbox.send(caller, params.conversationId, { ...body, onceKey }),
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/conversations/{conversationId}/read',
    name: 'markRead',
    tag,
    summary: 'I have read up to here',
    rights: 'Those who are in the conversation. It never goes back.',
    params: ofConversation,
    body: z
      .strictObject({ number: z.int().min(0).meta({ description: 'Of the last message that was read' }) })
      .meta({ example: { number: 2 } }),
    problems: ['NOT_FOUND', 'NOT_A_MEMBER'],
    handle: ({ params, body, caller }) => inbox.markRead(caller, params.conversationId, body.number),
  });
  addApiRoute(app, {
    method: 'DELETE',
    path: '/conversations/{conversationId}/messages/{number}',
    name: 'recallMessage',
    tag,
    summary: 'Take a message back, up to five minutes after it was sent',
    rights: 'Its sender. Its content and its files are gone, for everybody.',
    params: ofMessage,
    problems: ['NOT_FOUND', 'NOT_ALLOWED', 'NOT_A_MEMBER', 'TOO_LATE'],
    handle: ({ params, caller }) => inbox.recall(caller, params.conversationId, params.number),
  });
}
