import { addressKey, ImError, type DeviceAddress, type MessageKind } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { encodeAddress, isTooDeep, maxDepth, type EntryExtras } from 'im-common/internal/bus';
import { Fields, invalidArgument } from 'im-common/internal/checks';
import {
  addressesOf,
  checkId,
  checkIds,
  checkTerminal,
  checkTerminals,
  checkTopic,
  copyList,
  refuse,
} from '../checks/arguments.ts';
import { toDataText } from './json-text.ts';

export interface CheckedKeep {
  readonly forMs: number;
  readonly most: number;
}

/** A message of any kind, checked, with ids as strings and the payload as text. */
export interface OutgoingMessage {
  readonly kind: MessageKind;
  readonly dataText: ByteText;
  readonly senderText: ByteText | undefined;
  readonly senderId: string | undefined;
  readonly sendResult: boolean;
  readonly receivers: readonly DeviceAddress[];
  /** The sender's other terminals. */
  readonly copies: readonly DeviceAddress[];
  readonly everyoneOn: readonly number[] | undefined;
  /** Instead of `receivers`, on the terminals of `everyoneOn`. */
  readonly topic: { readonly name: string; readonly extras: EntryExtras } | undefined;
  /** When the caller brings it. */
  readonly messageId: string | undefined;
  readonly keep: CheckedKeep | undefined;
  readonly expiresInMs: number | undefined;
  readonly replaces: string | undefined;
}

export interface MessageLimits {
  readonly terminals: readonly number[];
  readonly maxMessageBytes: number;
}

const nobody: readonly DeviceAddress[] = [];
const common = [
  'recvTerminals',
  'sendResult',
  'messageId',
  'keep',
  'expiresInMs',
  'replaces',
  'data',
] as const;
const fromUser = ['sender', 'sendToSelf', ...common] as const;

const privateFields = new Fields(
  'a private message',
  ['recvId', ...fromUser],
  invalidArgument,
  ({
    recvId,
    sender,
    sendToSelf,
    recvTerminals,
    sendResult,
    messageId,
    keep,
    expiresInMs,
    replaces,
    data,
  }) => {
    return {
      recvId,
      sender,
      sendToSelf,
      recvTerminals,
      sendResult,
      messageId,
      keep,
      expiresInMs,
      replaces,
      data,
    };
  },
);
const groupFields = new Fields(
  'a group message',
  ['recvIds', 'topic', 'except', 'trackMembers', ...fromUser],
  invalidArgument,
  ({
    recvIds,
    topic,
    except,
    trackMembers,
    sender,
    sendToSelf,
    recvTerminals,
    sendResult,
    messageId,
    keep,
    expiresInMs,
    replaces,
    data,
  }) => {
    return {
      recvIds,
      topic,
      except,
      trackMembers,
      sender,
      sendToSelf,
      recvTerminals,
      sendResult,
      messageId,
      keep,
      expiresInMs,
      replaces,
      data,
    };
  },
);
const systemFields = new Fields(
  'a system message',
  ['recvIds', ...common],
  invalidArgument,
  ({ recvIds, recvTerminals, sendResult, messageId, keep, expiresInMs, replaces, data }) => {
    return { recvIds, recvTerminals, sendResult, messageId, keep, expiresInMs, replaces, data };
  },
);
const senderFields = new Fields('sender', ['id', 'terminal'], invalidArgument, ({ id, terminal }) => {
  return { id, terminal };
});

export function checkPrivate(message: unknown, limits: MessageLimits): OutgoingMessage {
  const fields = privateFields.read(message);
  const ids = fields.recvId === null ? [] : [checkId('recvId', fields.recvId)];
  return checkFromUser('private', fields, ids, limits);
}

export function checkGroup(message: unknown, limits: MessageLimits): OutgoingMessage {
  const fields = groupFields.read(message);
  if (fields.topic !== undefined) return checkToTopic(fields, limits);
  const extra = (['except', 'trackMembers'] as const).find((name) => fields[name] !== undefined);
  if (extra !== undefined) throw invalidArgument(`${extra} is given without topic, which it belongs to.`);
  return checkFromUser('group', fields, checkIds('recvIds', fields.recvIds), limits);
}

export function checkSystem(message: unknown, limits: MessageLimits): OutgoingMessage {
  const { recvIds, recvTerminals, sendResult, messageId, keep, expiresInMs, replaces, data } =
    systemFields.read(message);
  const terminals = checkTerminals('recvTerminals', recvTerminals, limits);
  const isForAll = recvIds === 'everyone';
  if (isForAll && keep !== undefined)
    throw invalidArgument('keep is for receivers that are named, and recvIds is "everyone".');
  return {
    kind: 'system',
    senderText: undefined,
    senderId: undefined,
    sendResult: checkFlag('sendResult', sendResult),
    receivers: isForAll ? nobody : addressesOf(checkIds('recvIds', recvIds, ' or "everyone"'), terminals),
    copies: nobody,
    everyoneOn: isForAll ? terminals : undefined,
    topic: undefined,
    messageId: checkMessageId(messageId),
    keep: checkKeep(keep),
    ...checkEnds(expiresInMs, replaces),
    dataText: checkData(data, limits),
  };
}

