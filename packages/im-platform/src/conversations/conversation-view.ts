import { z } from 'zod';
import { idText, time, toTime } from '../api/values.ts';
import type { ConversationState } from './conversation-states.ts';

/** What `/v1` and pushes to our own clients say of a conversation to one of its people. */
export const shownConversation = z
  .object({
    id: idText('Of the conversation'),
    kind: z.enum(['private', 'group']),
    userId: z.string().nullable().meta({ description: 'Of a private one: the other one' }),
    groupId: z.string().nullable(),
    isIn: z.boolean().meta({ description: 'False: the caller has left the group' }),
    first: z.int().meta({ description: 'The first number that you may see …' }),
    last: z.int().meta({ description: '… and the last one; with none it is before `first`' }),
    read: z.int().meta({ description: 'Up to which number you have read' }),
    otherRead: z.int().nullable().meta({
      description: 'Of a private one: up to which number the other one has read. It never goes back',
    }),
    otherDelivered: z.int().nullable().meta({
      description: '… and up to which number a device of theirs has it; at least what they have read',
    }),
    unread: z
      .int()
      .meta({ description: 'How many of the others since then; notices and what was recalled do not count' }),
    mentions: z.int().meta({ description: 'How many since then name you, or everyone' }),
    isMarkedUnread: z.boolean().meta({ description: 'You want to see it as unread; reading ends it' }),
    isPinned: z.boolean(),
    isMuted: z.boolean().meta({ description: 'It is not in the sum of what is unread' }),
    isArchived: z.boolean(),
    isHidden: z.boolean().meta({ description: 'Off your list until something new is said in it' }),
    draft: z.string().nullable(),
    activeAt: time,
    skipped: z.int().meta({ description: 'How many of its messages so far count for nobody' }),
    stamp: z.int().meta({ description: 'Of its last change; pushes of its messages have it, too' }),
    myStamp: z.int().meta({
      description:
        'Of the last change of your own. Of two states the one with the higher `myStamp`, then `stamp`, is newer',
    }),
  })
  .meta({ id: 'ConversationState' });

export type ShownConversation = z.output<typeof shownConversation>;

export function showConversation(state: ConversationState): ShownConversation {
  const { userId, conversation: id, activeTime, lane: _, delivered: __, ...shown } = state;
  const [kind, ...ids] = id.split(':');
  const isPrivate = kind === 'private';
  return {
    ...{ ...shown, id, kind: isPrivate ? 'private' : 'group', activeAt: toTime(activeTime) },
    // With oneself both are the same.
    userId: isPrivate ? (ids.find((one) => one !== String(userId)) ?? String(userId)) : null,
    groupId: isPrivate ? null : (ids[0] ?? null),
  };
}
