import type { FileRecords, StoredFile } from './file-records.ts';
import type { FileStore } from './file-store.ts';

export interface DeleteDeps {
  readonly records: Pick<FileRecords, 'letGo' | 'remove'>;
  readonly store: Pick<FileStore, 'delete'>;
}

/** The bytes first, so that a row without bytes cannot be left behind; and they stay while another row has them. */
export async function deleteFile(
  { records, store }: DeleteDeps,
  { id }: Pick<StoredFile, 'id'>,
): Promise<void> {
  const bytes = await records.letGo(id);
  if (!bytes) return;
  await store.delete(bytes.filePath);
  if (bytes.compressedPath !== null) await store.delete(bytes.compressedPath);
  await records.remove(id);
}
