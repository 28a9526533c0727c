import { ImError } from 'im-client';
import { isUnavailable } from './db/database.ts';

/** Whether the database or the bus is away, so that the same may work later. */
export function isOutage(error: unknown): boolean {
  return isUnavailable(error) || (error instanceof ImError && error.code === 'BUS_UNAVAILABLE');
}
