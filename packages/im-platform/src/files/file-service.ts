import { rm, writeFile } from 'node:fs/promises';
import { Refusal } from '../http/refusal.ts';
import { extensionOf, FileType, newFileKey } from './file-key.ts';
import type { FileIdentity, FileRecord, FileRecords, NewFile } from './file-records.ts';
import type { FileStore } from './file-store.ts';
import { inspectImage, isDecodable, makeThumbnail } from './image.ts';
import type { Upload, UploadFolder } from './upload-folder.ts';

export interface FileParts {
  readonly records: FileRecords;
  readonly store: FileStore;
  readonly folder: Pick<UploadFolder, 'newPath'>;
  /** The address at which clients find a key of the store. */
  readonly urlOf: (key: string) => string;
}

export interface Wish {
  /** Of whoever uploads. */
  readonly userId: number;
  readonly isPermanent: boolean;
}

export interface StoredImage {
  readonly originUrl: string;
  readonly thumbUrl: string;
  readonly width: number;
  readonly height: number;
}

/** What the store gets: the upload itself, and maybe a thumbnail that was made of it. */
interface Placement extends Pick<NewFile, 'filePath' | 'compressedPath' | 'width' | 'height'> {
  readonly thumbnail?: Buffer;
}

const imageExtensions: ReadonlySet<string> = new Set(['jpeg', 'jpg', 'bmp', 'png', 'webp', 'gif']);
const [smallestThumbKb, largestThumbKb] = [5, 500];

/** Keeps what arrived as a whole (contract C.7). */
export class FileService {
  readonly #parts: FileParts;

  constructor(parts: FileParts) {
    this.#parts = parts;
  }

  async keepFile(upload: Upload, wish: Wish): Promise<string> {
    const { filePath } = await this.#keep(upload, FileType.FILE, wish, () => ({
      filePath: newFileKey('file', extensionOf(upload.name)),
      compressedPath: null,
      width: 0,
      height: 0,
    }));
    return this.#parts.urlOf(filePath);
  }

  async keepImage(upload: Upload, thumbSizeKb: number, wish: Wish): Promise<StoredImage> {
    if (!imageExtensions.has(extensionOf(upload.name))) throw new Refusal('imageFormat');
    const thumbBytes = Math.min(Math.max(thumbSizeKb, smallestThumbKb), largestThumbKb) * 1024;
    const image = await this.#keep(upload, FileType.IMAGE, wish, () => placeImage(upload, thumbBytes));
    const { urlOf } = this.#parts;
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
    { userId, isPermanent }: Wish,
    place: () => Placement | Promise<Placement>,
  ): Promise<FileRecord> {
    const { records } = this.#parts;
    const identity: FileIdentity = { hash: upload.sha256, fileType, userId };
    const known = await records.reuse(identity, isPermanent);
    if (known) return known;

    const { thumbnail, ...placement } = await place();
    const added = await records.begin({
      ...placement,
      fileType,
      userId,
      fileName: upload.name,
      fileSize: upload.size,
    });
    await this.#store(upload, added, thumbnail);
    if (await records.complete(added.id, identity.hash, isPermanent)) return added;

    await this.delete(added);
    const twin = await records.reuse(identity, isPermanent);
    if (!twin) throw new Refusal('fileFailed');
    return twin;
  }

  /** The bytes first, so that a row without bytes cannot be left behind. */
  async delete({ id, filePath, compressedPath }: FileRecord): Promise<void> {
    const { records, store } = this.#parts;
    await store.delete(filePath);
    if (compressedPath !== null) await store.delete(compressedPath);
    await records.remove(id);
  }

  async #store(upload: Upload, { filePath, compressedPath }: FileRecord, thumbnail?: Buffer): Promise<void> {
    const { store, folder } = this.#parts;
    if (thumbnail && compressedPath !== null) {
      const path = folder.newPath();
      try {
        await writeFile(path, thumbnail, { flush: true, mode: 0o600 });
        await store.put(compressedPath, path);
      } finally {
        await rm(path, { force: true });
      }
    }
    await store.put(filePath, upload.path);
  }
}

/** A small image is its own thumbnail, as is one that nobody here can make smaller. */
async function placeImage({ path, size }: Upload, thumbBytes: number): Promise<Placement> {
  const { extension, width, height } = await inspectImage(path);
  const filePath = newFileKey('image', extension);
  if (size <= thumbBytes || !isDecodable(extension))
    return { filePath, compressedPath: filePath, width, height };
  const thumbnail = await makeThumbnail(path, thumbBytes);
  return { filePath, compressedPath: newFileKey('thumb', 'webp'), width, height, thumbnail };
}
