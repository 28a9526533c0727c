import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Database } from '../db/database.ts';
import { PlatformError } from '../platform-error.ts';
import type { FileStore } from './file-store.ts';
import { LocalFileStore } from './file-store.ts';
import { openFileStore, type FileStoreOptions } from './open-file-store.ts';
import { UploadFolder } from './upload-folder.ts';

const atOnce = 200;
const parallel = 4;

interface Row {
  readonly id: number;
  readonly filePath: string;
  readonly compressedPath: string | null;
  readonly contentId: number | null;
}

/**
 * Moves what rows of the table of files know from the folder into the bucket. A file is deleted in the folder when it is in the bucket as a whole,
 * so this may be cut off at any time, and called again; platforms may run meanwhile, if they know of both places.
 */
export async function moveFiles(
  { sql }: Pick<Database, 'sql'>,
  options: FileStoreOptions,
  say: (line: string) => void,
): Promise<void> {
  const { s3From, filesDir } = options;
  if (s3From === undefined)
    throw new PlatformError(
      'INVALID_OPTION',
      'Say where the files are: --s3-from <folder>, beside --s3-bucket.',
    );
  const from = new LocalFileStore(s3From);
  const to = openFileStore({ ...options, s3From: undefined });
  const folder = new UploadFolder(join(filesDir, 'incoming'));
  let [moved, seen, after] = [0, 0, 0];
  try {
    await to.check();
    for (;;) {
      const rows = await sql('im_file_info as f')
        .leftJoin('im_file_content as c', 'c.id', 'f.contentId')
        .where('f.id', '>', after)
        .orderBy('f.id')
        .limit(atOnce)
        .select<Row[]>(
          ...['f.id as id', 'f.contentId as contentId'],
          // Where the bytes are, which several rows may have.
          sql.raw('coalesce(c.stored_path, f.file_path) as file_path'),
          sql.raw('case when c.id is null then f.compressed_path else c.stored_thumb end as compressed_path'),
        );
      const last = rows.at(-1);
      if (!last) break;
      const waiting = rows.values();
      const work = async (): Promise<void> => {
        for (const row of waiting) moved += await moveFile(row);
      };
      await Promise.all(Array.from({ length: parallel }, work));
      [after, seen] = [last.id, seen + rows.length];
      say(`${moved} moved, ${seen} files looked at`);
    }
  } finally {
    to.close();
  }

  async function moveFile({ id, filePath, compressedPath, contentId }: Row): Promise<number> {
    let count = 0;
    for (const key of new Set([filePath, compressedPath ?? filePath]))
      if (await moveKey(key, { from, to, folder })) count++;
    // Being deleted: whoever does so may have been before us in the bucket. Its hash goes first.
    const rows = sql('im_file_info').where(contentId === null ? { id } : { contentId });
    if (count > 0 && !(await rows.whereNotNull('hash').first('id')))
      for (const key of new Set([filePath, compressedPath ?? filePath])) await to.delete(key);
    return count;
  }
}

/** False: it is not there, and so has been moved. */
async function moveKey(
  key: string,
  { from, to, folder }: { from: FileStore; to: FileStore; folder: UploadFolder },
): Promise<boolean> {
  const size = await from.size(key);
  if (size === undefined) return false;
  if ((await to.size(key)) !== size) {
    const path = await folder.newPath();
    try {
      const content = await from.read(key, { start: 0, end: size - 1 });
      await pipeline(content, createWriteStream(path, { mode: 0o600 }));
      await to.put(key, path);
    } finally {
      await rm(path, { force: true });
    }
  }
  await from.delete(key);
  return true;
}
