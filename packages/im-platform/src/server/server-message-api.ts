import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { pageOf, readCursor, toPage } from '../api/cursor.ts';
import { idOf, idText, time, toTime } from '../api/values.ts';
import { sentContent } from '../inbox/content.ts';
import { conversationId, conversationIdText } from '../inbox/conversation-id.ts';
import { mentions, ofMessage } from '../inbox/message-api.ts';
import { shownMessage } from '../inbox/message-view.ts';
import { readersQuery, usualReaders } from '../inbox/reads-api.ts';
import type { Deliveries } from './deliveries.ts';
import type { ServerMessages } from './server-messages.ts';
import { userRef } from './user-ref.ts';

const tag = 'Server';
const longestNotice = 1_024;

const notice = z
  .strictObject({ text: z.string().min(1, 'contentRequired').max(longestNotice, 'contentTooLong') })
  .meta({ example: { text: 'Your order is on its way.' } });

export const saying = z.strictObject({
  content: sentContent,
  mentions,
  replyTo: z.int().min(1).optional().meta({ description: 'The number of the message that it answers' }),
});

export const sendingProblems = [
  ...(['NOT_FOUND', 'NOT_FRIENDS', 'NOT_WANTED', 'BLOCKED_BY_YOU', 'BANNED'] as const),
  ...(['NOT_A_MEMBER', 'MUTED', 'GROUP_CLOSED', 'FILE_REFUSED', 'MESSAGE_REFUSED'] as const),
];

const placed = z
  .object({ conversationId: idText('Of the conversation'), number: z.int() })
  .meta({ id: 'PlacedNotice' });

export function serverMessageApi(
  app: FastifyInstance,
  { messages, deliveries }: { readonly messages: ServerMessages; readonly deliveries: Deliveries },
): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/server/conversations/{conversationId}/messages',
    name: 'sendMessageAs',
    tag,
    summary: 'Say something as one of your users',
    rights:
      'Keys with the scope `messages`. The user is held to the rules: friends and whoever the other one lets, members in their groups. Send one message of a conversation at a time.',
    scope: 'messages',
    takesIdempotencyKey: true,
    params: z.object({ conversationId }),
    body: saying
      .extend({ from: userRef.meta({ description: 'As whom' }) })
      .meta({ example: { from: 'name:ann', content: { type: 'text', text: 'Good morning' } } }),
    answer: shownMessage,
    status: 201,
    problems: sendingProblems,
    handle: ({ params, body: { from, ...saying }, idempotencyKey: onceKey }) =>
      messages.send(from, params.conversationId, { ...saying, onceKey }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/users/{user}/notices',
    name: 'tellUser',
    tag,
    summary: 'Tell a user something as the platform itself',
    rights: 'Keys with the scope `messages`. It comes from the system account, which nobody can answer.',
    scope: 'messages',
    takesIdempotencyKey: true,
    params: z.object({ user: userRef }),
    body: notice,
    answer: placed,
    status: 201,
    problems: ['NOT_FOUND'],
    handle: ({ params, body: { text }, idempotencyKey: onceKey }) =>
      messages.tellUser(params.user, { text, onceKey }),
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/groups/{groupId}/notices',
    name: 'tellGroup',
    tag,
    summary: 'Tell a group something as the platform itself: a line that nobody wrote',
    rights: 'Keys with the scope `messages`.',
    scope: 'messages',
    takesIdempotencyKey: true,
    params: z.object({ groupId: idOf('Of the group', '1') }),
    body: notice,
    answer: placed,
    status: 201,
    problems: ['NOT_FOUND', 'GROUP_CLOSED'],
    handle: ({ params, body: { text }, idempotencyKey: onceKey }) =>
      messages.tellGroup(params.groupId, { text, onceKey }),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/server/conversations/{conversationId}/messages/{number}/delivery',
    name: 'getDelivery',
    tag,
    summary: 'What became of a message',
    rights: 'Keys with the scope `deliveries`. It says nothing of what the message says.',
    scope: 'deliveries',
    params: ofMessage,
    answer: z
      .object({
        id: idText('Of the message'),
        conversationId: conversationIdText,
        number: z.int(),
        senderId: idText('Of who sent it'),
        sentAt: time,
        status: z
          .enum(['sent', 'delivered', 'read', 'recalled'])
          .meta({ description: 'delivered: a device has it. In a group sent or recalled' }),
        readers: z.int().meta({ description: 'How many have read it; up to a second old' }),
        others: z.int().meta({ description: 'How many could, beside its sender' }),
      })
      .meta({ id: 'Delivery' }),
    problems: ['NOT_FOUND'],
    async handle({ params: { conversationId: conversation, number } }) {
      const { id, sendId, sendTime, ...more } = await deliveries.find(conversation, number);
      return {
        ...{ id: String(id), conversationId: conversation, number, senderId: String(sendId) },
        ...{ sentAt: toTime(sendTime), ...more },
      };
    },
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/server/conversations/{conversationId}/messages/{number}/readers',
    name: 'listReadersFor',
    tag,
    summary: 'Who has read a message, and who has not',
    rights:
      'Keys with the scope `readers`. Listed are those beside the sender who are there now and were then, in the order of their ids.',
    scope: 'readers',
    params: ofMessage,
    query: readersQuery,
    answer: pageOf(
      z
        .object({
          userId: idText('Of the member'),
          externalId: z.string().nullable().meta({ description: 'At the back end that made them' }),
        })
        .meta({ id: 'ServerReader' }),
    ),
    problems: ['NOT_FOUND'],
    async handle({ params, query: { hasRead = true, cursor, limit = usualReaders } }) {
      const after = readCursor(cursor, z.int()) ?? 0;
      const wanted = { hasRead, after, limit: limit + 1 };
      const rows = await deliveries.readers(params.conversationId, params.number, wanted);
      return toPage(rows, limit, {
        placeOf: ({ userId }) => userId,
        toItem: ({ userId, externalId }) => ({ userId: String(userId), externalId }),
      });
    },
  });
}
