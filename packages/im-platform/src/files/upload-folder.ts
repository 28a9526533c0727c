import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../http/refusal.ts';
import type { TextKey } from '../http/texts.ts';

/** A file that has arrived as a whole, and has no place yet. */
export interface Upload {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
}

export const mostFileBytes: number = 20 * 1024 * 1024;
export const mostNameCharacters = 128;
/** For a file as large as may be: 35 KB in a second. */
const longestUploadMs = 600_000;
const leftoverMs = 86_400_000;
const heldEveryMs = 1_000;
/** Whoever has not said for so long that a file is theirs is gone. */
const abandonedMs = 10_000;

/** Says that somebody is at work on this file as long as the work goes on. */
export async function held<T>(path: string, work: () => Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    const now = new Date();
    // It may not be there yet, or no longer.
    void utimes(path, now, now).catch(() => undefined);
  }, heldEveryMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/** Where uploads are while they arrive: on the disk, however many and however slow, and nowhere once they are dealt with. */
export class UploadFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Takes the one file of a form, and gives it to `use`. Whatever happens, it leaves no trace here. */
  async receive<T>(
    request: FastifyRequest,
    { tooLarge, failed, mayBeEmpty = false }: { tooLarge: TextKey; failed: TextKey; mayBeEmpty?: boolean },
    use: (upload: Upload) => Promise<T>,
  ): Promise<T> {
    const path = await this.newPath();
    const timer = setTimeout(() => request.raw.destroy(), longestUploadMs);
    try {
      const upload = await this.#save(request, path, tooLarge).catch((error: unknown) => {
        // Only the disk's errors name a system call. The rest is the client's: it went away, or sent no proper form.
        if (error instanceof Refusal || (error as NodeJS.ErrnoException).syscall !== undefined) throw error;
        throw new Refusal(failed);
      });
      clearTimeout(timer);
      if (upload.size === 0 && !mayBeEmpty) throw new Refusal(failed);
      return await use(upload);
    } finally {
      clearTimeout(timer);
      await rm(path, { force: true });
    }
  }

  async newPath(): Promise<string> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    return join(this.#folder, randomUUID());
  }

  /** Deletes what a process left that died meanwhile. */
  async removeLeftovers(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const path = join(this.#folder, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      if (mtimeMs < Date.now() - leftoverMs) await rm(path, { force: true });
    }
  }

  /**
   * Deletes what was left of those whose names end so, however new. What somebody is at work on stays, on whichever machine that is: they say
   * so again and again (`held`). Their clocks need not agree.
   */
  async removeAbandoned(ending: string): Promise<void> {
    const before = await this.#changedAt(ending);
    if (before.size === 0) return;
    await sleep(abandonedMs);
    for (const [name, at] of await this.#changedAt(ending))
      if (before.get(name) === at) await rm(join(this.#folder, name), { force: true });
  }

  async #changedAt(ending: string): Promise<Map<string, number>> {
    const times = new Map<string, number>();
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!name.endsWith(ending)) continue;
      const found = await stat(join(this.#folder, name)).catch(() => undefined);
      if (found) times.set(name, found.mtimeMs);
    }
    return times;
  }

  async #save(request: FastifyRequest, path: string, tooLarge: TextKey): Promise<Upload> {
    const part = await request.file();
    if (part?.fieldname !== 'file') {
      part?.file.resume();
      throw new Refusal('malformed', { values: { what: 'no file in the field "file" of the form' } });
    }
    const { file, filename: name } = part;
    if (name.length > mostNameCharacters) {
      file.resume();
      throw new Refusal('fileNameTooLong');
    }
    const hash = createHash('sha256');
    let size = 0;
    const measure = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    await pipeline(file, measure, createWriteStream(path, { flush: true, mode: 0o600 }));
    if (file.truncated) throw new Refusal(tooLarge);
    return { name, path, size, sha256: hash.digest('hex') };
  }
}
