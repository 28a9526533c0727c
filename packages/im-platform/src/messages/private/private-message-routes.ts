import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { integer, optionalText, text } from '../../http/input.ts';
import { addRoute } from '../../http/route.ts';
import { privateMessageVO } from './private-message.ts';
import type { PrivateMessageService } from './private-message-service.ts';

const tag = 'Private messages';

/** Contract C.6, private. */
export function privateMessageRoutes(app: FastifyInstance, messages: PrivateMessageService): void {
  addRoute(app, {
    method: 'POST',
    url: '/message/private/send',
    tag,
    summary: 'Send a message to a friend',
    body: z.object({
      tmpId: optionalText({ max: [32, 'systemBusy'] }),
      recvId: integer('receiverRequired'),
      content: text({ required: 'contentRequired', max: [1024, 'contentTooLong'] }),
      type: integer('typeRequired'),
    }),
    answer: privateMessageVO,
    handle: ({ body, caller }) => messages.send(caller, body),
  });
}
