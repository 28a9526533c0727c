import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { id, ids, integer, optionalFlag, optionalInteger, optionalText, text } from '../../http/input.ts';
import { addRoute } from '../../http/route.ts';
import type { TextKey } from '../../http/texts.ts';
import { pageQuery, toPage } from '../page.ts';
import { groupMessageVO } from './group-message.ts';
import type { GroupMessageService } from './group-message-service.ts';

const tag = 'Group messages';

const mostMentioned = 20;

/** They come as numbers or as texts (contract 0.1.13), or not at all. */
const mentioned = z.preprocess(
  (value) => value ?? [],
  ids.refine((list) => list.length <= mostMentioned, 'tooManyMentioned' satisfies TextKey),
);

/** Contract C.6, group. */
export function groupMessageRoutes(app: FastifyInstance, messages: GroupMessageService): void {
  addRoute(app, {
    method: 'POST',
    url: '/message/group/send',
    tag,
    summary: 'Send a message to a group',
    isMessage: true,
    body: z.object({
      tmpId: optionalText({ max: [32] }),
      groupId: integer('groupOfMessageRequired'),
      content: text({ required: 'contentRequired', max: [1024, 'groupContentTooLong'] }),
      type: integer('typeRequired'),
      receipt: optionalFlag(),
      atUserIds: mentioned,
    }),
    answer: groupMessageVO,
    handle: ({ body, caller }) => messages.send(caller, body),
  });
  addRoute(app, {
    method: 'DELETE',
    url: '/message/group/recall/:id',
    tag,
    summary: 'Take a message back, up to five minutes after it was sent',
    params: z.object({ id }),
    answer: groupMessageVO,
    handle: ({ params, caller }) => messages.recall(caller, params.id),
  });
  addRoute(app, {
    method: 'GET',
    url: '/message/group/loadOfflineMessage',
    tag,
    summary: 'What was said in my groups after the message minId, 30 days back at most',
    query: z.object({ minId: id }),
    answer: z.array(groupMessageVO),
    handle: ({ query, caller }) => messages.pull(caller, query.minId),
  });
  addRoute(app, {
    method: 'PUT',
    url: '/message/group/readed',
    tag,
    summary: 'Mark a group as read, up to a message or up to the last one',
    query: z.object({ groupId: id, messageId: optionalInteger() }),
    async handle({ query, caller }) {
      await messages.markRead(caller, query.groupId, query.messageId);
      return null;
    },
  });
  addRoute(app, {
    method: 'GET',
    url: '/message/group/findReadedUsers',
    tag,
    summary: 'Who has read a message',
    query: z.object({ groupId: id, messageId: id }),
    answer: z.array(z.int()),
    handle: ({ query, caller }) => messages.findReaders(caller, query.groupId, query.messageId),
  });
  addRoute(app, {
    method: 'GET',
    url: '/message/group/history',
    tag,
    summary: 'A page of what was said in a group, newest first',
    query: z.object({ groupId: id, ...pageQuery }),
    answer: z.array(groupMessageVO),
    handle: ({ query, caller }) => messages.history(caller, query.groupId, toPage(query)),
  });
}
