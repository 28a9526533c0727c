import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchivePlace } from './archive.ts';
import type { ArchiveRecords } from './archive-records.ts';

/** Whoever began to write a file so long ago has died. */
const longestWriteMs = 3_600_000;

/**
 * What somebody had begun to write who has died since, here or where archives are: whose words are in it nobody knows, so it must not
 * be left behind.
 */
export async function removeUnwritten(
  { store, incoming }: ArchivePlace,
  records: Pick<ArchiveRecords, 'all' | 'forget'>,
): Promise<void> {
  const before = Date.now() - longestWriteMs;
  for (const { name, createdTime } of await records.all('writing')) {
    if (createdTime > before) continue;
    await store.delete(name);
    await records.forget(name);
  }
  for (const name of await readdir(incoming).catch(nothingThere)) {
    const part = join(incoming, name);
    const found = await stat(part).catch(nothingThere);
    if ('mtimeMs' in found && found.mtimeMs <= before) await rm(part, { recursive: true, force: true });
  }
}

function nothingThere(error: unknown): never[] {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  return [];
}
