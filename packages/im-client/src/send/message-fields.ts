import { addressKey, ImError, type DeviceAddress } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { isTooDeep, maxDepth } from 'im-common/internal/bus';
import { Fields, invalidArgument } from 'im-common/internal/checks';
import { checkId, checkTerminal, copyList, refuse } from '../checks/arguments.ts';
import { toDataText } from './json-text.ts';
import type { GroupMessage, PrivateMessage, SystemMessage, TopicMessage } from './message.ts';

// The fields of messages: which message has which, and what may stand in each. Their types, for callers, are in message.ts.

type FieldName = keyof PrivateMessage | keyof GroupMessage | keyof TopicMessage | keyof SystemMessage;

const ofAny = [
  'recvTerminals',
  'sendResult',
  'messageId',
  'keep',
  'expiresInMs',
  'replaces',
  'priority',
  'data',
] as const satisfies readonly FieldName[];
const fromUser = ['sender', 'sendToSelf', ...ofAny] as const;

/** What stands in each field; undefined in those that are absent, or that messages of another kind have. */
export type MessageFields = Readonly<Record<FieldName, unknown>>;

/** Reads each once. Written out, and one for all: a loop over names takes longer than all the rest of the checks. */
function readOnce(message: MessageFields): Record<FieldName, unknown> {
  return {
    recvId: message.recvId,
    recvIds: message.recvIds,
    topic: message.topic,
    except: message.except,
    trackMembers: message.trackMembers,
    sender: message.sender,
    sendToSelf: message.sendToSelf,
    recvTerminals: message.recvTerminals,
    sendResult: message.sendResult,
    messageId: message.messageId,
    keep: message.keep,
    expiresInMs: message.expiresInMs,
    replaces: message.replaces,
    priority: message.priority,
    data: message.data,
  };
}

export const privateFields: Fields<FieldName> = fieldsOf<PrivateMessage>('a private message', [
  'recvId',
  ...fromUser,
]);
export const groupFields: Fields<FieldName> = fieldsOf<GroupMessage & TopicMessage>('a group message', [
  ...(['recvIds', 'topic', 'except', 'trackMembers'] as const),
  ...fromUser,
]);
export const systemFields: Fields<FieldName> = fieldsOf<SystemMessage>('a system message', [
  'recvIds',
  ...ofAny,
]);

function fieldsOf<Message>(what: string, names: readonly (FieldName & keyof Message)[]): Fields<FieldName> {
  return new Fields<FieldName>(what, names, invalidArgument, readOnce);
}

export interface MessageLimits {
  readonly terminals: readonly number[];
  readonly maxMessageBytes: number;
}

export function checkFlag(name: string, value: unknown, whenAbsent: boolean): boolean {
  if (value === undefined) return whenAbsent;
  return typeof value === 'boolean' ? value : refuse(name, value, 'true or false');
}

const addressFields = ['id', 'terminal'] as const;
// Written out, as each message has one.
const senderFields = new Fields('sender', addressFields, invalidArgument, ({ id, terminal }) => {
  return { id, terminal };
});

export function checkSender(sender: unknown): DeviceAddress {
  const { id, terminal } = senderFields.read(sender);
  return { id: checkId('sender.id', id), terminal: checkTerminal('sender.terminal', terminal) };
}

/** Their keys. */
export function checkExcept(except: unknown): readonly string[] {
  if (except === undefined) return [];
  return copyList('except', except, 'a list of devices').map((device, at) => {
    const name = `except[${at}]`;
    const { id, terminal } = new Fields(name, addressFields, invalidArgument).read(device);
    return addressKey(checkId(`${name}.id`, id), checkTerminal(`${name}.terminal`, terminal));
  });
}

/** Ours count, and devices take the later one for the younger; others must not look like them (P-6.13). */
const ownIdForm = /^[\w-]{12}-[0-9a-z]{1,10}$/;

export function checkMessageId(id: unknown): string | undefined {
  const name = checkName('messageId', id);
  if (name === undefined || !ownIdForm.test(name)) return name;
  return refuse(
    'messageId',
    id,
    'another form than 12 characters, "-" and up to 10 more, which is that of our own ids',
  );
}

export function checkName(field: string, name: unknown): string | undefined {
  if (name === undefined || (typeof name === 'string' && /^[\w.@-]{1,64}$/.test(name))) return name;
  return refuse(field, name, '1 to 64 characters out of A-Z a-z 0-9 _ . @ -');
}

/** Whether it is high. */
export function checkPriority(priority: unknown): boolean {
  if (priority === undefined || priority === 'normal' || priority === 'high') return priority === 'high';
  return refuse('priority', priority, "'normal' or 'high'");
}

export interface CheckedKeep {
  readonly forMs: number;
  readonly most: number;
}

const keepFields = new Fields('keep', ['forMs', 'most'], invalidArgument);
const longestKeepMs = 30 * 86_400_000;
const mostKept = 1_000;
const mostKeptByDefault = 100;

export function checkKeep(keep: unknown): CheckedKeep | undefined {
  if (keep === undefined) return undefined;
  const { forMs, most = mostKeptByDefault } = keepFields.read(keep);
  return {
    forMs: checkCount('keep.forMs', forMs, longestKeepMs),
    most: checkCount('keep.most', most, mostKept),
  };
}

export function checkExpiry(expiresInMs: unknown): number | undefined {
  return expiresInMs === undefined ? undefined : checkCount('expiresInMs', expiresInMs, longestKeepMs);
}

function checkCount(name: string, value: unknown, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  return refuse(name, value, `a whole number from 1 to ${most}`);
}

export function checkData(data: unknown, { maxMessageBytes }: MessageLimits): ByteText {
  const text = toDataText(data);
  if (text.length > maxMessageBytes) {
    throw new ImError(
      'MESSAGE_TOO_LARGE',
      `data has ${text.length} bytes as JSON; maxMessageBytes is ${maxMessageBytes}. Send a reference to large content instead.`,
    );
  }
  if (isTooDeep(text)) throw invalidArgument(`data is nested ${maxDepth} levels deep or more.`);
  return text;
}
