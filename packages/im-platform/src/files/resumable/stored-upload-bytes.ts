import { createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DataStore } from '@tus/server';
import { Refusal } from '../../http/refusal.ts';
import type { FileStore } from '../file-store.ts';
import type { UploadFolder } from '../upload-folder.ts';
import type { BegunUpload, BegunUploads } from './begun-uploads.ts';
import type { UploadBytes } from './upload-bytes.ts';
import type { UploadParts } from './upload-parts.ts';

export interface StoredBytesDeps {
  readonly store: FileStore;
  readonly parts: UploadParts;
  readonly records: BegunUploads;
  /** Of this instance alone. */
  readonly folder: Pick<UploadFolder, 'newPath'>;
}

/** What a part has at most; and what is lost of a request when its process dies. */
const partBytes = 16 * 2 ** 20;
/** Of one upload: im-chat's of 2 GB over bad lines have as many. */
const mostParts = 10_000;

/**
 * In the store of files: each request's bytes are a part there, so that the next request may come to any instance, and none of them
 * shares a disk with another.
 */
export class StoredUploadBytes implements UploadBytes {
  readonly #deps: StoredBytesDeps;

  constructor(deps: StoredBytesDeps) {
    this.#deps = deps;
  }

  async open(): Promise<DataStore> {
    const { PartStore } = await import('./part-store.ts');
    return new PartStore(this, this.#deps.records);
  }

  async write(bytes: Readable, id: string, offset: number): Promise<number> {
    let at = offset;
    const chunks = bytes[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (;;) {
      const { size, isLast } = await this.#writePart(chunks, id, at);
      at += size;
      if (isLast) return at;
    }
  }

  async withWhole<T>({ id }: BegunUpload, use: (path: string) => Promise<T>): Promise<T> {
    const { store, folder, parts } = this.#deps;
    const path = await folder.newPath();
    try {
      for (const part of await parts.counted(id)) {
        const content = await store.read(part.path, { start: 0, end: part.bytes - 1 });
        await pipeline(content, createWriteStream(path, { flags: 'a', mode: 0o600 }));
      }
      return await use(path);
    } finally {
      await rm(path, { force: true });
    }
  }

  async remove(id: string): Promise<void> {
    const { parts, store } = this.#deps;
    for (const path of await parts.all(id)) {
      await store.delete(path);
      await parts.remove(path);
    }
  }

  async #writePart(chunks: AsyncIterator<Buffer>, id: string, start: number): Promise<Filled> {
    const path = await this.#deps.folder.newPath();
    try {
      const filled = await fill(path, chunks);
      if (filled.size > 0) await this.#keep(path, { id, start, size: filled.size });
      return filled;
    } finally {
      await rm(path, { force: true });
    }
  }

  async #keep(file: string, { id, start, size }: { id: string; start: number; size: number }): Promise<void> {
    const { store, parts } = this.#deps;
    if ((await parts.count(id)) >= mostParts) throw new Refusal('uploadInPieces');
    const part = await parts.begin(id, start);
    await store.put(part.path, file);
    if (await parts.complete(part, size)) return;
    await store.delete(part.path);
    await parts.remove(part.path);
    throw new Refusal('uploadElsewhere');
  }
}

interface Filled {
  readonly size: number;
  /** Nothing comes after it. */
  readonly isLast: boolean;
}

/** Writes what comes, up to a whole part. */
async function fill(path: string, chunks: AsyncIterator<Buffer>): Promise<Filled> {
  const file = await open(path, 'w', 0o600);
  let size = 0;
  try {
    while (size < partBytes) {
      const next = await chunks.next();
      if (next.done === true) return { size, isLast: true };
      await file.writeFile(next.value);
      size += next.value.length;
    }
    return { size, isLast: false };
  } finally {
    await file.close();
  }
}
