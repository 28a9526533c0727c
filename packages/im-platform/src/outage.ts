import { ImError } from 'im-client';
import { isUnavailable } from './db/database.ts';
import { LaneMoved } from './db/lane-fences.ts';
import { FileStoreError } from './files/file-store.ts';

/** Whether the database, the bus or the store of files is away, or too much waits for it, so that the same may work later. */
export function isOutage(error: unknown): boolean {
  if (isUnavailable(error) || error instanceof FileStoreError || error instanceof LaneMoved) return true;
  return error instanceof ImError && (error.code === 'BUS_UNAVAILABLE' || error.code === 'OVERLOADED');
}
