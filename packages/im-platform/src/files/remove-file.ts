import type { Database, Sql } from '../db/database.ts';
import type { AuditEntry } from '../operations/audit.ts';
import { PlatformError } from '../platform-error.ts';
import { deleteFile } from './delete-file.ts';
import { keyInAddress } from './file-addresses.ts';
import { filesUrlPath, isFileKey } from './file-key.ts';
import { FileRecords, withTheSameBytes } from './file-records.ts';
import type { FileStore } from './file-store.ts';
import { FileUsage } from './file-usage.ts';

export interface Removal {
  /** Where the file is shown, or what of that follows /files/; of its thumbnail as well. */
  readonly address: string;
  readonly store: Pick<FileStore, 'delete'>;
  readonly record: (entry: AuditEntry) => void;
}

/** Where addresses of pictures are kept, and whose they are; of groups it is one of their members who uploaded them. */
const pictures: readonly (readonly [table: string, column: string, owner?: string])[] = [
  ['im_user', 'headImage', 'id'],
  ['im_user', 'headImageThumb', 'id'],
  ['im_group', 'headImage'],
  ['im_group', 'headImageThumb'],
  ['im_friend', 'friendHeadImage', 'friendId'],
  ['im_group_member', 'headImage', 'userId'],
  ['im_group_member_past', 'headImage', 'userId'],
];

/** Removes a file that must not be there, whoever shows it, with its thumbnail. Returns the keys that are gone. */
export async function removeFile(database: Database, { address, store, record }: Removal): Promise<string[]> {
  const key = isFileKey(address) ? address : keyInAddress(address);
  if (key === undefined)
    throw new PlatformError(
      'INVALID_OPTION',
      `${JSON.stringify(address)} is the address of no file; expected https://…${filesUrlPath}image/20260102/….jpg.`,
    );
  const records = new FileRecords(database, new FileUsage({ perUser: 0, inAll: 0 }));
  const files = await records.findByPaths([key]);
  for (const file of files) {
    // Nobody is given it any more; who moves files knows that it is going.
    const all = await withTheSameBytes(database.sql, file.id);
    for (const { id } of all) await database.sql('im_file_info').where({ id }).update({ hash: null });
    for (const each of all) await deleteFile({ records, store }, each);
    for (const path of new Set([file.filePath, file.compressedPath ?? file.filePath]))
      await forgetPicture(database.sql, path);
    record({ event: 'file-removed', target: file.filePath });
  }
  return files.map(({ filePath }) => filePath);
}

/** It is nobody's picture any more. By its owner it is found in their rows; else all of them are gone through. */
export async function forgetPicture(sql: Sql, path: string, ownerId?: number): Promise<void> {
  const pattern = `%${filesUrlPath}${path}`.replace(/[!_]/g, '!$&');
  for (const [table, column, owner] of pictures)
    await sql(table)
      .whereRaw("?? like ? escape '!'", [column, pattern])
      .modify((query) => {
        if (ownerId === undefined) return;
        if (owner !== undefined) void query.where(owner, ownerId);
        else void query.whereIn('id', sql('im_group_member').where({ userId: ownerId }).select('groupId'));
      })
      .update({ [column]: '' });
}
