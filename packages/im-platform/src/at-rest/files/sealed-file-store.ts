import { open, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Logger } from 'im-common';
import type { ByteRange } from '../../files/byte-range.ts';
import { FileStoreError, type FileStore } from '../../files/file-store.ts';
import { Refusal } from '../../http/refusal.ts';
import type { DataKeys } from '../data-keys.ts';
import {
  chunkBytes,
  chunksOf,
  headBytes,
  isSigned,
  keysOf,
  newHead,
  openChunk,
  readHead,
  sealChunk,
  sealedChunkBytes,
  sealedSize,
  writeHead,
  type FileKeys,
} from './sealed-file.ts';

/** Whose key the keys of all files are made of. */
export const filesScope = 'files';
/** So much is read and written at a time. */
const packBytes = 256 * 1024;
/** Heads in memory. */
const mostHeads = 10_000;

export interface SealedFilesDeps {
  /** Where the bytes lie. */
  readonly store: FileStore;
  readonly keys: Pick<DataKeys, 'find' | 'newest' | 'load'>;
  /** Whether what is put is encrypted; what is so already is read in any case. */
  readonly encrypts: boolean;
  readonly logger: Logger;
}

interface Known {
  readonly size: number;
  readonly keys: FileKeys;
}

/** A store whose files are encrypted. Those that were there before are read as they are. */
export class SealedFileStore implements FileStore {
  readonly #deps: SealedFilesDeps;
  /** Of what is encrypted alone: what is not may be at any time. The one that was used longest ago comes first. */
  readonly #heads = new Map<string, Known>();

  constructor(deps: SealedFilesDeps) {
    this.#deps = deps;
  }

  check(): Promise<void> {
    return this.#deps.store.check();
  }

  async put(key: string, temporaryFile: string): Promise<void> {
    const { store, encrypts } = this.#deps;
    if (!encrypts) return store.put(key, temporaryFile);
    const { size } = await stat(temporaryFile);
    await this.replace(key, { size, content: bytesIn(temporaryFile), beside: temporaryFile });
    await rm(temporaryFile, { force: true });
  }

  /** Puts what comes there, encrypted; by way of a file that begins with the name `beside`. */
  async replace(
    key: string,
    {
      size,
      content,
      beside,
    }: { readonly size: number; readonly content: AsyncIterable<Buffer>; readonly beside: string },
  ): Promise<void> {
    const sealed = `${beside}.sealed`;
    try {
      const { version, key: dataKey } = await this.#newest();
      const head = newHead(version, size);
      const keys = keysOf(dataKey, head.salt, key);
      await writeInPacks(sealed, sealAll(content, size, keys, writeHead(head, keys)));
      await this.#deps.store.put(key, sealed);
      this.#heads.delete(key);
    } finally {
      await rm(sealed, { force: true });
    }
  }

  async size(key: string): Promise<number | undefined> {
    const total = await this.#deps.store.size(key);
    if (total === undefined) return undefined;
    return (await this.#headOf(key, total))?.size ?? total;
  }

  async read(key: string, range: ByteRange): Promise<Readable> {
    const { store } = this.#deps;
    const known = this.#heads.get(key);
    if (known) {
      // What fails here fails again below, if it is not that it was written anew, or decrypted.
      const content = await this.#open(key, known, range).catch(() => undefined);
      if (content) return content;
      this.#heads.delete(key);
    }
    // Held open before it is asked what it is: it may be encrypted at any time, and then it is what it was.
    const plain = await store.read(key, range);
    const head = await this.#headOf(key, await store.size(key));
    if (!head) return plain;
    plain.destroy();
    const content = await this.#open(key, head, range);
    if (content) return content;
    throw this.#torn(key, 'a chunk was changed, moved or is missing');
  }

  async delete(key: string): Promise<void> {
    this.#heads.delete(key);
    await this.#deps.store.delete(key);
  }

  close(): void {
    this.#deps.store.close();
  }

  /** Whether it lies there encrypted. */
  async isSealed(key: string): Promise<boolean> {
    return (await this.#headOf(key, await this.#deps.store.size(key))) !== undefined;
  }

  /** Undefined: it is not encrypted. */
  async #headOf(key: string, total: number | undefined): Promise<Known | undefined> {
    if (total === undefined || total < sealedSize(0)) return undefined;
    const known = this.#heads.get(key);
    if (known && sealedSize(known.size) === total) return known;
    const bytes = await allOf(await this.#deps.store.read(key, { start: 0, end: headBytes - 1 }));
    const head = readHead(bytes);
    if (!head) {
      this.#heads.delete(key);
      return undefined;
    }
    const dataKey = await this.#keyOf(head.version);
    const keys = dataKey && keysOf(dataKey, head.salt, key);
    if (!keys || !isSigned(bytes, keys))
      throw this.#torn(key, 'its head is not its own, or its key is not there');
    if (sealedSize(head.size) !== total) throw this.#torn(key, 'it is shorter or longer than it was');
    this.#heads.delete(key);
    this.#heads.set(key, { size: head.size, keys });
    const [oldest = ''] = this.#heads.keys();
    if (this.#heads.size > mostHeads) this.#heads.delete(oldest);
    return { size: head.size, keys };
  }

  /** Undefined: the first chunk is none of it. */
  async #open(key: string, { size, keys }: Known, range: ByteRange): Promise<Readable | undefined> {
    const [first, last] = [Math.floor(range.start / chunkBytes), Math.floor(range.end / chunkBytes)];
    const start = headBytes + first * sealedChunkBytes;
    const end = Math.min(headBytes + (last + 1) * sealedChunkBytes, sealedSize(size)) - 1;
    const { store } = this.#deps;
    const content =
      store.pieces?.(key, { start, end }, sealedChunkBytes) ??
      inPieces(await store.read(key, { start, end }), sealedChunkBytes);
    const chunks = this.#chunks(key, { content, size, keys, first })[Symbol.asyncIterator]();
    // So that what is torn at once is answered as such, instead of breaking off.
    const begin = await chunks.next();
    if (begin.done === true || begin.value === undefined) {
      await chunks.return(undefined);
      return undefined;
    }
    const cut = this.#cut({ begin: begin.value, chunks, first }, range, key);
    // Also of what nobody has begun to read.
    const letGo = (): unknown => chunks.return(undefined).catch(() => undefined);
    return Readable.from(cut, { objectMode: false }).once('close', letGo);
  }

  async *#cut(
    { begin, chunks, first }: { begin: Buffer; chunks: AsyncIterator<Buffer | undefined>; first: number },
    { start, end }: ByteRange,
    key: string,
  ): AsyncGenerator<Buffer> {
    let at = first * chunkBytes;
    try {
      for (let plain: Buffer | undefined = begin; ;) {
        yield plain.subarray(Math.max(0, start - at), end + 1 - at);
        at += plain.length;
        if (at > end) return;
        const next: IteratorResult<Buffer | undefined> = await chunks.next();
        plain = next.done === true ? undefined : next.value;
        if (!plain) throw this.#torn(key, `a chunk was changed, moved or is missing, at byte ${at}`);
      }
    } finally {
      await chunks.return?.();
    }
  }

  /** Undefined in the place of one that cannot be read. */
  async *#chunks(
    key: string,
    {
      content,
      size,
      keys,
      first,
    }: { content: AsyncIterable<Buffer>; size: number; keys: FileKeys; first: number },
  ): AsyncGenerator<Buffer | undefined> {
    const lastIndex = chunksOf(size) - 1;
    let index = first;
    for await (const sealed of content) {
      yield openChunk(keys, sealed, { index, isLast: index === lastIndex });
      index += 1;
    }
  }

