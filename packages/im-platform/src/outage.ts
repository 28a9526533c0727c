import { ImError } from 'im-client';
import { isUnavailable } from './db/database.ts';

/** Whether the database or the bus is away, or too much waits for it, so that the same may work later. */
export function isOutage(error: unknown): boolean {
  if (isUnavailable(error)) return true;
  return error instanceof ImError && (error.code === 'BUS_UNAVAILABLE' || error.code === 'OVERLOADED');
}
