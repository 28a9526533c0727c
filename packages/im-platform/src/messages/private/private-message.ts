import { z } from 'zod';
import type { LinkMaker } from '../../files/file-links.ts';
import { concealRecalled } from '../recalled.ts';

/** A stored private message, as the table has it. */
export interface PrivateMessage {
  readonly id: number;
  /** 1, 2, 3 … between these two users. */
  readonly number: number;
  readonly tmpId: string | null;
  readonly sendId: number;
  readonly recvId: number;
  readonly content: string | null;
  readonly type: number;
  readonly status: number;
  readonly sendTime: number;
}

/** What clients get of it, over HTTP and over the socket (contract C.6); `number` is ours. */
export const privateMessageVO = z.object({
  id: z.int(),
  tmpId: z.string().nullable(),
  sendId: z.int(),
  recvId: z.int(),
  content: z.string().nullable(),
  type: z.int(),
  status: z.int(),
  sendTime: z.int(),
  number: z.int(),
});

export type PrivateMessageVO = z.output<typeof privateMessageVO>;

export function toPrivateMessageVO(message: PrivateMessage, links: LinkMaker): PrivateMessageVO {
  const { id, number, tmpId, sendId, recvId, type, status, sendTime } = message;
  const content = links.inContent(concealRecalled(message), conversationOf(sendId, recvId));
  return { id, number, tmpId, sendId, recvId, content, type, status, sendTime };
}

export const privateColumns = [
  'id',
  'number',
  'tmpId',
  'sendId',
  'recvId',
  'content',
  'type',
  'status',
  'sendTime',
] as const;

/** The name of the conversation of two users, the same from both ends. */
export function conversationOf(one: number, other: number): string {
  return `private:${Math.min(one, other)}:${Math.max(one, other)}`;
}

/** Of those who have it in their pulls when it comes late. */
export function audienceOfUser(userId: number): string {
  return `user:${userId}`;
}
