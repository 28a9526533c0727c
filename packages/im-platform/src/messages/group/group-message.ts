import { z } from 'zod';
import type { LinkMaker } from '../../files/file-links.ts';
import { conversationOfGroup } from '../../groups/group.ts';
import { concealRecalled } from '../recalled.ts';

/** A stored group message, as the table has it, with its lists as lists. */
export interface GroupMessage {
  readonly id: number;
  /** 1, 2, 3 … within the group. */
  readonly number: number;
  readonly tmpId: string | null;
  readonly groupId: number;
  readonly sendId: number;
  readonly sendNickName: string;
  /** Who alone may see it; empty: every member. */
  readonly recvIds: readonly number[];
  readonly content: string | null;
  readonly atUserIds: readonly number[];
  readonly receipt: boolean;
  readonly receiptOk: boolean;
  readonly type: number;
  readonly status: number;
  readonly sendTime: number;
}

/** What clients get of it (contract C.6); `number` is ours. */
export const groupMessageVO = z.object({
  id: z.int(),
  tmpId: z.string().nullable(),
  groupId: z.int(),
  sendId: z.int(),
  sendNickName: z.string(),
  content: z.string().nullable(),
  type: z.int(),
  receipt: z.boolean(),
  receiptOk: z.boolean(),
  readedCount: z.int(),
  atUserIds: z.array(z.int()).nullable(),
  status: z.int(),
  sendTime: z.int(),
  number: z.int(),
});

export type GroupMessageVO = z.output<typeof groupMessageVO>;

export function toGroupMessageVO(message: GroupMessage, links: LinkMaker): GroupMessageVO {
  const { id, tmpId, groupId, sendId, sendNickName, type, receipt, receiptOk, status, sendTime, number } =
    message;
  const content = links.inContent(concealRecalled(message), conversationOfGroup(groupId));
  const atUserIds = message.atUserIds.length > 0 ? [...message.atUserIds] : null;
  return {
    id,
    tmpId,
    groupId,
    sendId,
    sendNickName,
    content,
    type,
    receipt,
    receiptOk,
    readedCount: 0,
    atUserIds,
    status,
    sendTime,
    number,
  };
}

/** A row of im_group_message: lists are texts with commas, booleans are 0 and 1. */
export interface GroupMessageRow extends Omit<
  GroupMessage,
  'recvIds' | 'atUserIds' | 'receipt' | 'receiptOk'
> {
  readonly recvIds: string;
  readonly atUserIds: string;
  readonly receipt: number;
  readonly receiptOk: number;
}

export const groupColumns = [
  'id',
  'number',
  'tmpId',
  'groupId',
  'sendId',
  'sendNickName',
  'recvIds',
  'content',
  'atUserIds',
  'receipt',
  'receiptOk',
  'type',
  'status',
  'sendTime',
] as const;

export function fromRow(row: GroupMessageRow): GroupMessage {
  return {
    ...row,
    recvIds: toIds(row.recvIds),
    atUserIds: toIds(row.atUserIds),
    receipt: row.receipt === 1,
    receiptOk: row.receiptOk === 1,
  };
}

export function toRow(message: GroupMessage): GroupMessageRow {
  return {
    ...message,
    recvIds: message.recvIds.join(','),
    atUserIds: message.atUserIds.join(','),
    receipt: message.receipt ? 1 : 0,
    receiptOk: message.receiptOk ? 1 : 0,
  };
}

function toIds(text: string): number[] {
  return text === '' ? [] : text.split(',').map(Number);
}

/** Of those who have it in their pulls when it comes late. */
export function audienceOfGroup(groupId: number): string {
  return `group:${groupId}`;
}
