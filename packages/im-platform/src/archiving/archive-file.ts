import { createHash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { createGunzip, createGzip, type Gzip } from 'node:zlib';
import { PlatformError } from '../platform-error.ts';
import type { FileStore } from '../files/file-store.ts';
import type { Archive, ArchivedMessage } from './archive.ts';

type Store = Pick<FileStore, 'put' | 'size' | 'read'>;

export interface Written {
  readonly sha256: string;
  readonly bytes: number;
}

/** Messages as lines of JSON, gzipped, in a file of its own until it is put where archives are. No more of it is in memory than a line. */
export class ArchiveWriter {
  readonly #folder: string;
  readonly #hash = createHash('sha256');
  readonly #gzip: Gzip;
  readonly #done: Promise<void>;
  #bytes = 0;

  private constructor(folder: string) {
    this.#folder = folder;
    this.#gzip = createGzip();
    const measure = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.#hash.update(chunk);
        this.#bytes += chunk.length;
        done(null, chunk);
      },
    });
    const file: WriteStream = createWriteStream(this.#path, { mode: 0o600, flush: true });
    this.#done = pipeline(this.#gzip, measure, file);
  }

  /** In a folder of its own there. */
  static async open(within: string): Promise<ArchiveWriter> {
    await mkdir(within, { recursive: true, mode: 0o700 });
    return new ArchiveWriter(await mkdtemp(join(within, 'part-')));
  }

  get #path(): string {
    return join(this.#folder, 'part.jsonl.gz');
  }

  async write(message: ArchivedMessage): Promise<void> {
    if (this.#gzip.write(`${JSON.stringify(message)}\n`)) return;
    await new Promise((resolve) => this.#gzip.once('drain', resolve));
  }

  /** Puts it there, and reads it again from there: whoever removes what is in it must be sure. */
  async putInto(store: Store, name: string, messages: number): Promise<Written> {
    this.#gzip.end();
    await this.#done;
    const written = { sha256: this.#hash.digest('hex'), bytes: this.#bytes };
    await store.put(name, this.#path);
    const lines = await checkArchive(store, { name, ...written });
    if (lines !== messages) throw broken(name, `it has ${lines} messages, expected ${messages}`);
    return written;
  }

  async close(): Promise<void> {
    this.#gzip.destroy();
    await this.#done.catch(() => undefined);
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** How many messages it has; throws if it is not as it was written. */
export async function checkArchive(
  store: Store,
  archive: Pick<Archive, 'name' | 'sha256' | 'bytes'>,
): Promise<number> {
  let messages = 0;
  const all = messagesIn(store, archive);
  while ((await all.next()).done !== true) messages += 1;
  return messages;
}

/** The messages of a file, one after the other. Throws at the end if it is not the file that was written. */
export async function* messagesIn(
  store: Store,
  { name, sha256, bytes }: Pick<Archive, 'name' | 'sha256' | 'bytes'>,
): AsyncGenerator<ArchivedMessage, void, undefined> {
  const size = await store.size(name);
  if (size !== bytes)
    throw broken(name, size === undefined ? 'it is not there' : `it has ${size} bytes, expected ${bytes}`);
  const hash = createHash('sha256');
  const read = await store.read(name, { start: 0, end: bytes - 1 });
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const gunzip = createGunzip();
  const flowing = pipeline(read, measure, gunzip);
  // Whoever reads the lines hears of it.
  flowing.catch(() => undefined);
  try {
    for await (const line of createInterface({ input: gunzip, crlfDelay: Infinity }))
      // It was written here.
      yield JSON.parse(line) as ArchivedMessage;
    await flowing;
  } catch (error) {
    throw broken(name, (error as Error).message);
  }
  if (hash.digest('hex') !== sha256) throw broken(name, 'its checksum is another one');
}

function broken(name: string, what: string): PlatformError {
  return new PlatformError('ARCHIVE_BROKEN', `The archive ${name} is not as it was written: ${what}.`);
}
