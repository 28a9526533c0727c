import type { Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import { nobody } from './file-key.ts';

/** In bytes. */
export interface Quotas {
  readonly perUser: number;
  readonly inAll: number;
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
      throw new Refusal('filesFull', { values: { megabytes: String(Math.floor(perUser / 2 ** 20)) } });
    if (!(await add(sql, everybody, bytes, inAll))) throw new Refusal('storageFull');
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
    await add(sql, to, bytes, Infinity);
  }
}

/** False: it would be more than `most`. */
async function add(sql: Sql, userId: number, bytes: number, most: number): Promise<boolean> {
  const increment = async (): Promise<boolean> => {
    const added = await sql('im_file_usage')
      .where({ userId })
      .where('bytes', '<=', Math.min(most, Number.MAX_SAFE_INTEGER) - bytes)
      .increment('bytes', bytes);
    return added > 0;
  };
  if (await increment()) return true;
  // No room, or no row yet. Not before: of several that find the row there, all would hold it, and none could change it.
  await sql('im_file_usage').insert({ userId, bytes: 0 }).onConflict('userId').ignore();
  return increment();
}
