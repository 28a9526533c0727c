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

/** The id as a string, or an INVALID_ARGUMENT that says why it is none. */
export function toUserId(id: UserId): string {
  if (typeof id === 'number' && !Number.isSafeInteger(id)) {
    throw new ImError(
      'INVALID_ARGUMENT',
      `The user id ${id} is not a safe integer. Pass ids beyond 2^53 as a bigint or a string.`,
    );
  }
  // Callers may be JavaScript: undefined would become the user "undefined".
  const text = ['number', 'bigint', 'string'].includes(typeof id) ? String(id) : '';
  if (isUserId(text)) return text;
  throw new ImError(
    'INVALID_ARGUMENT',
    `${JSON.stringify(text.slice(0, 80))} is not a user id. Expected a 64-bit integer, or 1 to 64 characters out of A-Z a-z 0-9 _ . @ -`,
  );
}

export function isUserId(text: string): boolean {
  return integerId.test(text) || otherId.test(text);
}

/** The id as it stands in JSON: integers bare, so that Java reads a long; anything else quoted. */
export function userIdToJson(id: string): string {
  return integerId.test(id) ? id : `"${id}"`;
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
