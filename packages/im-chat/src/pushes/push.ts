import type { components } from 'im-platform/client';
import type { Content, StoredMessage } from '../model/message.ts';
import type { ContactPart } from '../model/contact-list.ts';

// What the platform pushes has the shape that box-im's front ends know, and a number beside it. It is read here, and nowhere else.

export type Push =
  | { readonly is: 'message'; readonly message: StoredMessage; readonly counted?: Counted }
  /** What has become of a conversation, all of it. */
  | { readonly is: 'conversation'; readonly conversation: ConversationState }
  /** A message by which another one is taken back; its own number is nothing to see. */
  | {
      readonly is: 'recall';
      readonly conversationId: string;
      readonly number: number;
      readonly messageId: string;
    }
  /** The other one has read what I wrote, or I have read it on another device. */
  | { readonly is: 'read'; readonly conversationId: string; readonly byMe: boolean }
  | { readonly is: 'banned'; readonly reason: string }
  /** Friends or groups are not what they were. */
  | { readonly is: 'people'; readonly parts: readonly ContactPart[] }
  | { readonly is: 'other' };

type ConversationState = Omit<components['schemas']['Conversation'], 'lastMessage'>;
interface Counted {
  readonly skipped: number;
  readonly stamp: number;
}

const Type = {
  ...{ text: 0, image: 1, file: 2, audio: 3, recall: 10, read: 11, receipt: 12, notice: 21 },
  ...{ voiceCall: 40, videoCall: 41, banned: 50, changed: 60, firstOfPeople: 80 },
  ...{ firstOfGroups: 90, lastOfGroups: 99 },
} as const;

type Members = Readonly<Partial<Record<string, unknown>>>;

/** Nothing of it is trusted to be there. */
export function readPush(kind: string, data: unknown, me: string): Push {
  if (typeof data !== 'object' || data === null) return { is: 'other' };
  const push = data as Members;
  const type = wholeOf(push['type']);
  if (type === undefined) return { is: 'other' };
  if (type === Type.banned) return { is: 'banned', reason: textOf(push['content']) ?? '' };
  if (type === Type.changed) return readState(push['conversation']);
  if (type >= Type.firstOfPeople && type < Type.firstOfGroups)
    return { is: 'people', parts: ['friends', 'received', 'sent'] };
  if (type >= Type.firstOfGroups && type <= Type.lastOfGroups) return { is: 'people', parts: ['groups'] };
  const conversationId = conversationOf(kind, push);
  if (conversationId === undefined) return { is: 'other' };
  if (type === Type.read || type === Type.receipt)
    return { is: 'read', conversationId, byMe: type === Type.read && String(push['sendId']) === me };
  const [id, number] = [wholeOf(push['id']), wholeOf(push['number'])];
  if (id === undefined || number === undefined) return { is: 'other' };
  if (type === Type.recall)
    return { is: 'recall', conversationId, number, messageId: String(push['content']) };
  const counted = readCounted(push['conversation']);
  return {
    ...{ is: 'message', message: toMessage(type, push, { id: String(id), conversationId, number }) },
    ...(counted && { counted }),
  };
}

function readState(state: unknown): Push {
  const { id, last, stamp, myStamp } = (state ?? {}) as Members;
  const isState = typeof id === 'string' && [last, stamp, myStamp].every((one) => Number.isSafeInteger(one));
  // The platform shows it as `/v1` does.
  return isState ? { is: 'conversation', conversation: state as ConversationState } : { is: 'other' };
}

function readCounted(state: unknown): Counted | undefined {
  const members = (state ?? {}) as Members;
  const [skipped, stamp] = [wholeOf(members['skipped']), wholeOf(members['stamp'])];
  return skipped === undefined || stamp === undefined ? undefined : { skipped, stamp };
}

function conversationOf(kind: string, { sendId, recvId, groupId }: Members): string | undefined {
  if (kind === 'group') return wholeOf(groupId) === undefined ? undefined : `group:${Number(groupId)}`;
  const [one, other] = [Number(sendId), Number(recvId)];
  if (!Number.isSafeInteger(one) || !Number.isSafeInteger(other)) return undefined;
  return `private:${Math.min(one, other)}:${Math.max(one, other)}`;
}

const statuses: Readonly<Record<number, StoredMessage['status']>> = {
  1: 'delivered',
  2: 'recalled',
  3: 'read',
};

function toMessage(
  type: number,
  push: Members,
  place: Pick<StoredMessage, 'id' | 'conversationId' | 'number'>,
): StoredMessage {
  const { sendId, sendNickName, sendTime, status, atUserIds, content } = push;
  const isRecalled = status === 2;
  const named = Array.isArray(atUserIds) ? (atUserIds as unknown[]) : [];
  return {
    ...place,
    senderId: String(sendId),
    senderName: textOf(sendNickName) ?? null,
    sentAt: timeOf(sendTime),
    content: isRecalled ? { type: 'recalled' } : toContent(type, textOf(content) ?? ''),
    status: statuses[Number(status)] ?? 'sent',
    mentions: named.map((id) => (Number(id) === -1 ? 'everyone' : String(id))),
  };
}

/** As `/v1` shows it. */
function toContent(type: number, said: string): Content {
  const { originUrl, thumbUrl, url, width, height, name, size, duration } = membersOf(said);
  switch (type) {
    case Type.text:
      return { type: 'text', text: said };
    case Type.image:
      return without({
        ...{ type: 'image', url: textOf(originUrl), thumbnail: textOf(thumbUrl) },
        ...{ width: wholeOf(width), height: wholeOf(height) },
      });
    case Type.file:
      return without({ type: 'file', url: textOf(url), name: textOf(name), size: wholeOf(size) });
    case Type.audio:
      return without({ type: 'audio', url: textOf(url), durationS: numberOf(duration) });
    case Type.notice:
      return { type: 'notice', text: said };
    case Type.voiceCall:
      return { type: 'call', mode: 'voice', text: said };
    case Type.videoCall:
      return { type: 'call', mode: 'video', text: said };
    default:
      return { type: 'other', kind: type, text: said };
  }
}

function membersOf(content: string): Members {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null ? (value as Members) : {};
  } catch {
    return {};
  }
}

/** A time that no calendar has is none. */
function timeOf(value: unknown): string {
  const time = new Date(wholeOf(value) ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? new Date().toISOString() : time.toISOString();
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 ? value : undefined;
}

function wholeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}

function without<T extends object>(value: { readonly [Name in keyof T]: T[Name] | undefined }): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
