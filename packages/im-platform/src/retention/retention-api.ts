import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { addAdminRoute } from '../admin/admin-route.ts';
import { Trail } from '../admins/trail.ts';
import { addApiRoute } from '../api/api-route.ts';
import { idOf } from '../api/values.ts';
import type { Database } from '../db/database.ts';
import { conversationId } from '../inbox/conversation-id.ts';
import { mostDays, type RetentionService } from './retention-service.ts';

const ofConversation = z.object({ conversationId });

const keptFor = z
  .object({
    days: z.int().nullable().meta({
      description: 'Messages that are older are removed for everybody, within an hour or so; null: none is',
    }),
    choice: z
      .object({ least: z.int(), most: z.int() })
      .nullable()
      .meta({ description: 'What the owner of a group may choose from; null: nothing' }),
  })
  .meta({ id: 'Retention' });

const adminDays = z.int().min(0).max(mostDays).nullable().meta({
  description:
    'What was said for this conversation; 0: for ever; null: nothing, so it is as its owner or the platform says',
});
const isHeld = z.boolean().meta({
  description: 'Nothing of it is removed because of its age, whatever else is said, as long as this is so',
});

const adminRetention = z
  .object({
    days: z.int().nullable().meta({ description: 'What comes of it all; null: for ever' }),
    ...{ adminDays, isHeld },
    ownerDays: z.int().nullable().meta({ description: 'What the owner of the group has said' }),
  })
  .meta({ id: 'AdminRetention' });

export function retentionApi(
  app: FastifyInstance,
  database: Pick<Database, 'sql' | 'transaction'>,
  service: RetentionService,
): void {
  addApiRoute(app, {
    method: 'GET',
    path: '/conversations/{conversationId}/retention',
    name: 'getRetention',
    tag: 'Conversations',
    summary: 'How long its messages are kept',
    rights: 'Those who are in the conversation, or were.',
    params: ofConversation,
    answer: keptFor,
    problems: ['NOT_FOUND'],
    handle: ({ params, caller }) => service.of(caller, params.conversationId),
  });
  addApiRoute(app, {
    method: 'PUT',
    path: '/groups/{groupId}/retention',
    name: 'setGroupRetention',
    tag: 'Groups',
    summary: 'Keep messages of a group for so many days',
    rights:
      'Its owner, within what the operator allows (`--owner-retention-days`). An admin of the platform has the last word.',
    params: z.object({ groupId: idOf('Of the group', '1') }),
    body: z
      .strictObject({
        days: z.int().min(1).max(mostDays).nullable().meta({ description: 'Null: as long as in others' }),
      })
      .meta({ example: { days: 30 } }),
    answer: keptFor,
    problems: ['NOT_FOUND', 'NOT_A_MEMBER', 'NOT_ALLOWED', 'GROUP_CLOSED'],
    handle: ({ params, body, caller }) => service.setOfGroup(caller, params.groupId, body.days),
  });
  const deps = { database, trail: new Trail(database) };
  const subject = (params: z.output<typeof ofConversation>): string =>
    `conversation:${params.conversationId}`;
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/conversations/{conversationId}/retention',
    name: 'adminGetRetention',
    summary: 'How long a conversation is kept, by whose word, and whether it is held',
    params: ofConversation,
    answer: adminRetention,
    problems: ['NOT_FOUND'],
    subject,
    handle: ({ params }) => service.find(params.conversationId),
  });
  addAdminRoute(app, deps, {
    method: 'PUT',
    path: '/admin/conversations/{conversationId}/retention',
    name: 'adminSetRetention',
    summary:
      'Keep a conversation for so many days, or hold it: nothing of it is removed then because of its age',
    params: ofConversation,
    body: z
      .strictObject({ days: adminDays, isHeld })
      .partial()
      .meta({ example: { isHeld: true } }),
    answer: adminRetention,
    problems: ['NOT_FOUND'],
    subject,
    async handle({ params, body: { days, isHeld: held } }, note) {
      const changes = {
        ...(days !== undefined && { adminDays: days }),
        ...(held !== undefined && { isHeld: held }),
      };
      await service.set(params.conversationId, changes, note);
      return service.find(params.conversationId);
    },
  });
}
