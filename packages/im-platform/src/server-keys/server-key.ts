import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ServerScope } from './scopes.ts';

/** A key of another back end, as the table has it. Times are epoch milliseconds. */
export interface ServerKey {
  /** The part of the key that anybody may see. */
  readonly id: string;
  /** Whose it is, for people. */
  readonly name: string;
  readonly scopes: readonly ServerScope[];
  /** Requests in a minute. */
  readonly perMinute: number;
  readonly hash: string;
  /** Of the key before this one, which is good until then. */
  readonly formerHash: string | null;
  readonly formerEndTime: number | null;
  readonly createdTime: number;
  /** To a minute. */
  readonly usedTime: number | null;
  /** Null: it does not end by itself. */
  readonly endTime: number | null;
  readonly revokedTime: number | null;
}

/** It begins so that whoever looks for secrets in code finds it. */
const form = /^imk_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

export function newId(): string {
  return randomBytes(8).toString('hex');
}

/** A whole key; what is kept of it is its hash. */
export function newSecret(id: string): string {
  return `imk_${id}_${randomBytes(32).toString('base64url')}`;
}

/** Which one it says to be; undefined when it is no key at all. */
export function idIn(shown: string): string | undefined {
  return form.exec(shown)?.[1];
}

/** Nobody guesses 32 random bytes, so they need no slow hash. */
export function hashOf(shown: string): string {
  return createHash('sha256').update(shown).digest('base64url');
}

/** Whether what was shown is the key, or the one before it within its grace, and the key still counts. */
export function isGood(key: ServerKey, shown: string, now: number): boolean {
  const hash = hashOf(shown);
  const former = now < (key.formerEndTime ?? 0) ? (key.formerHash ?? '') : '';
  // Both are compared, in the same time wherever they differ.
  const fits = [isEqual(hash, key.hash), isEqual(hash, former)];
  return fits.includes(true) && key.revokedTime === null && now < (key.endTime ?? Infinity);
}

function isEqual(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other.padEnd(one.length))];
  return first.length === second.length && timingSafeEqual(first, second);
}
