import type { Database } from '../db/database.ts';
import { FileType, filesUrlPath } from '../files/file-key.ts';
import type { LinkMaker } from '../files/file-links.ts';
import { showKept, type KeptFile } from '../files/kept-file.ts';
import type { SharedContent } from '../files/shared-content.ts';
import { Refusal } from '../http/refusal.ts';
import { mustBe, mustPlace, Level } from './rights.ts';
import { treeStore } from './tree-store.ts';

export interface DriveMessageFileDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly contents: SharedContent;
  readonly links: LinkMaker;
  readonly publicUrl: () => string;
}

/** Files of drives as messages show them. */
export class DriveMessageFiles {
  readonly #deps: DriveMessageFileDeps;

  constructor(deps: DriveMessageFileDeps) {
    this.#deps = deps;
  }

  /** A row of its own in the table of files, which a message makes its own, and takes along when it is taken back. */
  async offer(userId: number, nodeId: number): Promise<Extract<KeptFile, { type: 'file' }>> {
    const { database, contents, links, publicUrl } = this.#deps;
    const made = await database.transaction(async (sql) => {
      const { node } = await mustPlace(sql, userId, nodeId, Level.VIEW);
      mustBe(node.isFile === 1, 'driveNoFile');
      const version = await treeStore.version(sql, node.id, node.version);
      const id = await contents
        .refer(sql, version?.fileId ?? 0, { userId, fileType: FileType.FILE, isPermanent: false })
        .catch((error: unknown) => {
          throw error instanceof Refusal && error.key === 'fileUnknown'
            ? new Refusal('fileTakenDown')
            : error;
        });
      const file = await sql('im_file_info')
        .where({ id })
        .first<{ filePath: string } | undefined>('filePath');
      return { node, path: file?.filePath ?? '' };
    });
    const url = `${publicUrl()}${filesUrlPath}${made.path}`;
    const kept = { type: 'file', url, name: made.node.name, size: made.node.size } as const;
    return { ...kept, url: showKept(kept, links).url };
  }
}
