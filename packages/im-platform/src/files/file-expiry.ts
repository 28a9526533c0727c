import type { Logger } from 'im-common';
import { isOutage } from '../outage.ts';
import type { FileRecord, FileRecords } from './file-records.ts';
import type { UploadFolder } from './upload-folder.ts';

export interface FileExpiryDeps {
  readonly records: FileRecords;
  readonly deleteFile: (file: FileRecord) => Promise<void>;
  readonly folder: Pick<UploadFolder, 'removeLeftovers'>;
  readonly uploads: { removeExpired(): Promise<void> };
  readonly logger: Logger;
  readonly everyMs: number;
}

const dayMs = 86_400_000;
/** After a run that failed, as the store or the database was away. */
const againMs = 60_000;
/** What was sent in a chat is kept so long after its last upload. */
const keepMs = 180 * dayMs;
const atOnce = 200;

/**
 * Deletes files that are not to be kept, and what broken uploads left. Runs in every instance; each step may be done
 * twice or be cut off without harm.
 */
export class FileExpiry {
  readonly #deps: FileExpiryDeps;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: FileExpiryDeps) {
    this.#deps = deps;
  }

  /** The first run is at once: whoever restarts daily would never see the second. */
  start(): void {
    if (this.#isClosed) return;
    const { everyMs, logger } = this.#deps;
    let nextMs = everyMs;
    this.#running = this.#run()
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'old files could not be deleted; the next run does it');
        nextMs = Math.min(everyMs, againMs);
      })
      .finally(() => {
        if (!this.#isClosed) this.#timer = setTimeout(() => this.start(), nextMs);
      });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    const now = Date.now();
    await this.#deps.folder.removeLeftovers();
    await this.#deps.uploads.removeExpired();
    await this.#deleteOld({ before: now - dayMs, unfinished: true });
    await this.#deleteOld({ before: now - keepMs, unfinished: false });
  }

  async #deleteOld(which: { before: number; unfinished: boolean }): Promise<void> {
    const { records } = this.#deps;
    // A file that cannot be deleted is passed over, not tried for ever.
    let skip = 0;
    while (!this.#isClosed) {
      const old = await records.findOld({ ...which, limit: atOnce, skip });
      if (old.length === 0) return;
      for (const file of await this.#withoutPictures(old))
        if (!(await this.#delete(file, which.before))) skip++;
    }
  }

  /** Box-im's page uploads pictures of groups as if they were sent in a chat: those in use become permanent. */
  async #withoutPictures(files: readonly FileRecord[]): Promise<FileRecord[]> {
    const { records } = this.#deps;
    const pathsOf = ({ filePath, compressedPath }: FileRecord): string[] => [
      filePath,
      compressedPath ?? filePath,
    ];
    const pictures = await records.picturesAmong(files.flatMap(pathsOf));
    const isPicture = (file: FileRecord): boolean => pathsOf(file).some((path) => pictures.has(path));
    await records.keep(files.filter(isPicture).map(({ id }) => id));
    return files.filter((file) => !isPicture(file));
  }

  async #delete(file: FileRecord, before: number): Promise<boolean> {
    const { records, deleteFile, logger } = this.#deps;
    try {
      // Uploaded again meanwhile, or deleted by another instance: then it is out of the way as well.
      if (await records.release(file.id, before)) await deleteFile(file);
      return true;
    } catch (error) {
      // Nor could any other one.
      if (isOutage(error)) throw error;
      logger.warn({ err: error, file: file.filePath }, 'an old file could not be deleted');
      return false;
    }
  }
}