  async #newest(): Promise<{ readonly version: number; readonly key: Buffer }> {
    const { keys } = this.#deps;
    let newest = keys.newest(filesScope);
    if (!newest) {
      await keys.load([{ scope: filesScope, version: 'newest' }]);
      newest = keys.newest(filesScope);
    }
    if (!newest) throw new Error('There is no key to encrypt files with');
    return newest;
  }

  async #keyOf(version: number): Promise<Buffer | undefined> {
    const { keys } = this.#deps;
    if (keys.find(filesScope, version) === undefined) await keys.load([{ scope: filesScope, version }]);
    const found = keys.find(filesScope, version);
    return Buffer.isBuffer(found) ? found : undefined;
  }

  #torn(key: string, why: string): Refusal {
    this.#deps.logger.error({ file: key, why }, 'an encrypted file cannot be read');
    return new Refusal('fileUnreadable', { code: 500 });
  }
}

// Buffers that come and go are what a file costs most: the memory that they take outside of the heap has the collector go through all of it. So
// what is read is read into one buffer, and streams of Node, which make others, are not used where a file is written.

/** Each is good until the next one is asked for. */
async function* bytesIn(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafeSlow(packBytes);
    for (let read; (read = await file.read(buffer, 0, packBytes)).bytesRead > 0;)
      yield buffer.subarray(0, read.bytesRead);
  } finally {
    await file.close();
  }
}

/** A file that is on the disk when it resolves. */
async function writeInPacks(path: string, parts: AsyncIterable<Buffer>): Promise<void> {
  const file = await open(path, 'w', 0o600);
  let [pack, bytes]: [Buffer[], number] = [[], 0];
  const write = async (): Promise<void> => {
    const { bytesWritten } = await file.writev(pack);
    if (bytesWritten !== bytes) throw new FileStoreError(`Of ${bytes} bytes ${bytesWritten} were written`);
    [pack, bytes] = [[], 0];
  };
  try {
    for await (const part of parts) {
      pack.push(part);
      bytes += part.length;
      if (bytes >= packBytes) await write();
    }
    if (bytes > 0) await write();
    await file.sync();
  } finally {
    await file.close();
  }
}

async function* sealAll(
  content: AsyncIterable<Buffer>,
  size: number,
  keys: FileKeys,
  head: Buffer,
): AsyncGenerator<Buffer> {
  yield head;
  const lastIndex = chunksOf(size) - 1;
  let [index, seen] = [0, 0];
  for await (const plain of inPieces(content, chunkBytes)) {
    seen += plain.length;
    if (index > lastIndex) break;
    yield* sealChunk(keys, plain, { index, isLast: index === lastIndex });
    index += 1;
  }
  if (size === 0) yield* sealChunk(keys, Buffer.alloc(0), { index: 0, isLast: true });
  if (seen !== size) throw new Error(`Of a file of ${size} bytes ${seen} came`);
}

/** All of this size but the last. Each is good until the next one is asked for: they are in one place. */
async function* inPieces(content: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafeSlow(bytes);
  let length = 0;
  for await (const some of content)
    for (let from = 0; from < some.length;) {
      const copied = some.copy(piece, length, from);
      [length, from] = [length + copied, from + copied];
      if (length < bytes) continue;
      yield piece;
      length = 0;
    }
  if (length > 0) yield piece.subarray(0, length);
}

async function allOf(content: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
