import type { Readable } from 'node:stream';
import { DataStore, Upload } from '@tus/server';
import { Refusal } from '../../http/refusal.ts';
import type { BegunUploads } from './begun-uploads.ts';

interface PartBytes {
  /** Resolves with how far the upload is then. */
  write(bytes: Readable, id: string, offset: number): Promise<number>;
  remove(id: string): Promise<void>;
}

/** Uploads in the store of files, as the library of tus asks for them. */
export class PartStore extends DataStore {
  readonly #bytes: PartBytes;
  readonly #records: BegunUploads;

  constructor(bytes: PartBytes, records: BegunUploads) {
    super();
    this.#bytes = bytes;
    this.#records = records;
  }

  /** There is nothing until the first part comes. */
  override create(upload: Upload): Promise<Upload> {
    return Promise.resolve(upload);
  }

  override async getUpload(id: string): Promise<Upload> {
    const found = await this.#records.get(id);
    if (!found) throw new Refusal('uploadUnknown');
    return new Upload({ id, size: found.fileSize, offset: found.received });
  }

  override write(bytes: Readable, id: string, offset: number): Promise<number> {
    return this.#bytes.write(bytes, id, offset);
  }

  override async remove(id: string): Promise<void> {
    await this.#bytes.remove(id);
    await this.#records.remove(id);
  }
}
