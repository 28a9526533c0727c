import { MessageStatus, MessageType, readContent, type components } from 'im-platform/client';
import type { EncryptionNews } from '../encryption/encryption.ts';
import type { JoinRequest } from '../events.ts';
import type { CallPush } from '../model/call.ts';
import type { ContactPart } from '../model/contact-list.ts';
import type { StoredMessage } from '../model/message.ts';
import type { Presence, TypingNews } from '../model/presence.ts';
import { readCallPush } from './call-push.ts';

// What the platform pushes has the shape that box-im's front ends know, and a number beside it. It is read here, and nowhere else.

export type Push =
  | { readonly is: 'message'; readonly message: StoredMessage; readonly counted?: Counted }
  /** What has become of a conversation, all of it. */
  | { readonly is: 'conversation'; readonly conversation: ConversationState }
  | Recall
  /** What has become of a message, all of it. */
  | { readonly is: 'changed'; readonly message: StoredMessage }
  /** I have deleted messages for myself, on another device. */
  | { readonly is: 'deleted'; readonly conversationId: string; readonly numbers: readonly number[] }
  /** How far what I wrote to somebody has come. */
  | { readonly is: 'positions'; readonly positions: Positions }
  | { readonly is: 'typing'; readonly typing: TypingNews }
  /** Friends have come or gone. */
  | { readonly is: 'presence'; readonly presences: readonly Presence[] }
  | { readonly is: 'joinRequest'; readonly request: JoinRequest }
  | { readonly is: 'banned'; readonly reason: string }
  /** Friends or groups are not what they were. */
  | { readonly is: 'people'; readonly parts: readonly ContactPart[] }
  | { readonly is: 'of-call'; readonly of: CallPush }
  | { readonly is: 'encryption'; readonly news: EncryptionNews }
  | { readonly is: 'other' };

type ConversationState = Omit<components['schemas']['Conversation'], 'lastMessage'>;

/** A message by which another one is taken back; its own number is nothing to see. */
export interface Recall {
  readonly is: 'recall';
  readonly conversationId: string;
  readonly messageId: string;
  readonly byMe: boolean;
  /** Undefined: I have left since, and it is none of mine. */
  readonly number?: number;
  /** The number of what is taken back. */
  readonly recalled?: number;
  readonly counted?: Counted;
}

export interface Positions {
  readonly conversationId: string;
  readonly read: number;
  readonly delivered: number;
}

/** What became of the conversation with a message. A push that is repeated does not say. */
export interface Counted {
  readonly skipped: number;
  readonly stamp: number;
}

const firstOfPeople = MessageType.FRIEND_NEW;
const firstOfGroups = MessageType.GROUP_NEW;
const lastOfGroups = 99;

type Members = Readonly<Partial<Record<string, unknown>>>;

/** Nothing of it is trusted to be there. */
export function readPush(kind: string, data: unknown, me: string): Push {
  if (typeof data !== 'object' || data === null) return { is: 'other' };
  const push = data as Members;
  const type = wholeOf(push['type']);
  if (type === undefined) return { is: 'other' };
  if (type === MessageType.USER_BANNED) return { is: 'banned', reason: textOf(push['content']) ?? '' };
  if (type === MessageType.CHANGED) return readChange(push);
  if (type === MessageType.MESSAGE_CHANGED) return readMessageChange(push);
  if (type >= firstOfPeople && type < firstOfGroups)
    return { is: 'people', parts: ['friends', 'received', 'sent'] };
  if (type >= firstOfGroups && type <= lastOfGroups) return { is: 'people', parts: ['groups'] };
  const ofCall = readCallPush(type, push);
  if (ofCall) return { is: 'of-call', of: ofCall };
  const conversationId = conversationOf(kind, push);
  if (conversationId === undefined) return { is: 'other' };
  const number = wholeOf(push['number']);
  const counted = readCounted(push['conversation']);
  if (type === MessageType.RECALL) {
    const recalled = wholeOf((push['conversation'] as Members | undefined)?.['recalled']);
    return {
      ...{ is: 'recall', conversationId, messageId: String(push['content']) },
      byMe: String(push['sendId']) === me,
      ...(number !== undefined && { number }),
      ...(recalled !== undefined && { recalled }),
      ...(counted && { counted }),
    };
  }
  const id = wholeOf(push['id']);
  if (id === undefined || number === undefined) return { is: 'other' };
  // What box-im's form has no place for comes as `/v1` shows it.
  const shown = readShown(push['message']);
  const message =
    shown?.conversationId === conversationId && shown.number === number
      ? shown
      : toMessage(type, push, { id: String(id), conversationId, number });
  return { ...{ is: 'message', message }, ...(counted && { counted }) };
}

