import { gather } from 'im-common/internal/bus';
import type { Knex } from 'knex';
import { isDuplicate, type Database, type Sql } from '../db/database.ts';
import { filesUrlPath, FileType } from './file-key.ts';
import type { FileUsage } from './file-usage.ts';
import { letGo, type StoredPaths } from './shared-content.ts';

/** What is known about a stored file. */
export interface FileRecord {
  readonly id: number;
  readonly filePath: string;
  /** Of the thumbnail; the file itself where it is small enough, null where there is none. */
  readonly compressedPath: string | null;
  readonly width: number;
  readonly height: number;
}

/** The same content from the same user is the same file. */
export interface FileIdentity {
  readonly hash: string;
  readonly fileType: FileType;
  readonly userId: number;
}

export interface NewFile extends Omit<FileRecord, 'id'>, Pick<FileIdentity, 'fileType' | 'userId'> {
  readonly fileName: string;
  /** As it was uploaded. */
  readonly fileSize: number;
  /** What is kept of it, the thumbnail included. */
  readonly storedBytes: number;
  readonly isUnscanned: number;
  /** SHA-256 of what is kept. */
  readonly contentHash: string;
}

/** Whose a file is. */
export interface FileOwner {
  readonly id: number;
  readonly userId: number;
  /** It is or was the picture of somebody or of a group. */
  readonly isPublic: boolean;
}

/** Where its bytes are. */
export type StoredFile = Pick<FileRecord, 'id' | 'filePath' | 'compressedPath'>;

interface Counted {
  readonly userId: number;
  readonly storedBytes: number;
  readonly contentId: number | null;
}

interface OwnerRow extends StoredFile {
  readonly userId: number;
  readonly isPublic: number;
}

export interface OldFiles {
  readonly before: number;
  /** Only those that never arrived in the store as a whole. */
  readonly unfinished?: boolean;
  readonly limit: number;
  readonly skip: number;
}

const columns = ['id', 'filePath', 'compressedPath', 'width', 'height'] as const;

/**
 * The table of files. A row is there before the first byte is in the store and until the last one is gone, so nothing is
 * in the store that no row knows. While it comes or goes it has no hash, so nobody is given it.
 */
