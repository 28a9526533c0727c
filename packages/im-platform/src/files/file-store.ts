import { open, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange } from './byte-range.ts';

/** Where the bytes are: a folder here, a bucket elsewhere. Keys are those of `newFileKey`, and are written once. */
export interface FileStore {
  /** Rejects when it cannot be used: with a `PlatformError` for good, with a `FileStoreError` now. */
  check(): Promise<void>;
  /** Takes the temporary file; it may be gone afterwards. */
  put(key: string, temporaryFile: string): Promise<void>;
  /** Undefined: there is no such file. */
  size(key: string): Promise<number | undefined>;
  /** These bytes of it, and no other ones. */
  read(key: string, range: ByteRange): Promise<Readable>;
  /** What is not there is deleted already. */
  delete(key: string): Promise<void>;
  close(): void;
}

/** The store is away, or does not do what it is for. The same may work later. */
export class FileStoreError extends Error {
  override readonly name = 'FileStoreError';
}

/** A folder; several instances share it over a network file system. */
export class LocalFileStore implements FileStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** It is made with the first file. */
  check(): Promise<void> {
    return Promise.resolve();
  }

  async put(key: string, temporaryFile: string): Promise<void> {
    const path = this.#pathOf(key);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rename(temporaryFile, path);
  }

  async size(key: string): Promise<number | undefined> {
    const found = await stat(this.#pathOf(key)).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    return found?.size;
  }

  async read(key: string, range: ByteRange): Promise<Readable> {
    const file = await open(this.#pathOf(key));
    return file.createReadStream(range);
  }

  async delete(key: string): Promise<void> {
    await rm(this.#pathOf(key), { force: true });
  }

  close(): void {
    // It holds nothing.
  }

  #pathOf(key: string): string {
    return join(this.#folder, key);
  }
}
