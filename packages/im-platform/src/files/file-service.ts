import { createHash, randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Sql } from '../db/database.ts';
import type { Outbox } from '../events/outbox.ts';
import { Refusal } from '../http/refusal.ts';
import { Lane } from '../limits/lane.ts';
import { deleteFile } from './delete-file.ts';
import { extensionOf, FileType, newFileKey } from './file-key.ts';
import type { FileIdentity, FileRecord, FileRecords, NewFile } from './file-records.ts';
import type { FileStore } from './file-store.ts';
import type { FileScans } from './scan/file-scans.ts';
import { cleanImage, inspectImage, isDecodable, makeThumbnail } from './image.ts';
import { mostFileBytes, type Upload, type UploadFolder } from './upload-folder.ts';

export interface FileDeps {
  readonly records: FileRecords;
  readonly store: FileStore;
  readonly folder: Pick<UploadFolder, 'newPath'>;
  /** The address at which clients find a key of the store. */
  readonly urlOf: (key: string) => string;
  readonly outbox: Pick<Outbox, 'store'>;
  readonly scans: Pick<FileScans, 'check'>;
}

export interface Wish {
  /** Of whoever uploads. */
  readonly userId: number;
  readonly isPermanent: boolean;
  /** Gives back what was reserved for it, in the transaction that takes what it needs. */
  readonly giveBack?: ((sql: Sql) => Promise<void>) | undefined;
}

export interface StoredImage {
  readonly originUrl: string;
  readonly thumbUrl: string;
  readonly width: number;
  readonly height: number;
}

/** What the store gets: the upload itself or what is kept of it, and maybe a thumbnail that was made of it. */
interface Placement extends Pick<NewFile, 'filePath' | 'compressedPath' | 'width' | 'height'> {
  readonly original?: Buffer;
  readonly thumbnail?: Buffer;
}

const imageExtensions: ReadonlySet<string> = new Set(['jpeg', 'jpg', 'bmp', 'png', 'webp', 'gif']);
const [smallestThumbKb, largestThumbKb] = [5, 500];
const driveThumbBytes = 50 * 1024;
/** Who waits longer than a request may take waits in vain. */
const mostWaitingImages = 100;

/** Keeps what arrived as a whole (contract C.7). */
export class FileService {
  readonly #deps: FileDeps;
  /**
   * One picture is decoded at a time: it takes up to 200 MB, and a thread of the four that passwords, the file system and the
   * resolver use, too.
   */
  readonly #images = new Lane(1, mostWaitingImages, () => new Refusal('unavailable', { code: 503 }));

  constructor(deps: FileDeps) {
    this.#deps = deps;
  }

  async keepFile(upload: Upload, wish: Wish): Promise<string> {
    const { filePath } = await this.#keep(upload, FileType.FILE, wish, () => placeAsItIs(upload));
    return this.#deps.urlOf(filePath);
  }

