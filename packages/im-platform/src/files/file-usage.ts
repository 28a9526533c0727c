import type { Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { nobody } from './file-key.ts';

/** In bytes. */
export interface Quotas {
  readonly perUser: number;
  readonly inAll: number;
}

/** What the files of one user take up, and may. */
export interface Storage {
  readonly bytes: number;
  readonly most: number;
  /** It was set for this user. */
  readonly isOwn: boolean;
}

/** Stands for all of them in the table. */
const everybody = -1;

/**
 * What files take up, of each user and in all: two numbers, which change in the transaction in which a file comes or
 * goes. So they are exact, over all instances, and uploads at the same moment cannot go beyond a quota together.
 */
export class FileUsage {
  readonly #quotas: Quotas;

  constructor(quotas: Quotas) {
    this.#quotas = quotas;
  }

  /** Refuses what would not fit. Uploads without a token share the limit for all. */
  async take(sql: Sql, userId: number, bytes: number): Promise<void> {
    const { perUser, inAll } = this.#quotas;
    if (!(await add(sql, userId, bytes, userId === nobody ? inAll : perUser)))
      throw full(await this.of(sql, userId));
    if (!(await add(sql, everybody, bytes, inAll))) throw new Refusal('storageFull');
  }

  /** Refuses what would not fit as it is now, before it is read; what does is taken when it is here. */
  async check(sql: Sql, userId: number, bytes: number): Promise<void> {
    const used = await this.of(sql, userId);
    if (used.bytes + bytes > used.most) throw full(used);
    if ((await this.inAll(sql)) + bytes > this.#quotas.inAll) throw new Refusal('storageFull');
  }

  async of(sql: Sql, userId: number): Promise<Storage> {
    const row = await sql('im_file_usage')
      .where({ userId })
      .first<{ bytes: number; mostBytes: number | null } | undefined>('bytes', 'mostBytes');
    const { perUser, inAll } = this.#quotas;
    const most = row?.mostBytes ?? (userId === nobody ? inAll : perUser);
    return { bytes: row?.bytes ?? 0, most, isOwn: typeof row?.mostBytes === 'number' };
  }

  /** Null: as much as everybody. What lies there stays. */
  async setMost(sql: Sql, userId: number, mostBytes: number | null): Promise<void> {
    await sql('im_file_usage')
      .insert({ userId, bytes: 0, mostBytes })
      .onConflict('userId')
      .merge(['mostBytes']);
  }

  async giveBack(sql: Sql, userId: number, bytes: number): Promise<void> {
    for (const id of [userId, everybody])
      await sql('im_file_usage').where({ userId: id }).decrement('bytes', bytes);
  }

  async inAll(sql: Sql): Promise<number> {
    const row = await sql('im_file_usage')
      .where({ userId: everybody })
      .first<{ bytes: number } | undefined>('bytes');
    return row?.bytes ?? 0;
  }

  /** What is there already and belongs to another one now. */
  async handOver(sql: Sql, from: number, to: number, bytes: number): Promise<void> {
    await sql('im_file_usage').where({ userId: from }).decrement('bytes', bytes);
    await add(sql, to, bytes);
  }
}

function full({ bytes, most }: Storage): Refusal {
  return new Refusal('filesFull', { values: { used: megabytes(bytes), megabytes: megabytes(most) } });
}

function megabytes(bytes: number): string {
  return String(Math.round((bytes / 2 ** 20) * 10) / 10);
}

/** False: it would be more than `most`, or than is set for this user. Undefined: whatever there is. */
async function add(sql: Sql, userId: number, bytes: number, most?: number): Promise<boolean> {
  const increment = async (): Promise<boolean> => {
    const row = sql('im_file_usage').where({ userId });
    if (most !== undefined) void row.whereRaw('bytes + ? <= coalesce(most_bytes, ?)', [bytes, most]);
    return (await row.increment('bytes', bytes)) > 0;
  };
  if (await increment()) return true;
  // No room, or no row yet. Not before: of several that find the row there, all would hold it, and none could change it.
  await sql('im_file_usage').insert({ userId, bytes: 0 }).onConflict('userId').ignore();
  return increment();
}
