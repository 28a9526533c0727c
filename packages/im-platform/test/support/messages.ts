import type { RawDevice } from 'im-test/support';
import type { Person } from './person.ts';

export const messageTypes = {
  TEXT: 0,
  IMAGE: 1,
  FILE: 2,
  RECALL: 10,
  READED: 11,
  RECEIPT: 12,
  TIP: 21,
  CALL: 40,
} as const;
export const statuses = { PENDING: 0, DELIVERED: 1, RECALL: 2, READED: 3 } as const;

/** A private message as a page gets it. */
export interface PrivateMessage {
  readonly id: number;
  readonly number: number;
  readonly tmpId: string | null;
  readonly sendId: number;
  readonly recvId: number;
  readonly content: string;
  readonly type: number;
  readonly status: number;
  readonly sendTime: number;
}

/** A group message as a page gets it. */
export interface GroupMessage extends Omit<PrivateMessage, 'recvId'> {
  readonly groupId: number;
  readonly sendNickName: string;
  readonly receipt: boolean;
  readonly receiptOk: boolean;
  readonly readedCount: number;
  readonly atUserIds: number[] | null;
}

export function say(from: Person, to: Person, content: string, more: object = {}): Promise<PrivateMessage> {
  return from.post('/message/private/send', { recvId: to.id, content, type: messageTypes.TEXT, ...more });
}

export function sayInGroup(
  from: Person,
  groupId: number,
  content: string,
  more: object = {},
): Promise<GroupMessage> {
  return from.post('/message/group/send', { groupId, content, type: messageTypes.TEXT, ...more });
}

export function pull(person: Person, minId = 0): Promise<PrivateMessage[]> {
  return person.get(`/message/private/loadOfflineMessage?minId=${minId}`);
}

export function pullGroups(person: Person, minId = 0): Promise<GroupMessage[]> {
  return person.get(`/message/group/loadOfflineMessage?minId=${minId}`);
}

/** The next thing that the device is told about private messages. */
export async function nextPrivate(device: RawDevice): Promise<PrivateMessage> {
  const { data } = await device.next(({ cmd }) => cmd === 3);
  return data as PrivateMessage;
}

/** The next thing that the device is told in a group. */
export async function nextInGroup(device: RawDevice): Promise<GroupMessage> {
  const { data } = await device.next(({ cmd }) => cmd === 4);
  return data as GroupMessage;
}