  /** As it is, with a thumbnail if it is a picture. Never the file that the same content was before: each has a place of its own. */
  async keepForDrive(upload: Upload, wish: Wish, beginBy: number): Promise<string> {
    const { filePath } = await this.#keep(upload, FileType.KEPT, { ...wish, isPermanent: false }, () =>
      isPicture(upload) ? this.#images.run(beginBy, () => placeForDrive(upload)) : placeAsItIs(upload),
    );
    return this.#deps.urlOf(filePath);
  }

  /** `beginBy`: when it is too late to begin, on the clock of `performance.now()`. */
  async keepImage(upload: Upload, thumbSizeKb: number, wish: Wish, beginBy: number): Promise<StoredImage> {
    if (!imageExtensions.has(extensionOf(upload.name))) throw new Refusal('imageFormat');
    const thumbBytes = Math.min(Math.max(thumbSizeKb, smallestThumbKb), largestThumbKb) * 1024;
    const image = await this.#keep(upload, FileType.IMAGE, wish, () =>
      this.#images.run(beginBy, () => placeImage(upload, thumbBytes)),
    );
    const { urlOf } = this.#deps;
    return {
      originUrl: urlOf(image.filePath),
      thumbUrl: urlOf(image.compressedPath ?? image.filePath),
      width: image.width,
      height: image.height,
    };
  }

  async #keep(
    upload: Upload,
    fileType: FileType,
    { userId, isPermanent, giveBack }: Wish,
    place: () => Placement | Promise<Placement>,
  ): Promise<FileRecord> {
    const { records } = this.#deps;
    const hash = fileType === FileType.KEPT ? `upload:${randomUUID()}` : upload.sha256;
    const identity: FileIdentity = { hash, fileType, userId };
    const known = await records.reuse(identity, isPermanent);
    if (known) return known;

    // Before anything here takes it apart.
    const isScanned = await this.#deps.scans.check(upload, userId);
    const { original, thumbnail, ...placement } = await place();
    const file = {
      ...{ ...placement, fileType, userId, fileName: upload.name, fileSize: upload.size },
      isUnscanned: isScanned ? 0 : 1,
      contentHash: original ? sha256(original) : upload.sha256,
      storedBytes: (original?.length ?? upload.size) + (thumbnail?.length ?? 0),
    };
    const added = await records.begin(file, giveBack);
    const { filePath, compressedPath } = added;
    try {
      if (thumbnail && compressedPath !== null) await this.#write(compressedPath, thumbnail);
      if (original) await this.#write(filePath, original);
      else await this.#deps.store.put(filePath, upload.path);
    } catch (error) {
      await this.#abandon(added);
      throw error;
    }
    const tell = (sql: Sql): Promise<void> => this.#tell(sql, upload, { userId, filePath, fileType });
    if (await records.complete(added.id, { hash, isPermanent }, tell)) return added;

    await deleteFile(this.#deps, added);
    const twin = await records.reuse(identity, isPermanent);
    if (!twin) throw new Refusal('fileFailed');
    return twin;
  }

  /** It could not be kept. What of it has arrived is deleted now, or with the old files when the store is away. */
  async #abandon(file: FileRecord): Promise<void> {
    const { records } = this.#deps;
    await records.abandon(file.id);
    await deleteFile(this.#deps, file).catch(() => undefined);
  }

  #tell(
    sql: Sql,
    { name, size }: Upload,
    { userId, filePath, fileType }: Pick<NewFile, 'userId' | 'filePath' | 'fileType'>,
  ): Promise<void> {
    const { outbox, urlOf } = this.#deps;
    const kind = fileType === FileType.IMAGE ? 'image' : 'file';
    const data = { userId: String(userId), kind, name, size, url: urlOf(filePath) };
    return outbox.store(sql, [
      { type: 'file.uploaded', subject: `user:${userId}`, time: Date.now(), data, userIds: [userId] },
    ]);
  }

  async #write(key: string, bytes: Buffer): Promise<void> {
    const { store, folder } = this.#deps;
    const path = await folder.newPath();
    try {
      await writeFile(path, bytes, { flush: true, mode: 0o600 });
      await store.put(key, path);
    } finally {
      await rm(path, { force: true });
    }
  }
}

function placeAsItIs({ name }: Upload): Placement {
  return { filePath: newFileKey('file', extensionOf(name)), compressedPath: null, width: 0, height: 0 };
}

function isPicture({ name, size }: Upload): boolean {
  return imageExtensions.has(extensionOf(name)) && size <= mostFileBytes;
}

/** What cannot be decoded is kept all the same. */
async function placeForDrive(upload: Upload): Promise<Placement> {
  const asItIs = placeAsItIs(upload);
  try {
    const { extension, width, height } = await inspectImage(upload.path);
    if (!isDecodable(extension)) return asItIs;
    const thumbnail = await makeThumbnail(upload.path, driveThumbBytes);
    return { ...asItIs, compressedPath: newFileKey('thumb', 'webp'), width, height, thumbnail };
  } catch (error) {
    if (error instanceof Refusal) return asItIs;
    throw error;
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Without where and by what it was taken. A small image is its own thumbnail, as is one that nobody here can make smaller. */
async function placeImage({ path }: Upload, thumbBytes: number): Promise<Placement> {
  const facts = await inspectImage(path);
  const { extension, width, height } = facts;
  const original = await cleanImage(await readFile(path), facts);
  const filePath = newFileKey('image', extension);
  if (original.length <= thumbBytes || !isDecodable(extension))
    return { filePath, compressedPath: filePath, width, height, original };
  const thumbnail = await makeThumbnail(path, thumbBytes);
  return { filePath, compressedPath: newFileKey('thumb', 'webp'), width, height, original, thumbnail };
}
