import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { extensionOf, FileType, newFileKey } from './file-key.ts';
import type { FileUsage } from './file-usage.ts';

/** Where bytes are, in the store. */
export interface StoredPaths {
  readonly filePath: string;
  readonly compressedPath: string | null;
}

/** A row of the table of files, as far as it matters here. */
interface FileRow extends StoredPaths {
  readonly id: number;
  readonly hash: string;
  readonly fileType: FileType;
  readonly userId: number;
  readonly fileName: string;
  readonly fileSize: number;
  readonly width: number;
  readonly height: number;
  readonly storedBytes: number;
  readonly isPublic: number;
  readonly isUnscanned: number;
  readonly contentId: number | null;
  readonly contentHash: string | null;
}

interface Content {
  readonly id: number;
  readonly storedPath: string;
  readonly storedThumb: string | null;
  readonly refs: number;
}

export interface Reference {
  /** Whose it is, and counts for. */
  readonly userId: number;
  readonly fileType: FileType;
  /** Until somebody says otherwise. */
  readonly isPermanent: boolean;
}

/** Of rows that are for what was not uploaded. */
const sharedPrefix = 'shared:';
/** Of the same bytes, for one user, that no message shows. */
const mostOpen = 8;

const columns = [
  ...(['id', 'hash', 'fileType', 'userId', 'fileName', 'fileSize', 'filePath', 'compressedPath'] as const),
  ...(['width', 'height', 'storedBytes', 'isPublic', 'isUnscanned', 'contentId', 'contentHash'] as const),
] as const;

/**
 * Several rows of the table of files that have the same bytes: each has its own address, its own end and its own owner, and the bytes go with
 * the last one. What one user has twice counts once for them.
 */
export class SharedContent {
  readonly #usage: FileUsage;

  constructor(usage: FileUsage) {
    this.#usage = usage;
  }

  /**
   * One row more with the bytes of that one. Resolves with its id; refuses when they are being deleted. Who has several of them that nothing
   * shows yet is given the oldest again, so that whoever asks without end does not fill the table.
   */
  async refer(sql: Sql, fileId: number, { userId, fileType, isPermanent }: Reference): Promise<number> {
    const { id: _id, ...file } = await this.#locked(sql, fileId);
    const content = await contentOf(sql, fileId, file);
    const open = isPermanent ? undefined : await openReference(sql, content.id, { userId, fileType });
    if (open !== undefined) return open;
    await sql('im_file_content').where({ id: content.id }).increment('refs', 1);
    const bytes = await bytesOf(sql, content.id);
    const isCounted = (await counting(sql, content.id, userId)) !== undefined;
    if (!isCounted) await this.#usage.take(sql, userId, bytes);
    const [id = 0] = await sql('im_file_info').insert({
      ...{ ...file, ...newAddress(content), userId, fileType, contentId: content.id, isPublic: 0 },
      ...{ isPermanent: isPermanent ? 1 : 0, storedBytes: isCounted ? 0 : bytes, uploadTime: Date.now() },
      // Nobody else is given it for the same content.
      hash: `${sharedPrefix}${randomBytes(16).toString('base64url')}`,
    });
    return id;
  }

  /** A fresh upload of `by` becomes the owner's, at an address that nobody has heard. */
  async adopt(sql: Sql, fileId: number, { by, userId }: { by: number; userId: number }): Promise<number> {
    const file = await this.#locked(sql, fileId);
    // It was looked at before, and may have been put elsewhere since.
    if (file.userId !== by || !isFreshUpload(file)) throw new Refusal('fileNotYours');
    const content = await contentOf(sql, fileId, file);
    await sql('im_file_info')
      .where({ id: fileId })
      .update({ ...newAddress(content), userId, isPermanent: 1, hash: `${sharedPrefix}${fileId}` });
    if (by === userId) return fileId;
    await this.#usage.giveBack(sql, by, file.storedBytes);
    await this.#usage.take(sql, userId, file.storedBytes);
    return fileId;
  }

  async #locked(sql: Sql, id: number): Promise<FileRow> {
    const file = await sql('im_file_info')
      .where({ id })
      .whereNotNull('hash')
      .forUpdate()
      .first<FileRow | undefined>(...columns);
    if (!file) throw new Refusal('fileUnknown');
    return file;
  }
}

/**
 * The row is about to go: the bytes that go with it. Undefined: there are others that have them, and the row is gone, or it was gone
 * already. Twice does no harm.
 */
