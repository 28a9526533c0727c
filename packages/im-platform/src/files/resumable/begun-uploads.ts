import { randomBytes } from 'node:crypto';
import { isDuplicate, type Database, type Sql } from '../../db/database.ts';
import { Refusal } from '../../http/refusal.ts';
import type { FileUsage } from '../file-usage.ts';
import { uploadKinds, type UploadAs } from '../kept-file.ts';

/** What somebody wants to upload. */
export interface UploadWish {
  readonly userId: number;
  /** The client's own name of it: the same one is the same upload. */
  readonly key: string | undefined;
  readonly name: string;
  readonly size: number;
  readonly as: UploadAs;
  readonly isPermanent: boolean;
}

/** An upload that comes in parts. */
export interface BegunUpload {
  readonly id: string;
  readonly fileName: string;
  readonly fileSize: number;
  /** Its place in `uploadKinds`. */
  readonly isImage: number;
  readonly isPermanent: number;
  /** What has come of it, if it lies in the store of files. */
  readonly received: number;
  /** As JSON: the file that it has become. */
  readonly result: string | null;
}

interface Row extends BegunUpload {
  readonly endTime: number;
}

const columns = [
  ...(['id', 'fileName', 'fileSize', 'isImage', 'isPermanent'] as const),
  ...(['received', 'result', 'endTime'] as const),
] as const;
/** After its last part; for one that has become a file, as long as its client may ask again. */
const keepMs = 86_400_000;
/** That one user has under way. */
const mostUnfinished = 20;
/** Who writes to it says so again before that. */
const leaseMs = 10_000;

/**
 * The table of uploads that come in parts. What one will take is reserved when it begins, so that nobody sends 200 MB for which
 * there is no room, or fills the disk with what is never finished.
 */
export class BegunUploads {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;
  readonly #sql: Database['sql'];
  readonly #usage: FileUsage;

  constructor(database: Pick<Database, 'sql' | 'transaction'>, usage: FileUsage) {
    this.#database = database;
    this.#sql = database.sql;
    this.#usage = usage;
  }

