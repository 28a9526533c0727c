import { z } from 'zod';
import { conversationOfGroup } from '../groups/group.ts';
import { conversationOf } from '../messages/private/private-message.ts';

/** Which conversation an id names, for one of those who ask. */
export type ConversationOf =
  | { readonly kind: 'private'; readonly id: string; readonly otherId: number }
  | { readonly kind: 'group'; readonly id: string; readonly groupId: number };

const form = /^(?:private:[1-9]\d{0,15}:[1-9]\d{0,15}|group:[1-9]\d{0,15})$/;

export const conversationIdText = z
  .string()
  .regex(form, 'expected the id of a conversation, as it was answered');

/** An id that comes in. */
export const conversationId = conversationIdText.meta({
  description: 'Of the conversation',
  example: 'private:1:2',
});

/** Undefined: it is none of this user. */
export function readConversationId(id: string, userId: number): ConversationOf | undefined {
  const [kind, ...numbers] = id.split(':');
  const [one = 0, other = 0] = numbers.map(Number);
  if (kind === 'group') return { kind, id: conversationOfGroup(one), groupId: one };
  if (one >= other || (one !== userId && other !== userId)) return undefined;
  return { kind: 'private', id: conversationOf(one, other), otherId: one === userId ? other : one };
}
