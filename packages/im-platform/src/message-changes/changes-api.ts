import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { cursorQuery, pageOf } from '../api/cursor.ts';
import { idText, limitOf, time, toTime } from '../api/values.ts';
import { sentText, shownContent } from '../inbox/content.ts';
import { conversationId } from '../inbox/conversation-id.ts';
import { mentionedWith } from '../inbox/inbox-service.ts';
import { mentions, ofMessage } from '../inbox/message-api.ts';
import { shownMessage } from '../inbox/message-view.ts';
import type { Deletions } from './deletions.ts';
import type { Edits } from './edits.ts';
import type { Pins } from './pins.ts';
import { isEmoji, type Reactions } from './reactions.ts';

const tag = 'Messages';
const usual = 50;
const mostDeleted = 100;

const emoji = z
  .string()
  .refine(isEmoji, { error: 'expected one emoji, percent-encoded in a path' })
  .meta({ description: 'One emoji', example: '👍' });
const ofReaction = ofMessage.extend({ emoji });
const page = z.strictObject({ cursor: cursorQuery, limit: limitOf(200, usual) });
const refusals = [
  ...(['NOT_FOUND', 'NOT_FRIENDS', 'NOT_WANTED', 'BLOCKED_BY_YOU'] as const),
  ...(['NOT_A_MEMBER', 'GROUP_CLOSED', 'RECALLED', 'TOO_MANY'] as const),
];

interface Changers {
  readonly edits: Edits;
  readonly reactions: Reactions;
  readonly pins: Pins;
  readonly deletions: Deletions;
}

export function changesApi(app: FastifyInstance, { edits, reactions, pins, deletions }: Changers): void {
  editApi(app, edits);
  reactionApi(app, reactions);
  pinApi(app, pins);
  deletionApi(app, deletions);
}

function editApi(app: FastifyInstance, edits: Edits): void {
  addApiRoute(app, {
    method: 'PATCH',
    path: '/conversations/{conversationId}/messages/{number}',
    name: 'editMessage',
    tag,
    summary: 'Write over a text of mine; the same text again changes nothing',
    rights:
      'Its sender, for as long as the operator says, who may still write there. What it said before stays readable.',
    isMessage: true,
    params: ofMessage,
    body: z
      .strictObject({ content: sentText, mentions })
      .meta({ example: { content: { type: 'text', text: 'Hello, dear' } } }),
    answer: shownMessage,
    problems: [...refusals, 'MUTED', 'MESSAGE_REFUSED', 'NOT_ALLOWED', 'TOO_LATE'],
    handle: ({ params: { conversationId: id, number }, body: { content, mentions: named }, caller }) =>
      edits.edit(caller, { id, number }, { ...content, mentions: mentionedWith(named, content) }),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/conversations/{conversationId}/messages/{number}/edits',
    name: 'listEdits',
    tag,
    summary: 'What a message said before it was edited, the latest first',
    rights: 'Those who see the message.',
    params: ofMessage,
    query: page,
    answer: pageOf(
      z
        .object({ content: shownContent, writtenAt: time })
        .meta({ id: 'Edit', description: 'One that is not any more' }),
    ),
    problems: ['NOT_FOUND'],
    async handle({ params: { conversationId: id, number }, query: { limit = usual, cursor }, caller }) {
      const { items, nextCursor } = await edits.list(caller, { id, number }, { cursor, limit });
      const shown = items.map(({ content, writtenTime }) => ({ content, writtenAt: toTime(writtenTime) }));
      return { items: shown, nextCursor };
    },
  });
}