  /** The upload that was begun with the same key, or a new one. */
  async begin(wish: UploadWish): Promise<{ readonly upload: BegunUpload; readonly isNew: boolean }> {
    const begun = await this.#begun(wish);
    if (begun) return { upload: begun, isNew: false };
    try {
      return { upload: await this.#insert(wish), isNew: true };
    } catch (error) {
      // The same request at the same moment.
      const twin = isDuplicate(error) ? await this.#begun(wish) : undefined;
      if (!twin) throw error;
      return { upload: twin, isNew: false };
    }
  }

  /** Of this user; nobody else hears that it is there. */
  find(userId: number, id: string): Promise<BegunUpload | undefined> {
    return this.get(id, { userId });
  }

  get(id: string, more: { readonly userId?: number } = {}): Promise<BegunUpload | undefined> {
    return this.#sql('im_upload')
      .where({ id, ...more })
      .where('endTime', '>', Date.now())
      .first<Row | undefined>(...columns);
  }

  /** Within the transaction that takes what the file really needs. */
  async giveBackReserved(sql: Sql, id: string): Promise<void> {
    const row = await sql('im_upload')
      .where({ id })
      .forUpdate()
      .first<{ userId: number; reserved: number } | undefined>('userId', 'reserved');
    if (!row || row.reserved === 0) return;
    await sql('im_upload').where({ id }).update({ reserved: 0 });
    await this.#usage.giveBack(sql, row.userId, row.reserved);
  }

  /** It is a file now. Asked again, the answer is the same. */
  async finish(id: string, result: string): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await this.giveBackReserved(sql, id);
      await sql('im_upload')
        .where({ id })
        .update({ result, endTime: Date.now() + keepMs });
    });
  }

  async remove(id: string): Promise<void> {
    await this.#database.transaction(async (sql) => {
      await this.giveBackReserved(sql, id);
      await sql('im_upload').where({ id }).delete();
    });
  }

  /** Whose time is over; of one user, or of all. */
  async expired(whose: { readonly userId?: number }, limit: number): Promise<string[]> {
    const rows = await this.#sql('im_upload')
      .where(whose)
      .where('endTime', '<=', Date.now())
      .orderBy('endTime')
      .limit(limit)
      .select<{ id: string }[]>('id');
    return rows.map(({ id }) => id);
  }

  async of(userId: number): Promise<string[]> {
    const rows = await this.#sql('im_upload').where({ userId }).select<{ id: string }[]>('id');
    return rows.map(({ id }) => id);
  }

  /** False: somebody else has it, or there is no such upload. */
  async lock(id: string, holder: string): Promise<boolean> {
    const now = Date.now();
    const taken = await this.#sql('im_upload')
      .where({ id })
      .where('endTime', '>', now)
      .where('lockedUntil', '<', now)
      .update({ lockHolder: holder, lockedUntil: now + leaseMs, isAwaited: 0, endTime: now + keepMs });
    return taken > 0;
  }

  /** Who holds it learns so with its next renewal. */
  async awaitLock(id: string): Promise<void> {
    await this.#sql('im_upload').where({ id }).update({ isAwaited: 1 });
  }

  /** What has become of a lock: `lost` to another one, `awaited` by somebody, or neither. */
  async renewLock(id: string, holder: string): Promise<'held' | 'awaited' | 'lost'> {
    const mine = { id, lockHolder: holder };
    const renewed = await this.#sql('im_upload')
      .where(mine)
      .update({ lockedUntil: Date.now() + leaseMs });
    if (renewed === 0) return 'lost';
    const row = await this.#sql('im_upload')
      .where(mine)
      .first<{ isAwaited: number } | undefined>('isAwaited');
    return row?.isAwaited === 1 ? 'awaited' : 'held';
  }

  async unlock(id: string, holder: string): Promise<void> {
    await this.#sql('im_upload')
      .where({ id, lockHolder: holder })
      .update({ lockHolder: null, lockedUntil: 0 });
  }

  async #begun({ userId, key, name, size, as, isPermanent }: UploadWish): Promise<BegunUpload | undefined> {
    if (key === undefined) return undefined;
    const row = await this.#sql('im_upload')
      .where({ userId, onceKey: key })
      .first<Row | undefined>(...columns);
    if (!row) return undefined;
    if (row.endTime <= Date.now()) {
      await this.remove(row.id);
      return undefined;
    }
    const { fileName, fileSize, ...is } = row;
    const isSame =
      fileName === name &&
      fileSize === size &&
      is.isImage === uploadKinds.indexOf(as) &&
      (is.isPermanent === 1) === isPermanent;
    if (!isSame) throw new Refusal('idempotencyKeyReused');
    return row;
  }

  async #insert({ userId, key, name, size, as, isPermanent }: UploadWish): Promise<BegunUpload> {
    const upload = {
      ...{ id: randomBytes(16).toString('base64url'), fileName: name, fileSize: size },
      ...{ isImage: uploadKinds.indexOf(as), isPermanent: isPermanent ? 1 : 0, received: 0, result: null },
    };
    await this.#database.transaction(async (sql) => {
      await sql('im_upload').insert({
        ...{ ...upload, userId, onceKey: key ?? null, reserved: size, endTime: Date.now() + keepMs },
      });
      // Whoever begins another one at the same moment waits here, and counts this one.
      await this.#usage.take(sql, userId, size);
      const unfinished = await sql('im_upload')
        .where({ userId })
        .whereNull('result')
        .where('endTime', '>', Date.now())
        .count<{ count: number }[]>({ count: '*' });
      if (Number(unfinished[0]?.count) > mostUnfinished)
        throw new Refusal('tooManyUploads', { values: { most: String(mostUnfinished) } });
    });
    return upload;
  }
}
