import { z } from 'zod';
import { idText, time, toTime } from '../api/values.ts';
import { readContent } from '../client/content.ts';
import { conversationOfGroup } from '../groups/group.ts';
import type { GroupMessage } from '../messages/group/group-message.ts';
import { conversationOf, type PrivateMessage } from '../messages/private/private-message.ts';
import { MessageStatus } from '../wire/message-type.ts';
import { shownContent } from './content.ts';

/** By box-im's numbers. */
const statuses = {
  [MessageStatus.PENDING]: 'sent',
  [MessageStatus.DELIVERED]: 'delivered',
  [MessageStatus.READED]: 'read',
  [MessageStatus.RECALL]: 'recalled',
} as const;

/** What `/v1` shows of a message, private or of a group. */
export const shownMessage = z
  .object({
    id: idText('Of the message; as pushes have it'),
    conversationId: idText('Of the conversation'),
    number: z.int().meta({ description: '1, 2, 3 … in the conversation, without holes' }),
    senderId: idText('Of the user who sent it; of a notice the one who is the cause'),
    senderName: z.string().nullable().meta({ description: 'In a group: what they were called there' }),
    sentAt: time,
    content: shownContent,
    status: z
      .enum(['sent', 'delivered', 'read', 'recalled'])
      .meta({ description: 'In a group sent or recalled; who has read it says `listReads`' }),
    mentions: z.array(z.string()).meta({ description: 'Ids of users; `everyone` is all of them' }),
  })
  .meta({ id: 'Message' });

export type ShownMessage = z.output<typeof shownMessage>;

/** Stands for all members among those who are mentioned; at box-im it is -1. */
export const everyone = 'everyone';

export function showPrivate(message: PrivateMessage): ShownMessage {
  return { ...show(message), conversationId: conversationOf(message.sendId, message.recvId) };
}

export function showOfGroup(message: GroupMessage): ShownMessage {
  return {
    ...show(message),
    conversationId: conversationOfGroup(message.groupId),
    senderName: message.sendNickName,
    mentions: message.atUserIds.map((id) => (id === -1 ? everyone : String(id))),
  };
}

function show(message: PrivateMessage | GroupMessage): Omit<ShownMessage, 'conversationId'> {
  const { id, number, sendId, sendTime, status } = message;
  return {
    ...{ id: String(id), number, senderId: String(sendId), senderName: null, sentAt: toTime(sendTime) },
    content: readContent(message),
    status: (statuses as Readonly<Record<number, ShownMessage['status']>>)[status] ?? 'sent',
    mentions: [],
  };
}
