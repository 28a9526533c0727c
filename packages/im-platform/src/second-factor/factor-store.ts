import type { Database, Sql } from '../db/database.ts';

/** What somebody's app and we both know. */
export interface Factor {
  readonly userId: number;
  /** Sealed. */
  readonly secret: string;
  /** Of the newest code that was used: it and those before are over. */
  readonly lastStep: number;
  readonly createdTime: number;
  /** Null: it has not been shown yet that the app has it. */
  readonly confirmedTime: number | null;
}

export class FactorStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  find(userId: number, sql: Sql = this.#sql): Promise<Factor | undefined> {
    return sql('im_second_factor').where({ userId }).first() as Promise<Factor | undefined>;
  }

  async isOn(userId: number, sql: Sql = this.#sql): Promise<boolean> {
    const factor = await this.find(userId, sql);
    return factor !== undefined && factor.confirmedTime !== null;
  }

  /** To an account elsewhere, with which they sign in by themselves. */
  async isLinked(userId: number): Promise<boolean> {
    const row: unknown = await this.#sql('im_identity').where({ userId }).first('id');
    return row !== undefined;
  }

  /** In place of one that was never confirmed. */
  async begin(sql: Sql, userId: number, secret: string): Promise<void> {
    const row = { userId, secret, lastStep: 0, createdTime: Date.now(), confirmedTime: null };
    await sql('im_second_factor').insert(row).onConflict('userId').merge();
  }

  async confirm(sql: Sql, userId: number): Promise<void> {
    await sql('im_second_factor').where({ userId }).update({ confirmedTime: Date.now() });
  }

  /** False: this code, or one after it, was used before. */
  async useStep(sql: Sql, userId: number, step: number): Promise<boolean> {
    const used = await sql('im_second_factor')
      .where({ userId })
      .where('lastStep', '<', step)
      .update({ lastStep: step });
    return used > 0;
  }

  /** In the order of their users. */
  after(userId: number, limit: number): Promise<Factor[]> {
    return this.#sql('im_second_factor')
      .where('userId', '>', userId)
      .orderBy('userId')
      .limit(limit)
      .select() as Promise<Factor[]>;
  }

  async reseal(userId: number, before: string, secret: string): Promise<void> {
    await this.#sql('im_second_factor').where({ userId, secret: before }).update({ secret });
  }

  /** False: there is none like it, or it was used. */
  async useCode(sql: Sql, userId: number, hash: string): Promise<boolean> {
    return (await sql('im_recovery_code').where({ userId, hash }).delete()) > 0;
  }

  async setCodes(sql: Sql, userId: number, hashes: readonly string[]): Promise<void> {
    await sql('im_recovery_code').where({ userId }).delete();
    if (hashes.length > 0) await sql('im_recovery_code').insert(hashes.map((hash) => ({ userId, hash })));
  }

  async codesLeft(userId: number): Promise<number> {
    const rows = await this.#sql('im_recovery_code').where({ userId }).select<object[]>('hash');
    return rows.length;
  }

  async remove(sql: Sql, userId: number): Promise<boolean> {
    await this.setCodes(sql, userId, []);
    return (await sql('im_second_factor').where({ userId }).delete()) > 0;
  }
}
