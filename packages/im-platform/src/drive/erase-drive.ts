import type { Database } from '../db/database.ts';
import { releaseFiles } from './drive-files.ts';
import { removeSome } from './drive-trash.ts';
import { treeStore } from './tree-store.ts';

export interface EraseDriveDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly deleteFile: (file: { readonly id: number }) => Promise<void>;
}

/** The drive of an account that is gone, and what was shared with it; also where nobody has a drive any more. May be done again. */
export async function eraseDrive({ database, deleteFile }: EraseDriveDeps, userId: number): Promise<void> {
  const { sql } = database;
  await sql('im_drive_share').where({ kind: 'user', subjectId: userId }).delete();
  await sql('im_drive_watcher').where({ userId }).delete();
  const marked = { parentId: 0, ownerId: userId };
  await sql('im_drive_node').where(marked).update({ trashedTime: 0 });
  const find = (): Promise<{ id: number } | undefined> =>
    sql('im_drive_node').where(marked).first<{ id: number } | undefined>('id');
  for (let root = await find(); root; root = await find()) {
    const { id } = root;
    const released: number[] = [];
    await database.transaction(async (within) => {
      released.length = 0;
      // Whoever empties trash may have been faster.
      if (!(await treeStore.tryLock(within, userId))) return;
      await removeSome({ sql: within, released }, userId, id);
      await releaseFiles(within, released);
    });
    for (const fileId of released) await deleteFile({ id: fileId });
  }
}
