import { open, mkdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
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
  /** The same in pieces of this size, but the last. Each is good until the next one is asked for. Where `read` is as good there is none. */
  pieces?(key: string, range: ByteRange, bytes: number): AsyncIterable<Buffer>;
  /** What is not there is deleted already. */
  delete(key: string): Promise<void>;
  close(): void;
}

/** The store is away, or does not do what it is for. The same may work later. */
export class FileStoreError extends Error {
  override readonly name = 'FileStoreError';
}

/** So many are read at once. */
const piecesAtOnce = 4;

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

  async *pieces(key: string, { start, end }: ByteRange, bytes: number): AsyncGenerator<Buffer> {
    const file = await open(this.#pathOf(key));
    try {
      const buffer = Buffer.allocUnsafeSlow(Math.min(bytes * piecesAtOnce, end + 1 - start));
      for (let at = start; at <= end; at += buffer.length) {
        const some = buffer.subarray(0, Math.min(buffer.length, end + 1 - at));
        const length = await fill(file, some, at);
        for (let from = 0; from < length; from += bytes)
          yield some.subarray(from, Math.min(from + bytes, length));
        if (length < some.length) return;
      }
    } finally {
      await file.close();
    }
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

/** Says how many bytes of it are there: fewer than wanted at the end of the file alone. */
async function fill(file: FileHandle, buffer: Buffer, at: number): Promise<number> {
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, at + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}
