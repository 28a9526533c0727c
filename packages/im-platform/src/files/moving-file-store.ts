import type { Readable } from 'node:stream';
import type { ByteRange } from './byte-range.ts';
import type { FileStore } from './file-store.ts';

/** A store into which files are being moved from another one (see move-files.ts): each is in one of them at any time, or in both. */
export class MovingFileStore implements FileStore {
  readonly #to: FileStore;
  readonly #from: FileStore;

  constructor(to: FileStore, from: FileStore) {
    this.#to = to;
    this.#from = from;
  }

  async check(): Promise<void> {
    await this.#from.check();
    await this.#to.check();
  }

  put(key: string, temporaryFile: string): Promise<void> {
    return this.#to.put(key, temporaryFile);
  }

  async size(key: string): Promise<number | undefined> {
    return (await this.#holding(key))?.size;
  }

  async read(key: string, range: ByteRange): Promise<Readable> {
    const { store = this.#to } = (await this.#holding(key)) ?? {};
    try {
      return await store.read(key, range);
    } catch (error) {
      // It was moved in between, or it is nowhere, which the other one says as well.
      if (store === this.#from) return this.#to.read(key, range);
      throw error;
    }
  }

  /** Of the one from which it is moved first: what is moved meanwhile finds that its row is gone, and deletes it, too. */
  async delete(key: string): Promise<void> {
    await this.#from.delete(key);
    await this.#to.delete(key);
  }

  close(): void {
    this.#from.close();
    this.#to.close();
  }

  /** The old place first, as what is there has been moved when it is not: the other way round it may be in neither. */
  async #holding(key: string): Promise<{ readonly store: FileStore; readonly size: number } | undefined> {
    for (const store of [this.#from, this.#to]) {
      const size = await store.size(key);
      if (size !== undefined) return { store, size };
    }
    return undefined;
  }
}
