import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { id, integer, optionalText, text } from '../../http/input.ts';
import type { LinkMaker } from '../../files/file-links.ts';
import { addRoute } from '../../http/route.ts';
import { pageQuery, toPage } from '../page.ts';
import {
  privateMessageVO,
  toPrivateMessageVO,
  type PrivateMessage,
  type PrivateMessageVO,
} from './private-message.ts';
import type { PrivateMessageService } from './private-message-service.ts';

const tag = 'Private messages';

/** Contract C.6, private. */
export function privateMessageRoutes(
  app: FastifyInstance,
  messages: PrivateMessageService,
  links: LinkMaker,
): void {
  const show = (message: PrivateMessage): PrivateMessageVO => toPrivateMessageVO(message, links);
  addRoute(app, {
    method: 'POST',
    url: '/message/private/send',
    tag,
    summary: 'Send a message to a friend',
    isMessage: true,
    body: z.object({
      tmpId: optionalText({ max: [32] }),
      recvId: integer('receiverRequired'),
      content: text({ required: 'contentRequired', max: [1024, 'contentTooLong'] }),
      type: integer('typeRequired'),
    }),
    answer: privateMessageVO,
    handle: async ({ body, caller }) => show(await messages.send(caller, body)),
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/message/private/recall/:id',
    tag,
    summary: 'Take a message back, up to five minutes after it was sent',
    params: z.object({ id }),
    answer: privateMessageVO,
    handle: async ({ params, caller }) => show(await messages.recall(caller, params.id)),
  });
  addRoute(app, {
    method: 'GET',
    url: '/message/private/loadOfflineMessage',
    tag,
    summary: 'What was sent and received after the message minId, 30 days back at most',
    query: z.object({ minId: id }),
    answer: z.array(privateMessageVO),
    handle: async ({ query, caller }) => (await messages.pull(caller, query.minId)).map(show),
  });
  addRoute(app, {
    method: 'PUT',
    url: '/message/private/readed',
    tag,
    summary: 'Mark everything from a friend as read',
    query: z.object({ friendId: id }),
    async handle({ query, caller }) {
      await messages.markRead(caller, query.friendId);
      return null;
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/message/private/maxReadedId',
    tag,
    summary: 'The newest of my messages that a friend has read; -1: none',
    query: z.object({ friendId: id }),
    answer: z.int(),
    handle: ({ query, caller }) => messages.lastReadId(caller, query.friendId),
  });
  addRoute(app, {
    method: 'GET',
    url: '/message/private/history',
    tag,
    summary: 'A page of the conversation with a friend, newest first',
    query: z.object({ friendId: id, ...pageQuery }),
    answer: z.array(privateMessageVO),
    handle: async ({ query, caller }) =>
      (await messages.history(caller, query.friendId, toPage(query))).map(show),
  });
}
