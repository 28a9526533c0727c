import { userIdFromJson, userIdToJson, type DeviceAddress } from '../address.ts';
import { commandOfKind, type MessageKind } from '../protocol/command.ts';
import { isUtf8 } from 'node:buffer';
import { fromByteText, isAscii, toByteText, type ByteText } from './byte-text.ts';
import { encodeExtras, readExtras, type EntryExtras } from './extras.ts';
import {
  eachItemOf,
  eachMemberOf,
  maxDepth,
  resolveReference,
  scanObject,
  ScanError,
  skipValue,
} from './json-scan.ts';

/** What lies on a message list: one message for all its receivers on one server (contract B.3; PROTOCOL.md, P-6). */
export interface Entry {
  /** The payload's bytes, as the sender wrote them. Never parsed by the server. */
  readonly dataText: ByteText;
  readonly receivers: readonly DeviceAddress[];
  /** Instead of `receivers`: every online device of these terminals. */
  readonly everyoneOn?: readonly number[] | undefined;
  readonly senderText?: ByteText | undefined;
  readonly sendResult: boolean;
  /** Names the result list. Absent when no result is wanted. */
  readonly serviceName?: string | undefined;
  /** Identity that survives every repetition. Entries that Java wrote have none. */
  readonly messageId?: string | undefined;
  /** 1, and one more for each time that the entry was rerouted. */
  readonly attempt: number;
  /** When the sender put it on the bus, in its own epoch milliseconds. */
  readonly queuedAt?: number | undefined;
  /** What only entries of some features have. */
  readonly extras?: EntryExtras | undefined;
}

/** An entry that cannot be pushed, with whatever could be read of it, so that its sender gets a result. */
export class PoisonError extends Error {
  readonly salvaged: Partial<Entry>;

  constructor(problem: string, salvaged: Partial<Entry>, cause?: unknown) {
    super(problem, { cause });
    this.salvaged = salvaged;
  }
}

export function encodeAddress(address: DeviceAddress): string {
  return `{"id":${userIdToJson(address.id)},"terminal":${address.terminal}}`;
}

/** Keys in the order that is cheapest for the reader: `data`, the only long one, last. Java does not mind (contract B.1). */
export function encodeEntry(kind: MessageKind, entry: Entry): ByteText {
  const receivers = entry.receivers.map(encodeAddress).join(',');
  return `${beforeReceivers(kind, entry)}${receivers}${behindReceivers(entry)}${dataAtEnd(entry)}` as ByteText;
}

/** The text of an entry up to its receivers … */
export function beforeReceivers(
  kind: MessageKind,
  { attempt, messageId, queuedAt }: Pick<Entry, 'attempt' | 'messageId' | 'queuedAt'>,
): ByteText {
  let text = `{"cmd":${commandOfKind[kind]}`;
  if (messageId !== undefined) text += `,"messageId":${quoted(messageId)}`;
  if (attempt > 1) text += `,"attempt":${attempt}`;
  if (queuedAt !== undefined) text += `,"queuedAt":${queuedAt}`;
  return `${text},"receivers":[` as ByteText;
}

/** … what follows them … */
export function behindReceivers(
  entry: Pick<Entry, 'everyoneOn' | 'sendResult' | 'senderText' | 'serviceName' | 'extras'>,
): ByteText {
  let text = ']';
  if (entry.everyoneOn) text += `,"everyoneOn":[${entry.everyoneOn.join(',')}]`;
  text += `,"sendResult":${entry.sendResult}`;
  if (entry.senderText !== undefined) text += `,"sender":${entry.senderText}`;
  if (entry.serviceName !== undefined) {
    text += `,"serviceName":${quoted(entry.serviceName)}`;
  }
  if (entry.extras) text += `,"x":${encodeExtras(entry.extras)}`;
  return text as ByteText;
}

/** … and its end. */
export function dataAtEnd({ dataText }: Pick<Entry, 'dataText'>): ByteText {
  return `,"data":${dataText}}` as ByteText;
}

const plainText = /^[\w:.@-]*$/;

/** A string as it stands in JSON on the bus. */
export function quoted(text: string): ByteText {
  return plainText.test(text) ? (`"${text}"` as ByteText) : toByteText(JSON.stringify(text));
}

/** Mutable while the members of an entry are being read. */
interface Draft {
  dataText?: ByteText;
  receiversText?: string;
  everyoneOn?: number[];
  senderText?: string;
  sendResult: boolean;
  serviceName?: string;
  messageId?: string;
  attempt: number;
  queuedAt?: number;
  extras?: EntryExtras;
}

/** Reads an entry, of im-client or of box-im, or throws a {@link PoisonError}. */
export function decodeEntry(text: ByteText): Entry {
  return decodeOwnEntry(text) ?? decodeAnyEntry(text);
}

