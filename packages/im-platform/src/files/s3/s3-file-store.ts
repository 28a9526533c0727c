import { open, type FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type * as s3 from '@aws-sdk/client-s3';
import { Lane } from '../../limits/lane.ts';
import { PlatformError } from '../../platform-error.ts';
import type { ByteRange } from '../byte-range.ts';
import { FileStoreError, type FileStore } from '../file-store.ts';
import type { S3Place } from './s3-place.ts';
import { statusOf, troubleOf } from './s3-trouble.ts';

type Library = typeof s3;

interface Opened {
  readonly library: Library;
  readonly client: s3.S3Client;
}

/** Larger files go in parts of this size: each may be sent again by itself, and no more of a file is in memory. */
const partBytes = 8 * 2 ** 20;
/** Files that are sent at once, and that wait for it. */
const [mostAtOnce, mostWaiting] = [6, 1_000];
const longestWaitMs = 600_000;

/** Less than a request may take. */
const answerMs = 3_500;
/** For a part, at 140 KB in a second. */
const partMs = 60_000;
const connectMs = 2_000;
/** Nothing comes, or nobody takes what comes. */
const silentMs = 60_000;
const mostSockets = 1_000;
const seenMs = 10_000;

/** A bucket of S3, or of what speaks as S3 does. The SDK is loaded by those alone who have one. */
export class S3FileStore implements FileStore {
  readonly #place: S3Place;
  readonly #writing = new Lane(
    mostAtOnce,
    mostWaiting,
    () => new FileStoreError('too many files wait to be sent to S3'),
  );
  #opened: Promise<Opened> | undefined;
  #bucketSeenUntil = -Infinity;

  constructor(place: S3Place) {
    this.#place = place;
  }

  async check(): Promise<void> {
    await this.#load();
    try {
      await this.#seeBucket();
    } catch (error) {
      const { text, isMistake } = troubleOf((error as Error).cause, this.#place);
      if (isMistake) throw new PlatformError('INVALID_OPTION', text, { cause: error });
      throw error;
    }
  }

  async put(key: string, temporaryFile: string): Promise<void> {
    // Held open: whoever gave it may have gone until its turn comes, and its name with it.
    const file = await open(temporaryFile);
    try {
      await this.#writing.run(performance.now() + longestWaitMs, () => this.#write(key, file));
    } finally {
      await file.close();
    }
  }

  async size(key: string): Promise<number | undefined> {
    const answer = await this.#ask(answerMs, async ({ library, client }, abortSignal) => {
      try {
        return await client.send(new library.HeadObjectCommand(this.#named(key)), { abortSignal });
      } catch (error) {
        if (statusOf(error) === 404) return undefined;
        throw error;
      }
    });
    if (!answer) {
      // It says the same when there is no bucket, and then all files would seem to be gone.
      await this.#seeBucket();
      return undefined;
    }
    if (answer.ContentLength === undefined) throw this.#odd('it does not say how large a file is');
    return answer.ContentLength;
  }

  async read(key: string, { start, end }: ByteRange): Promise<Readable> {
    const { Body, ContentLength } = await this.#ask(answerMs, ({ library, client }, abortSignal) =>
      client.send(new library.GetObjectCommand({ ...this.#named(key), Range: `bytes=${start}-${end}` }), {
        abortSignal,
      }),
    );
    const body = Body as Readable | undefined; // on Node
    if (body && ContentLength === end - start + 1) return body;
    body?.destroy();
    throw this.#odd(`asked for bytes ${start} to ${end} it sends ${ContentLength ?? 'some'}`);
  }

  async delete(key: string): Promise<void> {
    await this.#ask(answerMs, ({ library, client }, abortSignal) =>
      client.send(new library.DeleteObjectCommand(this.#named(key)), { abortSignal }),
    );
  }

  close(): void {
    void this.#opened?.then(({ client }) => client.destroy());
  }

  async #write(key: string, file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    if (size <= partBytes) await this.#putWhole(key, await bytesOf(file, 0, size));
    else await this.#putInParts(key, file, size);
    const kept = await this.size(key);
    if (kept !== size) throw this.#odd(`of ${size} bytes it has kept ${kept ?? 'none'}`);
  }

  async #putWhole(key: string, Body: Buffer): Promise<void> {
    await this.#ask(partMs, ({ library, client }, abortSignal) =>
      client.send(new library.PutObjectCommand({ ...this.#named(key), Body }), { abortSignal }),
    );
  }

  /** Nothing is there until all of it is. */
  async #putInParts(key: string, file: FileHandle, size: number): Promise<void> {
    const named = this.#named(key);
    const { UploadId } = await this.#ask(answerMs, ({ library, client }, abortSignal) =>
      client.send(new library.CreateMultipartUploadCommand(named), { abortSignal }),
    );
    if (UploadId === undefined) throw this.#odd('it begins no upload in parts');
    const upload = { ...named, UploadId };
    try {
      const Parts: s3.CompletedPart[] = [];
      for (let at = 0; at < size; at += partBytes) {
        const part = { PartNumber: Parts.length + 1, Body: await bytesOf(file, at, partBytes) };
        const { ETag } = await this.#ask(partMs, ({ library, client }, abortSignal) =>
          client.send(new library.UploadPartCommand({ ...upload, ...part }), { abortSignal }),
        );
        Parts.push({ PartNumber: part.PartNumber, ETag });
      }
      await this.#ask(partMs, ({ library, client }, abortSignal) =>
        client.send(new library.CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }), {
          abortSignal,
        }),
      );
    } catch (error) {
      // If that fails, too, the rule of the bucket for uploads that were not completed removes it (docs/files.md).
      await this.#ask(answerMs, ({ library, client }, abortSignal) =>
        client.send(new library.AbortMultipartUploadCommand(upload), { abortSignal }),
      ).catch(() => undefined);
      throw error;
    }
  }

  async #seeBucket(): Promise<void> {
    if (performance.now() < this.#bucketSeenUntil) return;
    await this.#ask(answerMs, ({ library, client }, abortSignal) =>
      client.send(new library.HeadBucketCommand({ Bucket: this.#place.bucket }), { abortSignal }),
    );
    this.#bucketSeenUntil = performance.now() + seenMs;
  }

  /** Rejects with a FileStoreError that says what to do. Until the answer begins it takes `timeoutMs` at most. */
  async #ask<T>(
    timeoutMs: number,
    ask: (opened: Opened, abortSignal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const opened = await this.#load();
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    try {
      return await ask(opened, controller.signal);
    } catch (cause) {
      throw new FileStoreError(troubleOf(cause, this.#place).text, { cause });
    } finally {
      clearTimeout(timer);
    }
  }

  #load(): Promise<Opened> {
    this.#opened ??= this.#open().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #open(): Promise<Opened> {
    const { region, endpoint, isPathStyle, credentials } = this.#place;
    const library = await import('@aws-sdk/client-s3').catch((cause: unknown) => {
      const text = 'Files in S3 need a library that is not installed. Run: npm install @aws-sdk/client-s3';
      throw new PlatformError('DRIVER_MISSING', text, { cause });
    });
    const agent = { keepAlive: true, maxSockets: mostSockets };
    const client = new library.S3Client({
      ...{ region, forcePathStyle: isPathStyle, maxAttempts: 3 },
      ...(endpoint !== undefined && { endpoint }),
      ...(credentials && { credentials }),
      // Others than Amazon's know no newer ones.
      ...{ requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' },
      requestHandler: {
        ...{ connectionTimeout: connectMs, socketTimeout: silentMs, httpAgent: agent, httpsAgent: agent },
      },
    });
    return { library, client };
  }

  #named(key: string): { Bucket: string; Key: string } {
    return { Bucket: this.#place.bucket, Key: this.#place.prefix + key };
  }

  #odd(what: string): FileStoreError {
    const { endpoint, region } = this.#place;
    return new FileStoreError(
      `${endpoint ?? `S3 in ${region}`} answers as no S3 does: ${what}. Is --s3-endpoint right?`,
    );
  }
}

/** Fewer at its end. */
async function bytesOf(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(length), position });
  return buffer.subarray(0, bytesRead);
}
