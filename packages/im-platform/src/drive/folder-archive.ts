import type { Readable } from 'node:stream';
import type { Sql } from '../db/database.ts';
import type { FileStore } from '../files/file-store.ts';
import { Refusal } from '../http/refusal.ts';
import { CheckedContent } from './checked-content.ts';
import type { DriveFiles, NewestVersion } from './drive-files.ts';
import { keyOfName, otherNames } from './names.ts';
import type { DriveNode } from './node.ts';
import { treeStore } from './tree-store.ts';
import type { ZipEntry } from './zip.ts';

/** More than that is loaded folder by folder. */
const mostEntries = 10_000;
const atOnce = 500;

export interface ArchiveDeps {
  readonly sql: Sql;
  readonly files: DriveFiles;
  readonly store: FileStore;
}

/** What is in a folder, as an archive has it, as it is now. A file that was taken down meanwhile is left out. */
export async function entriesOf(deps: ArchiveDeps, folder: DriveNode): Promise<ZipEntry[]> {
  const entries: ZipEntry[] = [];
  const waiting = [{ id: folder.id, path: '' }];
  for (let at = waiting.shift(); at; at = waiting.shift()) {
    const names = new Set<string>();
    for await (const nodes of childrenOf(deps.sql, at.id)) {
      if (entries.length + nodes.length > mostEntries)
        throw new Refusal('driveTooLarge', { values: { most: String(mostEntries) } });
      const stored = await deps.files.newest(nodes.flatMap(({ id, isFile }) => (isFile === 1 ? [id] : [])));
      for (const { id, isFile, name, changedTime } of nodes) {
        const path = at.path + nameIn(names, name);
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

async function* childrenOf(sql: Sql, id: number): AsyncGenerator<DriveNode[]> {
  for (let after: DriveNode | undefined; ;) {
    const nodes = await treeStore.list(sql, id, after, atOnce);
    yield nodes;
    after = nodes.at(-1);
    if (nodes.length < atOnce) return;
  }
}

/** As every system can unpack it: without what Windows has no names for, and each once. */
function nameIn(names: Set<string>, written: string): string {
  const plain = written.replace(/[<>:"|?*]/g, '_').replace(/^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i, '_$1');
  let name = plain;
  for (const other of otherNames(plain)) {
    if (!names.has(keyOfName(name))) break;
    name = other;
  }
  names.add(keyOfName(name));
  return name;
}
