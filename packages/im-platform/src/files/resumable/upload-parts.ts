import { randomBytes } from 'node:crypto';
import type { Database } from '../../db/database.ts';

export interface UploadPart {
  /** Its key in the store of files; no address leads to it. */
  readonly path: string;
  readonly uploadId: string;
  readonly start: number;
}

/**
 * The table of parts. As with files a row is there before the first byte is in the store and until the last one is gone. Two
 * writers may bring the same bytes, as one of them has lost the lock: the part of whoever is first counts.
 */
export class UploadParts {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  async begin(uploadId: string, start: number): Promise<UploadPart> {
    const part = { path: `part/${uploadId}/${randomBytes(16).toString('base64url')}`, uploadId, start };
    await this.#database.sql('im_upload_part').insert(part);
    return part;
  }

  async count(uploadId: string): Promise<number> {
    const [row] = await this.#database
      .sql('im_upload_part')
      .where({ uploadId })
      .count<{ count: number }[]>({ count: '*' });
    return Number(row?.count);
  }

  /** It is in the store. False: the upload is further than that already, or is none any more. */
  complete({ path, uploadId, start }: UploadPart, bytes: number): Promise<boolean> {
    return this.#database.transaction(async (sql) => {
      const counted = await sql('im_upload')
        .where({ id: uploadId, received: start })
        .update({ received: start + bytes });
      if (counted > 0) await sql('im_upload_part').where({ path }).update({ bytes });
      return counted > 0;
    });
  }

  /** Those that count, in their order. */
  counted(uploadId: string): Promise<(UploadPart & { readonly bytes: number })[]> {
    return this.#database
      .sql('im_upload_part')
      .where({ uploadId })
      .whereNotNull('bytes')
      .orderBy('start')
      .select('path', 'uploadId', 'start', 'bytes');
  }

  /** All that may be in the store. */
  async all(uploadId: string): Promise<string[]> {
    const rows = await this.#database
      .sql('im_upload_part')
      .where({ uploadId })
      .select<{ path: string }[]>('path');
    return rows.map(({ path }) => path);
  }

  async remove(path: string): Promise<void> {
    await this.#database.sql('im_upload_part').where({ path }).delete();
  }
}
