import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';
import type { FileStore } from '../files/file-store.ts';
import { Refusal } from '../http/refusal.ts';
import { groupBy } from '../messages/group/group-by.ts';
import { CheckedContent } from './checked-content.ts';
import type { DriveFiles, NewestVersion } from './drive-files.ts';
import { keyOfName, mostBytes, otherName, shortened } from './names.ts';
import type { DriveNode } from './node.ts';
import { treeStore, type ListedNode } from './tree-store.ts';
import type { ZipEntry } from './zip.ts';

interface Folder {
  readonly id: number;
  /** In the archive. */
  readonly path: string;
}

/** More than that is loaded folder by folder. */
const mostEntries = 10_000;
/** Folders of which one question asks, and files. */
const atOnce = 500;

export interface ArchiveDeps {
  readonly sql: Sql;
  readonly files: DriveFiles;
  readonly store: FileStore;
}

/** What is in a folder, as an archive has it, as it is now. A file that was taken down meanwhile is left out. */
export async function entriesOf(deps: ArchiveDeps, folder: DriveNode): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  const waiting: Folder[] = [{ id: folder.id, path: '' }];
  for (let some = waiting.splice(0, atOnce); some.length > 0; some = waiting.splice(0, atOnce)) {
    // SQLite is in this thread: others get in between.
    await setImmediate();
    const nodes = await treeStore.listAll(
      deps.sql,
      some.map(({ id }) => id),
      mostEntries + 1,
    );
    if (entries.length + nodes.length > mostEntries)
      throw new Refusal('driveTooLarge', { values: { most: String(mostEntries) } });
    const stored = await newestOf(deps.files, nodes);
    const byFolder = groupBy(nodes, ({ parentId }) => parentId);
    for (const { id: parentId, path: around } of some) {
      const nameIn = archiveNames();
      for (const { id, isFile, name, changedTime } of byFolder.get(parentId) ?? []) {
        const path = around + nameIn(name);
        const version = stored.get(id);
        if (isFile === 0) {
          entries.push({ path: `${path}/`, size: 0, changedTime });
          waiting.push({ id, path: `${path}/` });
        } else if (version) entries.push({ path, changedTime, ...contentOf(deps.store, version) });
      }
    }
  }
  return entries;
}

async function newestOf(
  files: DriveFiles,
  nodes: readonly ListedNode[],
): Promise<Map<number, NewestVersion>> {
  const ids = nodes.flatMap(({ id, isFile }) => (isFile === 1 ? [id] : []));
  const found = new Map<number, NewestVersion>();
  for (const some of chunksOf(ids, atOnce)) {
    await setImmediate();
    for (const [id, version] of await files.newest(some)) found.set(id, version);
  }
  return found;
}

function contentOf(
  store: FileStore,
  { size, filePath, contentHash }: NewestVersion,
): Required<Pick<ZipEntry, 'size' | 'read'>> {
  return {
    size,
    async *read() {
      if (size === 0) return;
      const content = await store.read(filePath, { start: 0, end: size - 1 });
      try {
        yield* contentHash === null ? content : checked(content, contentHash);
      } finally {
        content.destroy();
      }
    },
  };
}

function checked(content: Readable, hash: string): Readable {
  const check = new CheckedContent(hash);
  content.on('error', (error) => check.destroy(error));
  return content.pipe(check);
}

/** What Windows has for devices, with whatever follows the first dot. */
const ofDevices = /^(con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?= *(?:\.|$))/i;

/** Names in one folder as every system can unpack them: without what Windows has no names for, and each once. */
export function archiveNames(): (written: string) => string {
  const taken = new Set<string>();
  // Of thousands that become one name none is tried again.
  const nextNumbers = new Map<string, number>();
  return (written) => {
    const plain = shortened(written.replace(/[<>:"|?*]/g, '_').replace(ofDevices, '_$1'), mostBytes);
    let name = plain;
    if (taken.has(keyOfName(plain))) {
      // Long names may differ, and have the same other ones.
      const alike = keyOfName(otherName(plain, 2));
      let number = nextNumbers.get(alike) ?? 2;
      do name = otherName(plain, number++);
      while (taken.has(keyOfName(name)));
      nextNumbers.set(alike, number);
    }
    taken.add(keyOfName(name));
    return name;
  };
}
