import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addApiRoute } from '../api/api-route.ts';
import { conversationId } from '../inbox/conversation-id.ts';
import { shownMessage } from '../inbox/message-view.ts';
import { saying, sendingProblems } from './server-message-api.ts';
import type { ServerMessages } from './server-messages.ts';
import { askingIn, putUser, shownAs, toProfile, toServerUser } from './server-user-api.ts';
import type { ServerUsers } from './server-users.ts';
import { userRef } from './user-ref.ts';

const tag = 'Server';
const ofBot = z.object({
  bot: userRef.meta({ description: 'As a user is named', example: 'external:helper' }),
});

export function serverBotApi(
  app: FastifyInstance,
  { users, messages }: { readonly users: ServerUsers; readonly messages: ServerMessages },
): void {
  addApiRoute(app, {
    method: 'PUT',
    path: '/server/bots/{bot}',
    name: 'putBot',
    tag,
    summary: 'Make a bot, or change what is named of it',
    rights:
      'Keys with the scope `bots`. Who is there and is no bot does not become one. Whoever asks to be its friend is that at once.',
    scope: 'bots',
    params: ofBot,
    body: shownAs.meta({ example: { nickName: 'Helper' } }),
    answer: putUser,
    problems: ['NOT_FOUND', 'WORD_REFUSED', 'FILE_REFUSED'],
    async handle({ params, body, request }) {
      const { user, isNew } = await users.putBot(params.bot, toProfile(body), askingIn(request));
      return { ...toServerUser(user), isNew };
    },
  });
  addApiRoute(app, {
    method: 'POST',
    path: '/server/bots/{bot}/conversations/{conversationId}/messages',
    name: 'sendMessageAsBot',
    tag,
    summary: 'Say something as a bot',
    rights:
      'Keys with the scope `bots`; as people they may not speak. The bot is held to the rules: friends and whoever the other one lets, members in their groups.',
    scope: 'bots',
    takesIdempotencyKey: true,
    params: ofBot.extend({ conversationId }),
    body: saying.meta({ example: { content: { type: 'text', text: 'How can I help?' } } }),
    answer: shownMessage,
    status: 201,
    problems: sendingProblems,
    handle: ({ params, body, idempotencyKey: onceKey }) =>
      messages.sendAsBot(params.bot, params.conversationId, { ...body, onceKey }),
  });
}
