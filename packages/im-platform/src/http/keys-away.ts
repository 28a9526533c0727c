import { Refusal } from './refusal.ts';
import { KeysAway } from '../db/sealing.ts';

const retryAfterS = 5;

export function isKeysAway(error: unknown): boolean {
  return error instanceof KeysAway;
}

/** What those are told who wait for a key. */
export function keysAway(): Refusal {
  return new Refusal('keysAway', { code: 503, retryAfterS });
}
