import type { Logger } from 'im-common';
import type { Sql } from '../db/database.ts';
import { keyInAddress } from '../files/file-addresses.ts';
import { FileType } from '../files/file-key.ts';
import type { FileStore } from '../files/file-store.ts';
import type { MessageFiles } from '../files/message-files.ts';
import { isFreshUpload, type SharedContent, type StoredPaths } from '../files/shared-content.ts';
import { Refusal } from '../http/refusal.ts';

export interface DriveFileDeps {
  readonly sql: Sql;
  readonly store: Pick<FileStore, 'size'>;
  readonly contents: SharedContent;
  readonly messageFiles: Pick<MessageFiles, 'refuseUnseen'>;
  readonly deleteFile: (file: { readonly id: number }) => Promise<void>;
  readonly logger: Logger;
}

/** What is to be put into a drive. */
export interface Source {
  readonly fileId: number;
  readonly size: number;
  /** It was uploaded for that, and is nowhere yet. */
  readonly isFresh: boolean;
  /** It has a small picture of its own. */
  readonly isPicture: boolean;
}

/** What lies in the store. */
export interface StoredContent extends StoredPaths {
  readonly id: number;
  readonly contentHash: string | null;
}

export interface NewestVersion extends StoredContent {
  readonly size: number;
}

interface StoredRow extends StoredContent {
  readonly storedPath: string | null;
  readonly storedThumb: string | null;
}

const storedColumns = [
  ...(['f.id', 'f.filePath', 'f.compressedPath', 'f.contentHash'] as const),
  ...(['c.storedPath', 'c.storedThumb'] as const),
];

interface SourceRow {
  readonly id: number;
  readonly userId: number;
  readonly fileType: FileType;
  readonly hash: string | null;
  readonly compressedPath: string | null;
}

/** The files of drives in the table of files: each version has a row of its own there, which is the owner's of the drive. */
export class DriveFiles {
  readonly #deps: DriveFileDeps;

  constructor(deps: DriveFileDeps) {
    this.#deps = deps;
  }

  /** What lies at an address that was shown to the user: of an upload of their own, or of a message that they may see. */
  async source(userId: number, url: string): Promise<Source> {
    const { sql, messageFiles } = this.#deps;
    const path = keyInAddress(url);
    if (path === undefined) throw new Refusal('fileFromElsewhere');
    await messageFiles.refuseUnseen(userId, [url]);
    const file = await sql('im_file_info')
      .where({ filePath: path })
      .whereNotNull('hash')
      .first<SourceRow | undefined>('id', 'userId', 'fileType', 'hash', 'compressedPath');
    const isFresh = file?.userId === userId && isFreshUpload(file);
    if (!file || (file.fileType === FileType.KEPT && !isFresh)) throw new Refusal('fileNotYours');
    const isPicture = file.compressedPath !== null;
    return { fileId: file.id, size: await this.#sizeOf(file.id), isFresh, isPicture };
  }

  /** The row that a version in that drive has of it. */
  async take(
    sql: Sql,
    source: Omit<Source, 'isPicture'>,
    { by, ownerId }: { by: number; ownerId: number },
  ): Promise<number> {
    const { contents } = this.#deps;
    if (source.isFresh) return contents.adopt(sql, source.fileId, { by, userId: ownerId });
    return contents.refer(sql, source.fileId, {
      ...{ userId: ownerId, fileType: FileType.KEPT, isPermanent: true },
    });
  }

  /** After the commit. */
  async delete(fileIds: readonly number[]): Promise<void> {
    const { deleteFile, logger } = this.#deps;
    for (const id of fileIds)
      await deleteFile({ id }).catch((error: unknown) =>
        logger.warn({ err: error, file: id }, 'a file of a drive is deleted later'),
      );
  }

  /** Undefined: it was taken down. */
  async stored(fileId: number): Promise<StoredContent | undefined> {
    const row = await this.#deps
      .sql('im_file_info as f')
      .leftJoin('im_file_content as c', 'c.id', 'f.contentId')
      .where({ 'f.id': fileId })
      .whereNotNull('f.hash')
      .first<StoredRow | undefined>(...storedColumns);
    return row && fromRow(row);
  }

  /** The newest versions of these files, by file; what was taken down is not among them. */
  async newest(nodeIds: readonly number[]): Promise<Map<number, NewestVersion>> {
    const rows = await this.#deps
      .sql('im_drive_node as n')
      .join('im_drive_version as v', { 'v.nodeId': 'n.id', 'v.number': 'n.version' })
      .join('im_file_info as f', 'f.id', 'v.fileId')
      .leftJoin('im_file_content as c', 'c.id', 'f.contentId')
      .whereIn('n.id', [...nodeIds])
      .whereNotNull('f.hash')
      .select<(StoredRow & { nodeId: number; size: number })[]>(...storedColumns, 'v.nodeId', 'v.size');
    return new Map(rows.map((row) => [row.nodeId, { ...fromRow(row), size: row.size }]));
  }

  async #sizeOf(fileId: number): Promise<number> {
    const stored = await this.stored(fileId);
    const size = stored && (await this.#deps.store.size(stored.filePath));
    if (size === undefined) throw new Refusal('fileUnknown', { code: 404 });
    return size;
  }
}

function fromRow({ id, contentHash, storedPath, storedThumb, ...own }: StoredRow): StoredContent {
  return storedPath === null
    ? { id, contentHash, filePath: own.filePath, compressedPath: own.compressedPath }
    : { id, contentHash, filePath: storedPath, compressedPath: storedThumb };
}

/** Within the transaction that takes them out of the drive: nobody is given them any more. */
export async function releaseFiles(sql: Sql, fileIds: readonly number[]): Promise<void> {
  if (fileIds.length === 0) return;
  // As old as can be, so that the next look for old files deletes them, whatever happens to us.
  await sql('im_file_info')
    .whereIn('id', [...fileIds])
    .update({ hash: null, isPermanent: 0, uploadTime: 0 });
}
