import { ImError, toUserId, type DeviceAddress, type MessageKind, type UserId } from 'im-common';
import { encodeAddress, type ByteText } from 'im-common/bus';
import { toDataText, type JsonText } from '../json-text.ts';
import { isTerminal } from '../options.ts';

/** Who sends: the copies for the sender's other devices leave out this terminal. */
export interface Sender {
  readonly id: UserId;
  readonly terminal: number;
}

interface MessageCommon<T> {
  /** The terminals of each receiver. @default the client's `terminals` */
  readonly recvTerminals?: readonly number[] | undefined;
  /** Whether results are wanted. @default true */
  readonly sendResult?: boolean | undefined;
  /** The payload: anything that JSON can express, or `jsonText(…)`. It reaches the device as it is. */
  readonly data: T | JsonText;
}

interface FromUser<T> extends MessageCommon<T> {
  readonly sender: Sender;
  /** Whether the sender's other online devices get a copy (without a result). @default true */
  readonly sendToSelf?: boolean | undefined;
}

export interface PrivateMessage<T = unknown> extends FromUser<T> {
  /** Null sends nothing but the copies for the sender's own devices. */
  readonly recvId: UserId | null;
}

export interface GroupMessage<T = unknown> extends FromUser<T> {
  /** The members. One that is named twice gets the message once. */
  readonly recvIds: readonly UserId[];
}

export interface SystemMessage<T = unknown> extends MessageCommon<T> {
  /** `'everyone'` is every device that is online on one of the terminals. */
  readonly recvIds: readonly UserId[] | 'everyone';
}

/** A message of any kind, checked, with ids as strings and the payload as text. */
export interface OutgoingMessage {
  readonly kind: MessageKind;
  readonly dataText: ByteText;
  readonly senderText: ByteText | undefined;
  readonly sendResult: boolean;
  readonly receivers: readonly DeviceAddress[];
  /** The sender's other terminals. */
  readonly copies: readonly DeviceAddress[];
  readonly everyoneOn: readonly number[] | undefined;
}

export interface MessageLimits {
  readonly terminals: readonly number[];
  readonly maxMessageBytes: number;
}

const nobody: readonly DeviceAddress[] = [];

export function checkPrivate(message: PrivateMessage, limits: MessageLimits): OutgoingMessage {
  const { recvId } = message;
  return fromUser('private', message, recvId === null ? [] : [recvId], limits);
}

export function checkGroup(message: GroupMessage, limits: MessageLimits): OutgoingMessage {
  return fromUser('group', message, message.recvIds, limits);
}

export function checkSystem(message: SystemMessage, limits: MessageLimits): OutgoingMessage {
  const terminals = checkTerminals(message.recvTerminals, limits);
  return {
    kind: 'system',
    dataText: checkData(message.data, limits),
    senderText: undefined,
    sendResult: message.sendResult ?? true,
    receivers: message.recvIds === 'everyone' ? nobody : addressesOf(message.recvIds, terminals),
    copies: nobody,
    everyoneOn: message.recvIds === 'everyone' ? terminals : undefined,
  };
}

function fromUser(
  kind: MessageKind,
  message: FromUser<unknown>,
  recvIds: readonly UserId[],
  limits: MessageLimits,
): OutgoingMessage {
  const sender = checkSender(message.sender);
  return {
    kind,
    dataText: checkData(message.data, limits),
    senderText: encodeAddress(sender) as ByteText,
    sendResult: message.sendResult ?? true,
    receivers: addressesOf(recvIds, checkTerminals(message.recvTerminals, limits)),
    copies: (message.sendToSelf ?? true) ? otherDevices(sender, limits.terminals) : nobody,
    everyoneOn: undefined,
  };
}

function checkData(data: unknown, { maxMessageBytes }: MessageLimits): ByteText {
  const text = toDataText(data);
  if (text.length <= maxMessageBytes) return text;
  throw new ImError(
    'MESSAGE_TOO_LARGE',
    `data has ${text.length} bytes as JSON; maxMessageBytes is ${maxMessageBytes}. Send a reference to large content instead.`,
  );
}

function checkSender(sender: unknown): DeviceAddress {
  const { id, terminal } = (sender ?? {}) as Partial<Sender>;
  return { id: checkId('sender.id', id), terminal: checkTerminal('sender.terminal', terminal) };
}

function checkList(name: string, value: unknown): void {
  if (!Array.isArray(value))
    throw new ImError('INVALID_ARGUMENT', `${name}: got ${describe(value)}, expected a list.`);
}

function checkId(name: string, id: unknown): string {
  if (typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint') return toUserId(id);
  throw new ImError('INVALID_ARGUMENT', `${name} is ${describe(id)}, expected a user id.`);
}

function checkTerminal(name: string, terminal: unknown): number {
  if (isTerminal(terminal)) return terminal;
  throw new ImError('INVALID_ARGUMENT', `${name} is ${describe(terminal)}, expected an integer.`);
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

export function checkTerminals(
  terminals: readonly number[] | undefined,
  defaults: Pick<MessageLimits, 'terminals'>,
): readonly number[] {
  if (terminals === undefined) return defaults.terminals;
  checkList('The terminals', terminals);
  for (const terminal of terminals) checkTerminal('A receiving terminal', terminal);
  return [...new Set(terminals)];
}

export function addressesOf(ids: readonly UserId[], terminals: readonly number[]): DeviceAddress[] {
  checkList('The user ids', ids);
  const addresses: DeviceAddress[] = [];
  const texts = ids.map((id) => checkId('A user id', id));
  for (const id of texts.length > 1 ? new Set(texts) : texts) {
    for (const terminal of terminals) addresses.push({ id, terminal });
  }
  return addresses;
}

function otherDevices({ id, terminal }: DeviceAddress, terminals: readonly number[]): DeviceAddress[] {
  const others: DeviceAddress[] = [];
  for (const other of terminals) if (other !== terminal) others.push({ id, terminal: other });
  return others;
}
