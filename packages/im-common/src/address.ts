import { show } from './checks/show.ts';
import { ImError } from './errors.ts';

/**
 * A user id as callers may write it. 64-bit integers (as box-im's Java parts need them), or other short ids such as
 * UUIDs. Inside and in results an id is always a string: `9007199254740993` does not survive as a number.
 */
export type UserId = number | bigint | string;

/** Box-im's terminal codes. Servers and clients take further ones by their `terminals` option. */
export const Terminal = { WEB: 0, APP: 1, PC: 2, UNKNOWN: -1 } as const;

/** The terminals that a push goes to when none are named (contract B.5). */
export const defaultTerminals: readonly number[] = [
  Terminal.WEB,
  Terminal.APP,
  Terminal.PC,
  Terminal.UNKNOWN,
];

/** One terminal of one user: the address of at most one connected device. */
export interface DeviceAddress {
  readonly id: string;
  readonly terminal: number;
}

const integerId = /^(?:0|-?[1-9]\d{0,18})$/;
const bareId = /^-?\d{1,19}$/;
const otherId = /^[\w.@-]{1,64}$/;
const largestInteger = '9223372036854775807';

/** What a user id may be, to follow "expected". */
export const userIdForm =
  'a 64-bit integer (beyond 2^53 as a bigint or a string), or 1 to 64 characters out of A-Z a-z 0-9 _ . @ -';

/** The id as a string, or an INVALID_ARGUMENT that says why it is none. */
export function toUserId(id: UserId): string {
  const text = readUserId(id);
  if (text !== undefined) return text;
  throw new ImError('INVALID_ARGUMENT', `The user id is ${show(id)}; expected ${userIdForm}.`);
}

/** The id as a string, or undefined: callers may be JavaScript, and pass anything. */
export function readUserId(id: unknown): string | undefined {
  switch (typeof id) {
    case 'string':
      return isUserId(id) ? id : undefined;
    case 'number':
      return Number.isSafeInteger(id) ? String(id) : undefined;
    case 'bigint':
      return BigInt.asIntN(64, id) === id ? String(id) : undefined;
    default:
      return undefined;
  }
}

export function isUserId(text: string): boolean {
  return otherId.test(text);
}

/** Whether the id is a number to Java too, which has 64 bits for it. Box-im's parts know no other ids. */
export function isIntegerId(id: string): boolean {
  if (!integerId.test(id)) return false;
  if (id.length < largestInteger.length) return true;
  const digits = id.startsWith('-') ? id.slice(1) : id;
  return digits.length < largestInteger.length || digits <= largestInteger;
}

/** The id as it stands in JSON: integers bare, so that Java reads a long; anything else quoted. */
export function userIdToJson(id: string): string {
  return isIntegerId(id) ? id : `"${id}"`;
}

/** Reads an id as {@link userIdToJson} writes it, or a quoted integer; undefined for anything else, such as `null` or `1.5`. */
export function userIdFromJson(text: string): string | undefined {
  const id = text.startsWith('"') ? text.slice(1, -1) : text;
  return (id === text ? bareId : otherId).test(id) ? id : undefined;
}

/** The address as one string, for maps and for the presence key (contract B.2). */
export function addressKey(id: string, terminal: number): string {
  return `${id}:${terminal}`;
}

/** Reads what {@link addressKey} writes; undefined for anything else. */
export function readAddressKey(key: string): DeviceAddress | undefined {
  const [, id = '', terminal] = /^([^:]+):(-?\d{1,9})$/.exec(key) ?? [];
  return isUserId(id) ? { id, terminal: Number(terminal) } : undefined;
}
