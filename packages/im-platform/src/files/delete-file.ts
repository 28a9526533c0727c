import type { FileRecords, StoredFile } from './file-records.ts';
import type { FileStore } from './file-store.ts';

export interface DeleteDeps {
  readonly records: Pick<FileRecords, 'remove'>;
  readonly store: Pick<FileStore, 'delete'>;
}

/** The bytes first, so that a row without bytes cannot be left behind. */
export async function deleteFile(
  { records, store }: DeleteDeps,
  { id, filePath, compressedPath }: StoredFile,
): Promise<void> {
  await store.delete(filePath);
  if (compressedPath !== null) await store.delete(compressedPath);
  await records.remove(id);
}