export async function letGo(
  database: Pick<Database, 'transaction'>,
  usage: FileUsage,
  id: number,
): Promise<StoredPaths | undefined> {
  return database.transaction(async (sql) => {
    const row = await sql('im_file_info')
      .where({ id })
      .forUpdate()
      .first<FileRow | undefined>(...columns);
    if (!row) return undefined;
    const { contentId, filePath, compressedPath, storedBytes, userId } = row;
    if (contentId === null) return { filePath, compressedPath };
    const content = await lockContent(sql, contentId);
    if (content.refs <= 1) return { filePath: content.storedPath, compressedPath: content.storedThumb };
    await sql('im_file_content').where({ id: contentId }).decrement('refs', 1);
    await sql('im_file_info').where({ id }).delete();
    await usage.giveBack(sql, userId, await handOn(sql, contentId, { userId, storedBytes }));
    return undefined;
  });
}

/** What of these bytes is to be given back: nothing, if the user has another row for which they count from now on. */
async function handOn(
  sql: Sql,
  contentId: number,
  { userId, storedBytes }: { readonly userId: number; readonly storedBytes: number },
): Promise<number> {
  if (storedBytes === 0) return 0;
  const heir = await sql('im_file_info')
    .where({ contentId, userId })
    .orderBy('id')
    .first<{ id: number } | undefined>('id');
  if (!heir) return storedBytes;
  await sql('im_file_info').where({ id: heir.id }).update({ storedBytes });
  return 0;
}

/** It was uploaded to be put somewhere, and is nowhere yet. */
export function isFreshUpload({
  fileType,
  hash,
}: Pick<FileRow, 'fileType'> & { hash: string | null }): boolean {
  return fileType === FileType.KEPT && hash !== null && hash.startsWith('upload:');
}

/** Undefined: there may be one more. The content is locked, so of many at once all are counted. */
async function openReference(
  sql: Sql,
  contentId: number,
  of: Pick<Reference, 'userId' | 'fileType'>,
): Promise<number | undefined> {
  const open = (): Knex.QueryBuilder =>
    sql('im_file_info')
      .where({ contentId, ...of, isPermanent: 0 })
      .where('hash', 'like', `${sharedPrefix}%`);
  // As they are now, whatever was read before in this transaction.
  const rows: { id: number }[] = await open()
    .orderBy(['uploadTime', 'id'])
    .limit(mostOpen)
    .forUpdate()
    .select('id');
  const [oldest] = rows;
  if (!oldest || rows.length < mostOpen) return undefined;
  // Somebody may say it in a message, or take it down, at this moment.
  const isOpen = await open().where({ id: oldest.id }).update({ uploadTime: Date.now() });
  return isOpen > 0 ? oldest.id : undefined;
}

/** The row for which the bytes count for that user, as it is now. */
function counting(sql: Sql, contentId: number, userId: number): Promise<{ id: number } | undefined> {
  return sql('im_file_info')
    .where({ contentId, userId })
    .where('storedBytes', '>', 0)
    .forUpdate()
    .first<{ id: number } | undefined>('id');
}

async function bytesOf(sql: Sql, contentId: number): Promise<number> {
  const [row] = await sql('im_file_info')
    .where({ contentId })
    .max<{ bytes: number | null }[]>('storedBytes as bytes');
  return row?.bytes ?? 0;
}

/** Locked from then on. */
async function contentOf(
  sql: Sql,
  fileId: number,
  { contentId, filePath, compressedPath }: Pick<FileRow, 'contentId' | 'filePath' | 'compressedPath'>,
): Promise<Content> {
  if (contentId !== null) return lockContent(sql, contentId);
  const content = { storedPath: filePath, storedThumb: compressedPath, refs: 1 };
  const [id = 0] = await sql('im_file_content').insert(content);
  await sql('im_file_info').where({ id: fileId }).update({ contentId: id });
  return { id, ...content };
}

async function lockContent(sql: Sql, id: number): Promise<Content> {
  const content = await sql('im_file_content').where({ id }).forUpdate().first<Content | undefined>();
  if (!content) throw new Refusal('fileUnknown');
  return content;
}

/** A key of the same kind, at which nothing lies: whoever asks for it is given the content. */
function newAddress({ storedPath, storedThumb }: Content): StoredPaths {
  const filePath = newFileKey(storedPath.startsWith('image/') ? 'image' : 'file', extensionOf(storedPath));
  if (storedThumb === null) return { filePath, compressedPath: null };
  const isOwnThumb = storedThumb === storedPath;
  return { filePath, compressedPath: isOwnThumb ? filePath : newFileKey('thumb', extensionOf(storedThumb)) };
}
