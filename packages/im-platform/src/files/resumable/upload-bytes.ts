import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataStore } from '@tus/server';
import type { BegunUpload, BegunUploads } from './begun-uploads.ts';

/** Where the bytes of uploads are until they are files. */
export interface UploadBytes {
  /** As the library of tus asks for them. */
  open(): Promise<DataStore>;
  /** A file with all of them, for `use` alone. */
  withWhole<T>(upload: BegunUpload, use: (path: string) => Promise<T>): Promise<T>;
  /** What is not there is removed already. */
  remove(id: string): Promise<void>;
}

/** In a folder that all instances share, on the file system of the files, as they are moved there. */
export class LocalUploadBytes implements UploadBytes {
  readonly #folder: string;
  readonly #records: BegunUploads;

  constructor(folder: string, records: BegunUploads) {
    this.#folder = folder;
    this.#records = records;
  }

  /** The folder first: the store would make one that everybody may read, and end the process if it could not. */
  async open(): Promise<DataStore> {
    const records = this.#records;
    const [{ FileStore }, { Upload }] = await Promise.all([import('@tus/file-store'), import('@tus/server')]);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    return new FileStore({
      directory: this.#folder,
      configstore: {
        async get(id) {
          const found = await records.get(id);
          return found && new Upload({ id, size: found.fileSize, offset: 0 });
        },
        // It is there before the store hears of it.
        set: () => Promise.resolve(),
        delete: (id) => records.remove(id),
      },
    });
  }

  withWhole<T>({ id }: BegunUpload, use: (path: string) => Promise<T>): Promise<T> {
    return use(this.#pathOf(id));
  }

  async remove(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  #pathOf(id: string): string {
    return join(this.#folder, id);
  }
}