export class FileRecords {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;
  readonly #sql: Database['sql'];
  readonly #usage: FileUsage;
  /** Asked by everybody who loads what is not there: those of one moment share a question. */
  readonly isTakenDown: (path: string) => Promise<boolean>;
  /** Whether a file has that address, and is not being deleted; asked as often. */
  readonly isAddress: (path: string) => Promise<boolean>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>, usage: FileUsage) {
    this.#database = database;
    this.#sql = database.sql;
    this.#usage = usage;
    this.isTakenDown = gather(async (paths: readonly string[]) => {
      const rows = await database
        .sql('im_taken_down_file')
        .whereIn('path', [...new Set(paths)])
        .select<{ path: string }[]>('path');
      const down = new Set(rows.map(({ path }) => path));
      return paths.map((path) => down.has(path));
    });
    this.isAddress = gather(async (paths: readonly string[]) => {
      const found = new Set<string | null>();
      for (const column of ['filePath', 'compressedPath']) {
        const rows = await database
          .sql('im_file_info')
          .whereIn(column, [...new Set(paths)])
          .whereNotNull('hash')
          .select<{ path: string }[]>(`${column} as path`);
        for (const { path } of rows) found.add(path);
      }
      return paths.map((path) => found.has(path));
    });
  }

  /** The file, if it was uploaded before; it counts as uploaded now. Once permanent, always permanent. */
  async reuse(identity: FileIdentity, isPermanent: boolean): Promise<FileRecord | undefined> {
    const found = await this.#sql('im_file_info')
      .where(identity)
      .update({ uploadTime: Date.now(), ...(isPermanent && { isPermanent: 1 }) });
    if (found === 0) return undefined;
    return this.#sql('im_file_info')
      .where(identity)
      .first(...columns) as Promise<FileRecord | undefined>;
  }

  /** Refuses what is beyond a quota. `giveBack`: what was taken of it before, for the same file. */
  async begin(file: NewFile, giveBack?: (sql: Sql) => Promise<void>): Promise<FileRecord> {
    const { filePath, compressedPath, width, height, userId, storedBytes } = file;
    return this.#database.transaction(async (sql) => {
      await giveBack?.(sql);
      await this.#usage.take(sql, userId, storedBytes);
      const [id = 0] = await sql('im_file_info').insert({ ...file, hash: null, uploadTime: Date.now() });
      return { id, filePath, compressedPath, width, height };
    });
  }

  /** False: the same content has become a file meanwhile. `tell` notes, in the same transaction, that there is one more. */
  async complete(
    id: number,
    { hash, isPermanent }: { readonly hash: string; readonly isPermanent: boolean },
    tell: (sql: Sql) => Promise<void>,
  ): Promise<boolean> {
    try {
      await this.#database.transaction(async (sql) => {
        await sql('im_file_info')
          .where({ id })
          .update({ hash, isPermanent: isPermanent ? 1 : 0 });
        await tell(sql);
      });
      return true;
    } catch (error) {
      if (isDuplicate(error)) return false;
      throw error;
    }
  }

  /** Files that are not to be kept, the oldest first. */
  findOld({ before, unfinished = false, limit, skip }: OldFiles): Promise<FileRecord[]> {
    const query = this.#sql('im_file_info').where({ isPermanent: 0 }).where('uploadTime', '<', before);
    // What was uploaded for the drive becomes permanent when it has a place in it.
    if (unfinished)
      void query.where((row) => void row.whereNull('hash').orWhere({ fileType: FileType.KEPT }));
    return query
      .orderBy(['uploadTime', 'id'])
      .limit(limit)
      .offset(skip)
      .select(...columns) as Promise<FileRecord[]>;
  }

  /** Nobody is given the file any more. False: it was uploaded again, and stays. */
  async release(id: number, before: number): Promise<boolean> {
    const old = this.#sql('im_file_info').where({ id, isPermanent: 0 }).where('uploadTime', '<', before);
    return (await old.update({ hash: null })) > 0;
  }

  /** See `letGo` of shared-content.ts. */
  letGo(id: number): Promise<StoredPaths | undefined> {
    return letGo(this.#database, this.#usage, id);
  }

  /** The last one that has its bytes, which are gone. */
  async remove(id: number): Promise<void> {
    await this.#giveBack(id, (row) => row.delete());
  }

  /** It takes no room any more, though some of it may be in the store: the next look for old files deletes it. */
  async abandon(id: number): Promise<void> {
    await this.#giveBack(id, (row) => row.update({ storedBytes: 0, uploadTime: 0 }));
  }

  /** The files with these paths, or with thumbnails there. */
  findByPaths(paths: readonly string[], sql: Sql = this.#sql): Promise<FileRecord[]> {
    if (paths.length === 0) return Promise.resolve([]);
    return sql('im_file_info')
      .whereIn('filePath', [...paths])
      .orWhereIn('compressedPath', [...paths])
      .select<FileRecord[]>(...columns);
  }

  /** Whose the files with these paths are, or with thumbnails there. */
  async ownersOf(paths: readonly string[], sql: Sql = this.#sql): Promise<Map<string, FileOwner>> {
    const owners = new Map<string, FileOwner>();
    if (paths.length === 0) return owners;
    const rows = await sql('im_file_info')
      .whereIn('filePath', [...paths])
      .orWhereIn('compressedPath', [...paths])
      .select<OwnerRow[]>('id', 'userId', 'isPublic', 'filePath', 'compressedPath');
    for (const { filePath, compressedPath, isPublic, ...row } of rows)
      for (const path of [filePath, compressedPath ?? filePath])
        owners.set(path, { ...row, isPublic: isPublic === 1 });
    return owners;
  }

  /** From now on whoever has its address reads it. */
  async publish(id: number, sql: Sql): Promise<void> {
    await sql('im_file_info').where({ id }).update({ isPublic: 1 });
  }

  /** In the transaction that says why: nobody is given it any more, wherever it is, and its addresses say so once it is deleted. */
  async takeDown(sql: Sql, id: number): Promise<StoredFile[]> {
    const files = await withTheSameBytes(sql, id);
    const ids = files.map((file) => file.id);
    // As old as can be, so that the next look for old files deletes it, whatever happens to us.
    await sql('im_file_info').whereIn('id', ids).update({ hash: null, isPermanent: 0, uploadTime: 0 });
    const paths = new Set(files.flatMap((file) => [file.filePath, file.compressedPath ?? file.filePath]));
    await sql('im_taken_down_file')
      .insert([...paths].map((path) => ({ path, fileId: id, time: Date.now() })))
      .onConflict('path')
      .ignore();
    return files;
  }

  /** Where the bytes are of an address at which nothing lies; undefined: there is no such address. */
  async storedAt(path: string): Promise<string | undefined> {
    const row = await this.#sql('im_file_info as f')
      .join('im_file_content as c', 'c.id', 'f.contentId')
      .where((file) => void file.where({ 'f.filePath': path }).orWhere({ 'f.compressedPath': path }))
      .whereNotNull('f.hash')
      .first<(StoredPaths & { thumb: string }) | undefined>(
        ...['f.filePath as filePath', 'c.storedPath as compressedPath', 'c.storedThumb as thumb'],
      );
    if (!row) return undefined;
    return (row.filePath === path ? row.compressedPath : row.thumb) ?? undefined;
  }

  bytesInAll(): Promise<number> {
    return this.#usage.inAll(this.#sql);
  }

  async keep(ids: readonly number[]): Promise<void> {
    await this.#sql('im_file_info')
      .whereIn('id', [...ids])
      .update({ isPermanent: 1 });
  }

  /** Those of the paths that are pictures of users or groups, under whatever name we were reached when they were uploaded. */
  async picturesAmong(paths: readonly string[]): Promise<Set<string>> {
    const pictures = new Set<string>();
    const places = paths.map(() => '?').join();
    for (const table of ['im_user', 'im_group']) {
      for (const column of ['head_image', 'head_image_thumb']) {
        const path = `substr(${column}, instr(${column}, '${filesUrlPath}') + ${filesUrlPath.length})`;
        const rows: { path: string }[] = await this.#sql(table)
          .whereRaw(`${path} in (${places})`, [...paths])
          .select(this.#sql.raw(`${path} as path`));
        for (const row of rows) pictures.add(row.path);
      }
    }
    return pictures;
  }

  /** What it takes up, together with the change of its row that says so. */
  async #giveBack(id: number, change: (row: Knex.QueryBuilder) => Knex.QueryBuilder): Promise<void> {
    await this.#database.transaction(async (sql) => {
      const file = await sql('im_file_info')
        .where({ id })
        .forUpdate()
        .first<Counted | undefined>('userId', 'storedBytes', 'contentId');
      if (!file) return;
      if (file.contentId !== null) await sql('im_file_content').where({ id: file.contentId }).delete();
      await change(sql('im_file_info').where({ id }));
      await this.#usage.giveBack(sql, file.userId, file.storedBytes);
    });
  }
}

/** All rows that have the bytes of that one, itself among them. */
export async function withTheSameBytes(sql: Sql, id: number): Promise<StoredFile[]> {
  const row = await sql('im_file_info')
    .where({ id })
    .first<{ contentId: number | null } | undefined>('contentId');
  const contentId = row?.contentId ?? null;
  return sql('im_file_info')
    .where(contentId === null ? { id } : { contentId })
    .select<StoredFile[]>('id', 'filePath', 'compressedPath');
}
