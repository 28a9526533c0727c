import type { Database, Sql } from '../db/database.ts';
import { deleteFile } from '../files/delete-file.ts';
import type { FileType } from '../files/file-key.ts';
import type { FileRecords, StoredFile } from '../files/file-records.ts';
import type { FileStore } from '../files/file-store.ts';
import type { FileUsage, Storage } from '../files/file-usage.ts';
import { forgetPicture } from '../files/remove-file.ts';
import { Refusal } from '../http/refusal.ts';
import type { Note } from './admin-route.ts';
import { beginsSo } from './prefix.ts';

export interface FileAdminDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly records: FileRecords;
  readonly store: FileStore;
  readonly usage: FileUsage;
}

/** A file, as those who run the platform see it. */
export interface AdminFile extends StoredFile {
  readonly userId: number;
  readonly fileName: string;
  readonly fileType: FileType;
  readonly storedBytes: number;
  readonly uploadTime: number;
  readonly isPublic: number;
  readonly isUnscanned: number;
}

export interface FileUse {
  readonly userId: number;
  readonly bytes: number;
}

const columns = [
  ...(['id', 'filePath', 'compressedPath', 'userId', 'fileName', 'fileType'] as const),
  ...(['storedBytes', 'uploadTime', 'isPublic', 'isUnscanned'] as const),
] as const;

/** What admins see of files, and how they take one down. */
export class FileAdmin {
  readonly #deps: FileAdminDeps;

  constructor(deps: FileAdminDeps) {
    this.#deps = deps;
  }

  /** The newest first, those that can still be loaded. */
  async page(
    { prefix, userId }: { readonly prefix: string; readonly userId: number | undefined },
    beforeId: number,
    limit: number,
  ): Promise<AdminFile[]> {
    return this.#deps.database
      .sql('im_file_info')
      .whereNotNull('hash')
      .modify((query) => {
        if (userId !== undefined) void query.where({ userId });
        beginsSo(query, prefix, { columns: ['fileName'], id: 'id' });
      })
      .where('id', '<', beforeId)
      .orderBy('id', 'desc')
      .limit(limit)
      .select<AdminFile[]>(...columns);
  }

  /** Who takes up most first, from behind that one on. */
  async uses(after: FileUse | undefined, limit: number): Promise<FileUse[]> {
    return (
      this.#deps.database
        .sql('im_file_usage')
        // All of them together stand there, too.
        .where('userId', '>=', 0)
        .where('bytes', '>', 0)
        .modify((query) => {
          if (!after) return;
          const { bytes, userId } = after;
          void query.whereRaw('(bytes < ? or (bytes = ? and user_id < ?))', [bytes, bytes, userId]);
        })
        .orderBy([
          { column: 'bytes', order: 'desc' },
          { column: 'userId', order: 'desc' },
        ])
        .limit(limit)
        .select('userId', 'bytes')
    );
  }

  async storageOf(userId: number): Promise<Storage> {
    const { database, usage } = this.#deps;
    await mustBe(database.sql, userId);
    return usage.of(database.sql, userId);
  }

  /** Null: as much as everybody. */
  async limit(userId: number, mostBytes: number | null, note: Note): Promise<void> {
    const { database, usage } = this.#deps;
    await database.transaction(async (sql) => {
      await mustBe(sql, userId);
      await usage.setMost(sql, userId, mostBytes);
      await note(sql);
    });
  }

  /** Whatever shows it. Which messages do nobody knows without going through all of them; its address says what became of it. */
  async takeDown(id: number, note: Note): Promise<void> {
    const { database, records, store } = this.#deps;
    const files = await database.transaction(async (sql) => {
      const found = await sql('im_file_info')
        .where({ id })
        .forUpdate()
        .first<AdminFile | undefined>(...columns);
      if (!found) throw new Refusal('fileUnknown');
      const { filePath, compressedPath, userId, fileName } = found;
      const all = await records.takeDown(sql, id);
      if (found.isPublic === 1)
        for (const path of new Set([filePath, compressedPath ?? filePath]))
          await forgetPicture(sql, path, userId);
      await note(sql, { name: fileName, ownerId: String(userId), path: filePath });
      return all;
    });
    for (const file of files) await deleteFile({ records, store }, file);
  }
}

async function mustBe(sql: Sql, userId: number): Promise<void> {
  const user = await sql('im_user')
    .where({ id: userId })
    .whereNull('deletedTime')
    .first<object | undefined>('id');
  if (!user) throw new Refusal('userUnknown');
}
