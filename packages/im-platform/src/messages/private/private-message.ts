import { z } from 'zod';

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
