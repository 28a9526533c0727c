import type { DeviceAddress } from '../address.ts';
import { Command } from '../protocol/command.ts';
import { fromByteText, toByteText, type ByteText } from './byte-text.ts';
import { encodeAddress, quoted } from './entry.ts';
import { scanObject } from './json-scan.ts';

/** What lies on the list of a service: what a device said (P-14.2). */
export interface UplinkEntry {
  readonly sender: DeviceAddress;
  /** The session that its token names. */
  readonly session?: string | undefined;
  readonly box: string;
  readonly n: number;
  /** The device waits for a reply. */
  readonly asks: boolean;
  /** When a server took it, in its epoch milliseconds. */
  readonly at: number;
  readonly dataText: ByteText;
}

/** An uplink as it was read from its list, `data` parsed. */
export interface ReadUplink extends Omit<UplinkEntry, 'dataText'> {
  /** The entry that it was read from. */
  readonly text: ByteText;
  readonly data: unknown;
}

export function encodeUplink({ sender, session, box, n, asks, at, dataText }: UplinkEntry): ByteText {
  const ofSession = session === undefined ? '' : `,"session":${quoted(session)}`;
  return `{"sender":${encodeAddress(sender)}${ofSession},"box":${quoted(box)},"n":${n},"ask":${asks},"at":${at},"data":${dataText}}` as ByteText;
}

/** Throws what says why it is none. */
export function decodeUplink(text: ByteText): ReadUplink {
  const value: unknown = JSON.parse(fromByteText(text));
  const { sender, session, box, n, ask, at, data } = (value ?? {}) as Record<string, unknown>;
  const { id, terminal } = (sender ?? {}) as Record<string, unknown>;
  if (typeof id !== 'string' && typeof id !== 'number') throw new TypeError('The uplink has no sender');
  if (typeof terminal !== 'number') throw new TypeError('The uplink has no terminal');
  if (typeof box !== 'string' || typeof n !== 'number') throw new TypeError('The uplink has no number');
  return {
    sender: { id: senderId(text) ?? String(id), terminal },
    session: typeof session === 'string' ? session : undefined,
    box,
    n,
    asks: ask === true,
    at: typeof at === 'number' ? at : 0,
    data,
    text,
  };
}

/** `data` as it was written. */
export function dataTextOf(text: ByteText): string {
  return fromByteText(scanObject(text).get('data') ?? 'null');
}

/** Digits as they stand there: an id of 64 bits is more than a number holds. */
function senderId(text: ByteText): string | undefined {
  return /^\{"sender":\{"id":(-?\d+),/.exec(text)?.[1];
}

/** Whose answer it is: the `data` of the frame that brings it to the device begins with it. */
export interface AnsweredUplink {
  readonly to: string;
  readonly box: string;
  readonly n: number;
}

/** The `data` of an answer. `rest` is what follows the number, such as `"reply":{…}`; without it all up to the number is stored. */
export function encodeUplinkAnswer({ to, box, n }: AnsweredUplink, rest = ''): ByteText {
  const tail = rest === '' ? '' : `,${rest}`;
  return `{"to":${quoted(to)},"box":${quoted(box)},"n":${n}${tail}}` as ByteText;
}

/** Where the reply to a request goes, and its name. */
export interface ReplyTo {
  readonly request: string;
  readonly instance: string;
  /** Of several sessions that one. */
  readonly session?: string | undefined;
}

/** An entry for the server of a device that is no message: its `cmd` says what it is (P-14.6, P-14.9). */
export function encodeCall(
  cmd: number,
  receiver: DeviceAddress,
  dataText: ByteText,
  replyTo?: ReplyTo,
): ByteText {
  const request = replyTo ? `,"messageId":${quoted(replyTo.request)}` : '';
  const instance = replyTo ? `,"serviceName":${quoted(replyTo.instance)}` : '';
  const extras = replyTo?.session === undefined ? '' : `,"x":{"session":${quoted(replyTo.session)}}`;
  return `{"cmd":${cmd}${request},"receivers":[${encodeAddress(receiver)}],"sendResult":false${instance}${extras},"data":${dataText}}` as ByteText;
}

/** The command of an entry that is no message; undefined for a message, our own or box-im's. */
export function commandOfCall(text: ByteText): number | undefined {
  // Messages have one digit. Looked at before anything else is, for every entry: one character.
  if (text.charCodeAt(7) !== digitTwo) return undefined;
  const [, digits] = /^\{"cmd":(2\d),/.exec(text) ?? [];
  const cmd = Number(digits);
  return cmd === Command.UPLINK_ANSWER || cmd === Command.REQUEST ? cmd : undefined;
}

const digitTwo = 0x32;

/** A text as a member of an answer: `"error":"…"`. */
export function errorMember(code: string, reason?: string): ByteText {
  const why = reason === undefined ? '' : `,"reason":${JSON.stringify(reason)}`;
  return toByteText(`"error":${JSON.stringify(code)}${why}`);
}