// What `encodeEntry` writes, but for characters and keys that are rare: before the receivers, and between them and `data`.
const ownHead =
  /\{"cmd":\d{1,9}(?:,"messageId":"([\w:.@-]{1,128})")?(?:,"attempt":(\d{1,15}))?(?:,"queuedAt":(\d{1,15}))?,"receivers":\[/y;
const ownTail =
  /,"sendResult":(true|false)(?:,"sender":(\{"id":(?:-?\d{1,19}|"[\w.@-]{1,64}"),"terminal":-?\d{1,9}\}))?(?:,"serviceName":"([\w:.@-]{1,128})")?(?:,"x":(\{[^{}]*\}))?,"data":/y;
/** `{"id":2,"terminal":0}` with nothing else in it, as both SDKs write it. */
const plainAddress = /\{"id":(?:(-?\d{1,19})|"([\w.@-]{1,64})"),"terminal":(-?\d{1,9})\}([,\]])/y;
/** All three at once, as most messages have one receiver. */
const ownToOne = new RegExp(ownHead.source + plainAddress.source + ownTail.source, 'y');

/** Half of what a message costs would be the scan of its entry: our own are recognised by their shape. Undefined for others. */
function decodeOwnEntry(text: ByteText): Entry | undefined {
  return decodeOwnEntryToOne(text) ?? decodeOwnEntryToMany(text);
}

function decodeOwnEntryToOne(text: ByteText): Entry | undefined {
  ownToOne.lastIndex = 0;
  const match = ownToOne.exec(text);
  if (!match) return undefined;
  const dataText = dataFrom(text, ownToOne.lastIndex);
  if (dataText === undefined) return undefined;
  const [, messageId, attempt, queuedAt, integerId, otherId, terminal, end] = match;
  const [sendResult, sender, serviceName, extrasText] = [match[8], match[9], match[10], match[11]];
  if (end !== ']') return undefined;
  const extras = extrasText === undefined ? undefined : plainExtras(extrasText);
  if (extras === unreadable) return undefined;
  return {
    dataText,
    receivers: [{ id: integerId ?? otherId ?? '', terminal: Number(terminal) }],
    senderText: sender as ByteText | undefined,
    sendResult: sendResult === 'true',
    serviceName,
    messageId,
    attempt: attempt === undefined ? 1 : Number(attempt),
    queuedAt: queuedAt === undefined ? undefined : Number(queuedAt),
    extras,
  };
}

function decodeOwnEntryToMany(text: ByteText): Entry | undefined {
  ownHead.lastIndex = 0;
  const head = ownHead.exec(text);
  const receivers = head && readPlainAddresses(text, ownHead.lastIndex);
  if (!receivers) return undefined;
  ownTail.lastIndex = receivers.end;
  const tail = ownTail.exec(text);
  const dataText = tail ? dataFrom(text, ownTail.lastIndex) : undefined;
  if (!tail || dataText === undefined) return undefined;
  const [, messageId, attempt, queuedAt] = head;
  const [, sendResult, sender, serviceName, extrasText] = tail;
  const extras = extrasText === undefined ? undefined : plainExtras(extrasText);
  if (extras === unreadable) return undefined;
  return {
    dataText,
    receivers: receivers.addresses,
    senderText: sender as ByteText | undefined,
    sendResult: sendResult === 'true',
    serviceName,
    messageId,
    attempt: attempt === undefined ? 1 : Number(attempt),
    queuedAt: queuedAt === undefined ? undefined : Number(queuedAt),
    extras,
  };
}

const unreadable = Symbol('unreadable');

function plainExtras(text: string): EntryExtras | typeof unreadable {
  try {
    return readExtras(text as ByteText);
  } catch {
    return unreadable; // The slow way says what is wrong.
  }
}

/** The rest of the entry's text, if it is one JSON value and the closing brace. */
function dataFrom(text: ByteText, start: number): ByteText | undefined {
  const end = text.length - 1;
  if (text.charCodeAt(end) !== closeBrace || !isValueUntil(text, start, end) || !isText(text))
    return undefined;
  return text.slice(start, end) as ByteText;
}

const closeBrace = 0x7d;

/** The entry is around it. */
const depthOfData = 1;

/** Whether `data` is nested so deep that {@link decodeEntry} would not read it. */
export function isTooDeep(dataText: ByteText): boolean {
  // Each level takes two characters.
  return dataText.length > 2 * maxDepth && !isValueUntil(dataText, 0, dataText.length);
}

function isValueUntil(text: string, start: number, end: number): boolean {
  try {
    return skipValue(text, start, depthOfData) === end;
  } catch {
    return false; // The slow way says what is wrong.
  }
}

function decodeAnyEntry(text: ByteText): Entry {
  const draft: Draft = { sendResult: false, attempt: 1 };
  try {
    eachMemberOf(text, (key, value) => {
      readMember(draft, key, value);
    });
    // After the members, so that there is somebody to tell.
    if (!isText(text)) throw new ScanError('Not UTF-8', 0);
    const receivers = draft.receiversText === undefined ? [] : readReceivers(text, draft.receiversText);
    const { receiversText: _, senderText, ...rest } = draft;
    const sender = senderText === undefined ? undefined : dereference(text, senderText);
    return { dataText: 'null' as ByteText, ...rest, receivers, senderText: sender as ByteText | undefined };
  } catch (cause) {
    if (!(cause instanceof ScanError)) throw cause;
    throw new PoisonError(cause.message, salvage(text, draft), cause);
  }
}

function readMember(draft: Draft, key: string, value: string): void {
  if (key === 'data') draft.dataText = value as ByteText;
  // Absent and null are the same: fastjson leaves nulls out, others may not.
  if (value === 'null') return;
  switch (key) {
    case 'receivers':
      draft.receiversText = value;
      return;
    case 'sender':
      draft.senderText = value;
      return;
    case 'sendResult':
      draft.sendResult = readBoolean(value);
      return;
    case 'serviceName':
      draft.serviceName = readString(key, value);
      return;
    case 'messageId':
      draft.messageId = readString(key, value);
      return;
    case 'attempt':
      draft.attempt = readInteger(key, value);
      return;
    case 'queuedAt':
      draft.queuedAt = readInteger(key, value);
      return;
    case 'x':
      draft.extras = readExtras(value as ByteText);
      return;
    case 'everyoneOn': {
      const terminals: number[] = [];
      eachItemOf(value, (item) => terminals.push(readInteger(key, item)));
      draft.everyoneOn = terminals;
      return;
    }
    default: // cmd says what the list says already; unknown keys are somebody else's extensions.
  }
}

function readBoolean(value: string): boolean {
  if (value === 'true' || value === '"true"' || value === '1') return true;
  if (value === 'false' || value === '"false"' || value === '0') return false;
  throw new ScanError(`sendResult is ${value.slice(0, 40)}, expected true or false`, 0);
}

function readString(key: string, value: string): string {
  if (!value.startsWith('"')) throw new ScanError(`${key} is not a string`, 0);
  const text = fromByteText(value);
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1);
}