function reactionApi(app: FastifyInstance, reactions: Reactions): void {
  const path = '/conversations/{conversationId}/messages/{number}/reactions/{emoji}';
  const shared = { path, tag, params: ofReaction, answer: shownMessage, isMessage: true } as const;
  addApiRoute(app, {
    ...shared,
    method: 'PUT',
    name: 'react',
    summary: 'React to a message with an emoji, beside others of mine',
    rights: 'Those who see the message and are in the conversation; not who is muted or blocked.',
    problems: [...refusals, 'MUTED'],
    handle: ({ params: { conversationId: id, number, emoji: one }, caller }) =>
      reactions.add(caller, { id, number, emoji: one }),
  });
  addApiRoute(app, {
    ...shared,
    method: 'DELETE',
    name: 'takeReactionBack',
    summary: 'Take a reaction of mine back',
    rights: 'As to react.',
    problems: [...refusals, 'MUTED'],
    handle: ({ params: { conversationId: id, number, emoji: one }, caller }) =>
      reactions.remove(caller, { id, number, emoji: one }),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/conversations/{conversationId}/messages/{number}/reactions',
    name: 'listReactions',
    tag,
    summary: 'Who has reacted to a message with what',
    rights: 'Those who see the message.',
    params: ofMessage,
    query: page.extend({ emoji: emoji.optional() }),
    answer: pageOf(
      z
        .object({ userId: idText('Of the user'), emoji: z.string(), reactedAt: time })
        .meta({ id: 'ReactionOf' }),
    ),
    problems: ['NOT_FOUND'],
    async handle({ params, query: { limit = usual, cursor, emoji: one }, caller }) {
      const { conversationId: id, number } = params;
      const found = await reactions.list(caller, { id, number }, { emoji: one, cursor, limit });
      const items = found.items.map((row) => ({
        ...{ userId: String(row.userId), emoji: row.emoji, reactedAt: toTime(row.createdTime) },
      }));
      return { items, nextCursor: found.nextCursor };
    },
  });
}

function pinApi(app: FastifyInstance, pins: Pins): void {
  const path = '/conversations/{conversationId}/messages/{number}/pin';
  const shared = { path, tag, params: ofMessage, answer: shownMessage, isMessage: true } as const;
  const problems = [...refusals, 'NOT_ALLOWED'] as const;
  const rights = 'Both of a private conversation; in a group the owner and admins.';
  addApiRoute(app, {
    ...{
      ...shared,
      method: 'PUT',
      name: 'pinMessage',
      summary: 'Pin a message for everybody',
      rights,
      problems,
    },
    handle: ({ params: { conversationId: id, number }, caller }) => pins.pin(caller, { id, number }),
  });
  addApiRoute(app, {
    ...{ ...shared, method: 'DELETE', name: 'unpinMessage', summary: 'Pin it no longer', rights, problems },
    handle: ({ params: { conversationId: id, number }, caller }) => pins.unpin(caller, { id, number }),
  });
  addApiRoute(app, {
    method: 'GET',
    path: '/conversations/{conversationId}/pins',
    name: 'listPins',
    tag,
    summary: 'What is pinned in a conversation, the last pinned first',
    rights: 'Those who see the conversation, of the messages that they see.',
    params: z.object({ conversationId }),
    query: page,
    answer: pageOf(shownMessage),
    problems: ['NOT_FOUND'],
    handle: ({ params, query: { limit = usual, cursor }, caller }) =>
      pins.list(caller, params.conversationId, { cursor, limit }),
  });
}

function deletionApi(app: FastifyInstance, deletions: Deletions): void {
  addApiRoute(app, {
    method: 'POST',
    path: '/conversations/{conversationId}/deleted',
    name: 'deleteForMe',
    tag,
    summary: 'Delete messages for me, on all my devices; others keep them',
    rights: 'Those who see the messages, each for themselves. What is unread counts until it is read.',
    params: z.object({ conversationId }),
    body: z
      .strictObject({ numbers: z.array(z.int().min(1)).min(1).max(mostDeleted) })
      .meta({ example: { numbers: [7, 8] } }),
    problems: ['NOT_FOUND'],
    handle: ({ params, body, caller }) => deletions.delete(caller, params.conversationId, body.numbers),
  });
}
