import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { idOf, idText, time, toTime } from '../api/values.ts';
import { shownContent } from '../inbox/content.ts';
import { ofMessage } from '../inbox/message-api.ts';
import { shownMessage } from '../inbox/message-view.ts';
import { device, deviceOf } from '../sessions/session-api.ts';
import { addAdminRoute, type AdminRouteDeps } from './admin-route.ts';
import type { MessageStories, MessageStory } from './message-stories.ts';

const outcome = {
  stage: z.string().meta({ description: 'How far it came, as the transport reported it' }),
  reason: z.string().nullable().meta({ description: 'Why not further; null: it arrived' }),
};

const story = z
  .object({
    message: shownMessage,
    edits: z
      .array(z.object({ content: shownContent, writtenAt: time }))
      .meta({ description: 'What it said before, the first version first' }),
    recalledAt: time.nullable().meta({ description: 'Null: it was not, or when is not known' }),
    receivers: z
      .array(
        z.object({
          userId: idText('Of the user'),
          isDelivered: z.boolean().nullable().meta({
            description: 'Whether a device has it; null: not known, as in groups that is kept nowhere',
          }),
          isRead: z.boolean().meta({ description: 'When is not kept' }),
        }),
      )
      .meta({ description: 'Of a group at most 200, by their ids' }),
    others: z.int().meta({ description: 'How many it is for beside its sender' }),
    readers: z.int().meta({ description: 'How many of them have read it; up to a second old' }),
    waiting: z
      .object({
        attempts: z.int().meta({ description: 'How often it was tried again' }),
        nextAt: time.meta({ description: 'When it is tried again' }),
      })
      .nullable()
      .meta({ description: 'Null: nobody who was online still waits for a push of it' }),
    pushes: z
      .array(
        z.object({
          knownAt: time.meta({ description: 'When its results were there' }),
          devices: z.array(z.object({ userId: z.string(), device: device.nullable(), ...outcome })),
          counts: z
            .array(z.object({ serverId: z.int().nullable(), count: z.int(), ...outcome }))
            .meta({ description: 'Of a large group: at how many devices of each server it ended how' }),
        }),
      )
      .nullable()
      .meta({
        description:
          'Null: not known. The instance that pushed it remembers the results of its newest 10,000; another one does not know them',
      }),
  })
  .meta({ id: 'MessageStory' });

function toStory(known: MessageStory): z.input<typeof story> {
  const { shown: message, recalledTime, receivers, waiting, rounds } = known;
  return {
    message,
    edits: known.versions.map(({ content, writtenTime }) => ({ content, writtenAt: toTime(writtenTime) })),
    recalledAt: recalledTime === null ? null : toTime(recalledTime),
    receivers: receivers.map(({ userId, ...one }) => ({ userId: String(userId), ...one })),
    ...{ others: known.others, readers: known.readCount },
    waiting: waiting && { attempts: waiting.attempts, nextAt: toTime(waiting.nextAt) },
    pushes:
      rounds.length === 0
        ? null
        : rounds.map(({ time: known, devices, counts }) => ({
            knownAt: toTime(known),
            devices: devices.map(({ id, terminal, stage, reason = null }) => ({
              ...{ userId: id, device: deviceOf(terminal), stage, reason },
            })),
            counts: counts.map(({ serverId = null, count, stage, reason = null }) => ({
              ...{ serverId, count, stage, reason },
            })),
          })),
  };
}

export function messageAdminApi(app: FastifyInstance, deps: AdminRouteDeps, stories: MessageStories): void {
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/messages/{messageId}',
    name: 'adminFindMessage',
    summary: 'All that is known of a message, and what is not',
    params: z.object({ messageId: idOf('Of the message', '1') }),
    answer: z.object({
      items: z
        .array(story)
        .meta({ description: 'One; of messages that were imported from box-im two may have one id' }),
    }),
    problems: ['NOT_FOUND'],
    subject: ({ messageId }) => `message:${messageId}`,
    handle: async ({ params: { messageId } }) => ({ items: (await stories.withId(messageId)).map(toStory) }),
  });
  addAdminRoute(app, deps, {
    method: 'GET',
    path: '/admin/conversations/{conversationId}/messages/{number}',
    name: 'adminGetMessage',
    summary: 'The same of a message by its place',
    params: ofMessage,
    answer: story,
    problems: ['NOT_FOUND'],
    subject: ({ conversationId, number }) => `message:${conversationId}/${number}`,
    handle: async ({ params: { conversationId: conversation, number } }) =>
      toStory(await stories.find({ conversation, number })),
  });
}
