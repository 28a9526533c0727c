import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Sql } from '../../db/database.ts';
import type { FileStore } from '../../files/file-store.ts';
import { held, type UploadFolder } from '../../files/upload-folder.ts';
import type { SealedFileStore } from './sealed-file-store.ts';

export interface FilesAtRest {
  readonly sql: Sql;
  /** As they lie. */
  readonly raw: FileStore;
  readonly sealed: SealedFileStore;
  readonly folder: Pick<UploadFolder, 'newPath' | 'removeAbandoned'>;
}

export interface FilesDone {
  changed: number;
  /** Rows whose file is not where we look: on its way in or out, or the folder is another one. */
  missing: number;
  unreadable: number;
}

export interface FilesCounted {
  sealed: number;
  plain: number;
}

const rowsAtOnce = 200;
const filesAtOnce = 4;
/** Of what is being decrypted: whoever encrypts deletes what was left of it, and not what another command is at work on. */
const plainEnding = '.plain';

/** Where names of files stand. */
const places = [
  { table: 'im_file_info', id: 'id', columns: ['filePath', 'compressedPath'] },
  { table: 'im_file_content', id: 'id', columns: ['storedPath', 'storedThumb'] },
  { table: 'im_upload_part', id: 'path', columns: ['path'] },
] as const;

interface Named {
  readonly key: string;
  readonly table: string;
  readonly column: string;
}

/**
 * Encrypts the files that are not, or decrypts those that are. A file says by itself which it is, and is put in its place as a whole, so this may be
 * cut off anywhere and called again, while platforms run that have the keys.
 */
export async function changeFiles(files: FilesAtRest, to: 'sealed' | 'plain'): Promise<FilesDone> {
  const done: FilesDone = { changed: 0, missing: 0, unreadable: 0 };
  await forAll(files.sql, async (named) => {
    const size = await files.raw.size(named.key);
    if (size === undefined) done.missing += 1;
    else if (size === 0) return;
    else {
      const outcome = await changeOne(files, named, { size, to });
      if (outcome !== 'same') done[outcome] += 1;
    }
  });
  if (to === 'sealed') await files.folder.removeAbandoned(plainEnding);
  return done;
}

export async function countFiles(files: FilesAtRest): Promise<FilesCounted> {
  const counted: FilesCounted = { sealed: 0, plain: 0 };
  await forAll(files.sql, async ({ key }) => {
    if ((await files.raw.size(key)) === undefined) return;
    counted[await isSealed(files, key)] += 1;
  });
  return counted;
}

/** What claims to be encrypted and cannot be read is so, too. */
async function isSealed({ sealed }: FilesAtRest, key: string): Promise<'sealed' | 'plain'> {
  try {
    return (await sealed.isSealed(key)) ? 'sealed' : 'plain';
  } catch (error) {
    if (isUnreadable(error)) return 'sealed';
    throw error;
  }
}

async function changeOne(
  files: FilesAtRest,
  { key, table, column }: Named,
  { size, to }: { readonly size: number; readonly to: 'sealed' | 'plain' },
): Promise<'changed' | 'unreadable' | 'missing' | 'same'> {
  const { raw, sql } = files;
  try {
    if ((await isSealed(files, key)) === to) return 'same';
    const isChanged = await (to === 'sealed' ? sealOne(files, key, size) : openOne(files, key));
    if (!isChanged) return 'same';
  } catch (error) {
    if (isUnreadable(error)) return 'unreadable';
    if ((await raw.size(key)) === undefined) return 'missing';
    throw error;
  }
  // Deleted meanwhile: whoever did so was before us.
  if (
    !(await sql(table)
      .where({ [column]: key })
      .first())
  )
    await raw.delete(key);
  return 'changed';
}

/** False: somebody else has done it. */
async function sealOne(files: FilesAtRest, key: string, size: number): Promise<boolean> {
  const { raw, sealed, folder } = files;
  // Held open before it is asked what it is: what another command has encrypted meanwhile must not be encrypted again.
  const content = await raw.read(key, { start: 0, end: size - 1 });
  if ((await isSealed(files, key)) === 'sealed') {
    content.destroy();
    return false;
  }
  await sealed.replace(key, { size, content, beside: await folder.newPath() });
  return true;
}

async function openOne({ raw, sealed, folder }: FilesAtRest, key: string): Promise<boolean> {
  const path = `${await folder.newPath()}${plainEnding}`;
  try {
    const size = (await sealed.size(key)) ?? 0;
    const content = await sealed.read(key, { start: 0, end: size - 1 });
    await held(path, async () => {
      await pipeline(content, createWriteStream(path, { flush: true, mode: 0o600 }));
      await raw.put(key, path);
    });
    return true;
  } finally {
    await rm(path, { force: true });
  }
}

function isUnreadable(error: unknown): boolean {
  return (error as { key?: unknown }).key === 'fileUnreadable';
}

async function forAll(sql: Sql, work: (named: Named) => Promise<void>): Promise<void> {
  for (const { table, id, columns } of places)
    for (let after: string | number | undefined; ;) {
      const rows = await sql(table)
        .modify((query) => {
          if (after !== undefined) void query.where(id, '>', after);
          // Of the others the paths are addresses: the bytes lie where their content says.
          if (table === 'im_file_info') void query.whereNull('contentId');
        })
        .orderBy(id)
        .limit(rowsAtOnce)
        .select<Record<string, string | number | null>[]>(id, ...columns);
      const last = rows.at(-1);
      if (!last) break;
      const waiting = rows
        .flatMap((row) => columns.flatMap((column) => namedBy(row[column], { table, column })))
        .filter(({ key }, index, all) => all.findIndex((other) => other.key === key) === index)
        .values();
      const run = async (): Promise<void> => {
        for (const named of waiting) await work(named);
      };
      await Promise.all(Array.from({ length: filesAtOnce }, run));
      after = last[id] ?? undefined;
    }
}

function namedBy(key: unknown, where: Omit<Named, 'key'>): Named[] {
  return typeof key === 'string' && key !== '' ? [{ key, ...where }] : [];
}