const integerText = /^"?(-?\d{1,15})"?$/;

function readInteger(key: string, value: string): number {
  const match = integerText.exec(value);
  if (!match) throw new ScanError(`${key} is ${value.slice(0, 40)}, expected an integer`, 0);
  return Number(match[1]);
}

function readReceivers(root: string, text: string): DeviceAddress[] {
  const plain = readPlainAddresses(text, 1);
  if (plain?.end === text.length) return plain.addresses;
  return readUnusualReceivers(root, dereference(root, text));
}

interface PlainAddresses {
  readonly addresses: DeviceAddress[];
  /** Behind the "]". */
  readonly end: number;
}

/** Reads addresses up to the "]" behind them; undefined when something else is among them. */
export function readPlainAddresses(text: string, start: number): PlainAddresses | undefined {
  let addresses: DeviceAddress[] | undefined;
  plainAddress.lastIndex = start;
  for (let match; (match = plainAddress.exec(text));) {
    const address = { id: match[1] ?? match[2] ?? '', terminal: Number(match[3]) };
    (addresses ??= []).push(address);
    if (match[4] === ']') return { addresses, end: plainAddress.lastIndex };
  }
  return undefined;
}

function readUnusualReceivers(root: string, text: string): DeviceAddress[] {
  const receivers: DeviceAddress[] = [];
  eachItemOf(text, (item) => receivers.push(readAddress(dereference(root, item))));
  return receivers;
}

/** Reads `{"id":…,"terminal":…}` in any order, with numeric strings and unknown keys, as fastjson does. */
export function readAddress(text: string): DeviceAddress {
  const members = scanObject(text);
  const idText = members.get('id') ?? 'null';
  const id = userIdFromJson(idText);
  if (id === undefined) throw new ScanError(`${idText.slice(0, 80)} is not a user id`, 0);
  return { id, terminal: readInteger('terminal', members.get('terminal') ?? 'null') };
}

const reference = /^\{\s*"\$ref"\s*:\s*"([^"\\]*)"\s*\}$/;

function dereference(root: string, text: string): string {
  const path = reference.exec(text)?.[1];
  return path === undefined ? text : resolveReference(root, path);
}

/** The result of a bad entry needs receivers and a service; a bad `data` is left out. */
function salvage(text: ByteText, draft: Draft): Partial<Entry> {
  const { receiversText, dataText, senderText, ...rest } = draft;
  let receivers: DeviceAddress[] = [];
  try {
    if (receiversText !== undefined) receivers = readReceivers(text, receiversText);
  } catch {
    // The receivers may be what is wrong with it.
  }
  // What is no text must not go into a result, which nobody could read then.
  if (!isText(text)) return { ...rest, receivers };
  const sender = senderText as ByteText | undefined;
  return { ...rest, receivers, ...(dataText !== undefined && { dataText }), senderText: sender };
}

function isText(bytes: ByteText): boolean {
  return isAscii(bytes) || isUtf8(Buffer.from(bytes, 'latin1'));
}