function checkFromUser(
  kind: MessageKind,
  fields: Record<(typeof fromUser)[number], unknown>,
  ids: readonly string[],
  limits: MessageLimits,
): OutgoingMessage {
  const sender = checkSender(fields.sender);
  const sendToSelf = checkFlag('sendToSelf', fields.sendToSelf);
  return {
    kind,
    senderText: encodeAddress(sender) as ByteText,
    senderId: sender.id,
    sendResult: checkFlag('sendResult', fields.sendResult),
    receivers: addressesOf(ids, checkTerminals('recvTerminals', fields.recvTerminals, limits)),
    copies: sendToSelf ? otherDevices(sender, limits.terminals) : nobody,
    everyoneOn: undefined,
    topic: undefined,
    messageId: checkMessageId(fields.messageId),
    keep: checkKeep(fields.keep),
    ...checkEnds(fields.expiresInMs, fields.replaces),
    dataText: checkData(fields.data, limits),
  };
}

type GroupFields = ReturnType<typeof groupFields.read>;

function checkToTopic(fields: GroupFields, limits: MessageLimits): OutgoingMessage {
  if (fields.recvIds !== undefined)
    throw invalidArgument('recvIds is given beside topic; expected one of the two.');
  if (fields.keep !== undefined)
    throw invalidArgument('keep is given beside topic: who of its members is away is not known.');
  const name = checkTopic(fields.topic);
  const except = fields.except === undefined ? [] : copyList('except', fields.except, 'a list of devices');
  const trackMembers = fields.trackMembers !== undefined && checkFlag('trackMembers', fields.trackMembers);
  const extras: EntryExtras = {
    topic: name,
    ...(except.length > 0 && { except: except.map((device, at) => checkDevice(`except[${at}]`, device)) }),
    ...(trackMembers && { trackMembers }),
  };
  return {
    ...checkFromUser('group', fields, [], limits),
    everyoneOn: checkTerminals('recvTerminals', fields.recvTerminals, limits),
    topic: { name, extras },
  };
}

function checkDevice(name: string, device: unknown): string {
  const { id, terminal } = new Fields(name, ['id', 'terminal'], invalidArgument).read(device);
  return addressKey(checkId(`${name}.id`, id), checkTerminal(`${name}.terminal`, terminal));
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

function checkSender(sender: unknown): DeviceAddress {
  const { id, terminal } = senderFields.read(sender);
  return { id: checkId('sender.id', id), terminal: checkTerminal('sender.terminal', terminal) };
}

/** Ours count, and devices take the later one for the younger; others must not look like them (P-6.13). */
const ownIdForm = /^[\w-]{12}-[0-9a-z]{1,10}$/;

function checkMessageId(id: unknown): string | undefined {
  if (id === undefined) return undefined;
  if (typeof id !== 'string' || !/^[\w.@-]{1,64}$/.test(id))
    return refuse('messageId', id, '1 to 64 characters out of A-Z a-z 0-9 _ . @ -');
  if (ownIdForm.test(id))
    return refuse(
      'messageId',
      id,
      'another form than 12 characters, "-" and up to 10 more, which is that of our own ids',
    );
  return id;
}

function checkFlag(name: string, flag: unknown): boolean {
  if (flag === undefined) return true;
  if (typeof flag === 'boolean') return flag;
  return refuse(name, flag, 'true or false');
}

const keepFields = new Fields('keep', ['forMs', 'most'], invalidArgument);
const longestKeepMs = 30 * 86_400_000;
const mostKept = 1_000;
const mostKeptByDefault = 100;

function checkKeep(given: unknown): CheckedKeep | undefined {
  if (given === undefined) return undefined;
  const { forMs, most = mostKeptByDefault } = keepFields.read(given);
  return {
    forMs: checkCount('keep.forMs', forMs, longestKeepMs),
    most: checkCount('keep.most', most, mostKept),
  };
}

function checkEnds(
  expiresInMs: unknown,
  replaces: unknown,
): Pick<OutgoingMessage, 'expiresInMs' | 'replaces'> {
  return {
    expiresInMs:
      expiresInMs === undefined ? undefined : checkCount('expiresInMs', expiresInMs, longestKeepMs),
    replaces: replaces === undefined ? undefined : checkKey(replaces),
  };
}

function checkKey(key: unknown): string {
  if (typeof key === 'string' && /^[\w.@-]{1,64}$/.test(key)) return key;
  return refuse('replaces', key, '1 to 64 characters out of A-Z a-z 0-9 _ . @ -');
}

function checkCount(name: string, value: unknown, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most) return value;
  return refuse(name, value, `a whole number from 1 to ${most}`);
}

function otherDevices({ id, terminal }: DeviceAddress, terminals: readonly number[]): DeviceAddress[] {
  const others: DeviceAddress[] = [];
  for (const other of terminals) if (other !== terminal) others.push({ id, terminal: other });
  return others;
}
