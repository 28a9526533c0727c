import { databaseOf } from '../db/errors-of.ts';
import { LaneMoved } from '../db/lane-fences.ts';
import { Refusal } from './refusal.ts';

/** What whoever asked is told of it. */
export function outageRefusal(error: unknown): Refusal {
  if (error instanceof LaneMoved) return new Refusal('lanesMoving', { code: 503 });
  const database = databaseOf(error);
  return database === undefined
    ? new Refusal('unavailable', { code: 503 })
    : new Refusal('lanesAway', { code: 503, values: { database } });
}