function readMessageChange({ message, deleted }: Members): Push {
  const shown = readShown(message);
  if (shown) return { is: 'changed', message: shown };
  const { conversationId, numbers } = (deleted ?? {}) as Members;
  if (typeof conversationId !== 'string' || !Array.isArray(numbers)) return { is: 'other' };
  return { is: 'deleted', conversationId, numbers: numbers.filter((one) => Number.isSafeInteger(one)) };
}

/** The platform shows it as `/v1` does; that it is a message at all is looked at. */
function readShown(value: unknown): StoredMessage | undefined {
  const { conversationId, number, stamp, content, reactions, mentions } = (value ?? {}) as Members;
  const isOne =
    typeof conversationId === 'string' &&
    [number, stamp].every((one) => Number.isSafeInteger(one)) &&
    typeof (content as Members | null | undefined)?.['type'] === 'string' &&
    [reactions, mentions].every((one) => Array.isArray(one));
  return isOne ? (value as StoredMessage) : undefined;
}

function readChange({
  conversation: state,
  positions,
  typing,
  presence,
  joinRequest,
  ...rest
}: Members): Push {
  const news = readEncryptionNews(rest['encryption']);
  if (news) return { is: 'encryption', news };
  const { userId, name } = (typing ?? {}) as Members;
  const typedIn = (typing as Members | undefined)?.['conversationId'];
  if (typeof typedIn === 'string' && typeof userId === 'string' && typeof name === 'string')
    return { is: 'typing', typing: { conversationId: typedIn, userId, name } };
  if (isJoinRequest(joinRequest)) return { is: 'joinRequest', request: joinRequest };
  if (Array.isArray(presence)) return { is: 'presence', presences: presence.filter(isPresence) };
  const { conversationId, read, delivered } = (positions ?? {}) as Members;
  if (typeof conversationId === 'string' && [read, delivered].every((one) => Number.isSafeInteger(one)))
    return { is: 'positions', positions: positions as Positions };
  const { id, last, stamp, myStamp } = (state ?? {}) as Members;
  const isState = typeof id === 'string' && [last, stamp, myStamp].every((one) => Number.isSafeInteger(one));
  // The platform shows it as `/v1` does.
  return isState ? { is: 'conversation', conversation: state as ConversationState } : { is: 'other' };
}

function readEncryptionNews(value: unknown): EncryptionNews | undefined {
  const { kind, userId, conversationId } = (value ?? {}) as Members;
  if (kind === 'messages') return { kind };
  if (kind === 'devices' && typeof userId === 'string') return { kind, userId };
  return kind === 'conversation' && typeof conversationId === 'string' ? { kind, conversationId } : undefined;
}

function isJoinRequest(value: unknown): value is JoinRequest {
  const { groupId, userId, name, text } = (value ?? {}) as Members;
  return [groupId, userId, name, text].every((one) => typeof one === 'string');
}

function isPresence(value: unknown): value is Presence {
  const { userId, isOnline, lastSeenAt } = (value ?? {}) as Members;
  const isTime = lastSeenAt === null || typeof lastSeenAt === 'string';
  return typeof userId === 'string' && typeof isOnline === 'boolean' && isTime;
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
  [MessageStatus.DELIVERED]: 'delivered',
  [MessageStatus.RECALL]: 'recalled',
  [MessageStatus.READED]: 'read',
};

function toMessage(
  type: number,
  push: Members,
  place: Pick<StoredMessage, 'id' | 'conversationId' | 'number'>,
): StoredMessage {
  const { sendId, sendNickName, sendTime, status, atUserIds, content } = push;
  const named = Array.isArray(atUserIds) ? (atUserIds as unknown[]) : [];
  return {
    ...place,
    senderId: String(sendId),
    senderName: textOf(sendNickName) ?? null,
    sentAt: timeOf(sendTime),
    content: readContent({ type, status: wholeOf(status), content: textOf(content) }),
    status: statuses[Number(status)] ?? 'sent',
    mentions: named.map((id) => (Number(id) === -1 ? 'everyone' : String(id))),
    // Less than whatever `/v1` says of it.
    stamp: -1,
    ...{ editedAt: null, replyTo: null, forwarded: null, isPinned: false, reactions: [] },
  };
}

/** A time that no calendar has is none. */
function timeOf(value: unknown): string {
  const time = new Date(wholeOf(value) ?? Number.NaN);
  return Number.isNaN(time.getTime()) ? new Date().toISOString() : time.toISOString();
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function wholeOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) ? (value as number) : undefined;
}
