import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FastifyRequest } from 'fastify';
import { withinDeadline } from '../../http/deadline.ts';
import { Refusal } from '../../http/refusal.ts';
import type { TextKey } from '../../http/texts.ts';
import type { FileService } from '../file-service.ts';
import { keepUpload, uploadKinds, type KeptFile } from '../kept-file.ts';
import { mostFileBytes, type UploadFolder } from '../upload-folder.ts';
import type { BegunUpload, BegunUploads, UploadWish } from './begun-uploads.ts';
import { checkedPart, type PartSum } from './checked-part.ts';
import { Tus } from './tus.ts';
import type { UploadBytes } from './upload-bytes.ts';
import { UploadLocks } from './upload-locks.ts';

export interface ResumableDeps {
  readonly records: BegunUploads;
  readonly files: FileService;
  readonly bytes: UploadBytes;
  /** Where parts are until their sums are known to be right. */
  readonly folder: Pick<UploadFolder, 'newPath'>;
  readonly largestMb: number;
  readonly timeoutMs: number;
}

interface CheckedAppend {
  readonly request: FastifyRequest;
  readonly offset: number;
  readonly expected: PartSum;
}

const atOnce = 200;
/** What is so refused now is so for ever. */
const hopeless: ReadonlySet<string> = new Set<TextKey>(['imageFormat', 'fileInfected', 'fileUnscanned']);
/** What is kept goes on when its request has been answered; who asks again waits for it. */
const longestKeepMs = 60_000;
const bytesAtOnce = 1_048_576;

/** Uploads that come in parts, and go on where they were cut off; each of them is its creator's alone. */
export class ResumableUploads {
  readonly #deps: ResumableDeps;
  readonly #locks: UploadLocks;
  readonly #tus: Tus;
  /** Those that are becoming files. It may take longer than a request: who asks again waits for the same. */
  readonly #finishing = new Map<string, Promise<KeptFile>>();

  constructor(deps: ResumableDeps) {
    const { records, bytes } = deps;
    this.#deps = deps;
    this.#locks = new UploadLocks(records);
    this.#tus = new Tus({ bytes, locks: this.#locks });
  }

  /** A new one, or the one that was begun with the same key and how far it is. */
  async begin(wish: UploadWish): Promise<{ readonly id: string; readonly offset: number }> {
    const { records, largestMb } = this.#deps;
    if (wish.as === 'image' && wish.size > mostFileBytes) throw new Refusal('imageTooLarge');
    if (wish.size > largestMb * 2 ** 20)
      throw new Refusal('uploadTooLarge', { values: { megabytes: String(largestMb) } });
    await this.removeExpired({ userId: wish.userId });
    const { upload, isNew } = await records.begin(wish);
    const { id, fileSize, result } = upload;
    if (result !== null) return { id, offset: fileSize };
    const offset = isNew ? undefined : await this.#tus.offsetOf(upload);
    if (offset !== undefined) return { id, offset };
    try {
      await this.#tus.create(upload);
    } catch (error) {
      await records.remove(id);
      throw error;
    }
    return { id, offset: 0 };
  }

  /** How far it is, its next part, or its end, as tus has them. Resolves with headers of the answer. */
  async handle(userId: number, id: string, request: FastifyRequest): Promise<Record<string, string>> {
    const { result, fileSize } = await this.#find(userId, id);
    if (result === null) return this.#tus.handle(request);
    // It is a file, and has gone from here.
    if (request.method === 'PATCH') throw new Refusal('uploadUnknown');
    if (request.method === 'DELETE') await this.#remove(id);
    return { 'upload-offset': String(fileSize), 'upload-length': String(fileSize) };
  }

  /** The next part, which is written if its sum is right. */
  async append(
    userId: number,
    id: string,
    { request, offset, expected }: CheckedAppend,
  ): Promise<Record<string, string>> {
    const upload = await this.#find(userId, id);
    // What is refused whatever is in it need not be kept first.
    const isNext = upload.result === null && (await this.#tus.offsetOf(upload)) === offset;
    if (!isNext) return this.handle(userId, id, request);
    const { folder } = this.#deps;
    return checkedPart(request.raw, { folder, most: upload.fileSize - offset, expected }, (part) =>
      this.#tus.handle(request, part),
    );
  }

  /** Makes a file of what has come as a whole. Asked again, it answers the same. */
  async finish(userId: number, id: string): Promise<KeptFile> {
    const upload = await this.#find(userId, id);
    let finishing = this.#finishing.get(id);
    if (!finishing) {
      finishing = this.#finish(userId, upload).finally(() => this.#finishing.delete(id));
      this.#finishing.set(id, finishing);
    }
    return withinDeadline(this.#deps.timeoutMs, finishing);
  }

  /** What nobody goes on with. Runs in every instance; each step may be done twice or be cut off without harm. */
  async removeExpired(whose: { readonly userId?: number } = {}): Promise<void> {
    const { records } = this.#deps;
    for (;;) {
      const ids = await records.expired(whose, atOnce);
      for (const id of ids) await this.#remove(id);
      if (ids.length < atOnce) return;
    }
  }

  /** A request whose client has gone is not waited for: its lock ends by itself. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#finishing.values());
  }

  async #find(userId: number, id: string): Promise<BegunUpload> {
    const upload = await this.#deps.records.find(userId, id);
    if (!upload) throw new Refusal('uploadUnknown');
    return upload;
  }

  async #finish(userId: number, { id }: BegunUpload): Promise<KeptFile> {
    const lock = this.#locks.newLock(id);
    await lock.lock(new AbortController().signal, () => undefined);
    try {
      // Another instance may have been quicker.
      const upload = await this.#find(userId, id);
      if (upload.result !== null) return JSON.parse(upload.result) as KeptFile; // as it was written below
      return await this.#keep(userId, upload);
    } finally {
      await lock.unlock();
    }
  }

  async #keep(userId: number, upload: BegunUpload): Promise<KeptFile> {
    const { bytes, records } = this.#deps;
    const { id, fileSize } = upload;
    if ((await this.#tus.offsetOf(upload)) !== fileSize) throw new Refusal('uploadElsewhere');
    try {
      const kept = await bytes.withWhole(upload, (path) => this.#keepWhole(userId, upload, path));
      await records.finish(id, JSON.stringify(kept));
      await bytes.remove(id);
      return kept;
    } catch (error) {
      // It will never be one.
      if (error instanceof Refusal && hopeless.has(error.key)) await this.#remove(id);
      throw error;
    }
  }

  async #keepWhole(
    userId: number,
    { id, fileName: name, fileSize: size, isImage, isPermanent }: BegunUpload,
    path: string,
  ): Promise<KeptFile> {
    const { files, records } = this.#deps;
    return keepUpload(
      files,
      { name, path, size, sha256: await hashOf(path) },
      {
        as: uploadKinds[isImage] ?? 'file',
        wish: {
          ...{ userId, isPermanent: isPermanent === 1 },
          giveBack: (sql) => records.giveBackReserved(sql, id),
        },
        timeoutMs: longestKeepMs,
      },
    );
  }

  /** The bytes first, so that none are left that no row knows. */
  async #remove(id: string): Promise<void> {
    await this.#deps.bytes.remove(id);
    await this.#deps.records.remove(id);
  }
}

/** Of what is on the disk for good. */
async function hashOf(path: string): Promise<string> {
  const file = await open(path, 'r+');
  await file.sync();
  const hash = createHash('sha256');
  // It closes the file when it ends, however it ends.
  for await (const chunk of file.createReadStream({ highWaterMark: bytesAtOnce }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
