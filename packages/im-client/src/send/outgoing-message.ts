import type { DeviceAddress, MessageKind } from 'im-common';
import type { ByteText } from 'im-common/bus';
import { encodeAddress, type EntryExtras } from 'im-common/internal/bus';
import { invalidArgument } from 'im-common/internal/checks';
import { addressesOf, checkId, checkIds, checkTerminals, checkTopic } from '../checks/arguments.ts';
import {
  checkData,
  checkExcept,
  checkExpiry,
  checkFlag,
  checkKeep,
  checkMessageId,
  checkName,
  checkPriority,
  checkSender,
  groupFields,
  privateFields,
  systemFields,
  type CheckedKeep,
  type MessageFields,
  type MessageLimits,
} from './message-fields.ts';

export interface TopicOfMessage {
  readonly name: string;
  readonly extras: EntryExtras;
  /** Not for each receiver: with the topic. */
  readonly keep: CheckedKeep | undefined;
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
  readonly topic: TopicOfMessage | undefined;
  /** When the caller brings it. */
  readonly messageId: string | undefined;
  readonly keep: CheckedKeep | undefined;
  readonly expiresInMs: number | undefined;
  readonly replaces: string | undefined;
  readonly isHigh: boolean;
  /** Of one that is traced: see tracing.ts. */
  readonly trace?: string;
}

const nobody: readonly DeviceAddress[] = [];

export function checkPrivate(message: unknown, limits: MessageLimits): OutgoingMessage {
  const fields = privateFields.read(message);
  const ids = fields.recvId === null ? [] : [checkId('recvId', fields.recvId)];
  return outgoing('private', fields, ids, limits);
}

export function checkGroup(message: unknown, limits: MessageLimits): OutgoingMessage {
  const fields = groupFields.read(message);
  if (fields.topic !== undefined) return checkToTopic(fields, limits);
  const extra = (['except', 'trackMembers'] as const).find((name) => fields[name] !== undefined);
  if (extra !== undefined) throw invalidArgument(`${extra} is given without topic, which it belongs to.`);
  return outgoing('group', fields, checkIds('recvIds', fields.recvIds), limits);
}

function checkToTopic(fields: MessageFields, limits: MessageLimits): OutgoingMessage {
  if (fields.recvIds !== undefined)
    throw invalidArgument('recvIds is given beside topic; expected one of the two.');
  const { keep, ...common } = outgoing('group', fields, 'everyone', limits);
  const name = checkTopic(fields.topic);
  const except = checkExcept(fields.except);
  const trackMembers = checkFlag('trackMembers', fields.trackMembers, false);
  const extras: EntryExtras = {
    topic: name,
    ...(except.length > 0 && { except }),
    ...(trackMembers && { trackMembers }),
  };
  return { ...common, keep: undefined, topic: { name, extras, keep } };
}

export function checkSystem(message: unknown, limits: MessageLimits): OutgoingMessage {
  const fields = systemFields.read(message);
  if (fields.recvIds !== 'everyone')
    return outgoing('system', fields, checkIds('recvIds', fields.recvIds, ' or "everyone"'), limits);
  if (fields.keep !== undefined)
    throw invalidArgument('keep is for receivers that are named, and recvIds is "everyone".');
  return outgoing('system', fields, 'everyone', limits);
}

/** What is the same in all kinds. Written out, as are the fields. */
function outgoing(
  kind: MessageKind,
  fields: MessageFields,
  ids: readonly string[] | 'everyone',
  limits: MessageLimits,
): OutgoingMessage {
  const sender = kind === 'system' ? undefined : checkSender(fields.sender);
  const sendToSelf = checkFlag('sendToSelf', fields.sendToSelf, true);
  const terminals = checkTerminals('recvTerminals', fields.recvTerminals, limits);
  return {
    kind,
    senderText: sender && (encodeAddress(sender) as ByteText),
    senderId: sender?.id,
    sendResult: checkFlag('sendResult', fields.sendResult, true),
    receivers: ids === 'everyone' ? nobody : addressesOf(ids, terminals),
    copies: sender && sendToSelf ? otherDevices(sender, limits.terminals) : nobody,
    everyoneOn: ids === 'everyone' ? terminals : undefined,
    topic: undefined,
    messageId: checkMessageId(fields.messageId),
    keep: checkKeep(fields.keep),
    expiresInMs: checkExpiry(fields.expiresInMs),
    replaces: checkName('replaces', fields.replaces),
    isHigh: checkPriority(fields.priority),
    dataText: checkData(fields.data, limits),
  };
}

function otherDevices({ id, terminal }: DeviceAddress, terminals: readonly number[]): DeviceAddress[] {
  const others: DeviceAddress[] = [];
  for (const other of terminals) if (other !== terminal) others.push({ id, terminal: other });
  return others;
}
