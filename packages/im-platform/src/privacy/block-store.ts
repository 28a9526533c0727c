import type { Database, Sql } from '../db/database.ts';

/** Somebody who is blocked, as they are shown. */
export interface Blocked {
  readonly blockedId: number;
  readonly nickName: string;
  readonly headImageThumb: string;
  readonly createdTime: number;
}

export class BlockStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** In the order of their ids, from the first after that one on. */
  pageOf(userId: number, afterId: number, limit: number): Promise<Blocked[]> {
    return this.#sql('im_block as b')
      .join('im_user as u', 'u.id', 'b.blockedId')
      .where('b.userId', userId)
      .where('b.blockedId', '>', afterId)
      .orderBy('b.blockedId')
      .limit(limit)
      .select('b.blockedId', 'b.createdTime', 'u.nickName', 'u.headImageThumb') as Promise<Blocked[]>;
  }

  async put(sql: Sql, userId: number, blockedId: number): Promise<void> {
    await sql('im_block')
      .insert({ userId, blockedId, createdTime: Date.now() })
      .onConflict(['userId', 'blockedId'])
      .ignore();
  }

  async remove(userId: number, blockedId: number): Promise<void> {
    await this.#sql('im_block').where({ userId, blockedId }).delete();
  }
}
