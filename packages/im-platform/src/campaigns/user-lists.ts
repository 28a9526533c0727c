import { chunksOf } from '../db/chunks.ts';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';

/** Ids of users that somebody has uploaded. */
export interface UserList {
  readonly id: number;
  readonly name: string;
  readonly createdTime: number;
}

const rowsPerStatement = 500;

export class UserLists {
  readonly #database: Pick<Database, 'sql' | 'transaction'>;

  constructor(database: Pick<Database, 'sql' | 'transaction'>) {
    this.#database = database;
  }

  async create(name: string, also: (sql: Sql) => Promise<void>): Promise<UserList> {
    const list = { name, createdTime: Date.now() };
    const id = await this.#database.transaction(async (sql) => {
      await also(sql);
      const [made = 0] = await sql('im_campaign_list').insert(list);
      return made;
    });
    return { id, ...list };
  }

  async find(id: number): Promise<UserList | undefined> {
    return this.#database
      .sql('im_campaign_list')
      .where({ id })
      .first<UserList | undefined>('id', 'name', 'createdTime');
  }

  /** The newest first. */
  before(id: number, limit: number): Promise<UserList[]> {
    return this.#database
      .sql('im_campaign_list')
      .where('id', '<', id)
      .orderBy('id', 'desc')
      .limit(limit)
      .select<UserList[]>('id', 'name', 'createdTime');
  }

  /** Who is in it already stays there once. */
  async add(id: number, userIds: readonly number[], also: (sql: Sql) => Promise<void>): Promise<void> {
    if (!(await this.find(id))) throw new Refusal('campaignListUnknown', { code: 404 });
    const ordered = [...new Set(userIds)].toSorted((one, other) => one - other);
    await this.#database.transaction(async (sql) => {
      await also(sql);
      for (const some of chunksOf(ordered, rowsPerStatement))
        await sql('im_campaign_list_user')
          .insert(some.map((userId) => ({ listId: id, userId })))
          .onConflict(['listId', 'userId'])
          .ignore();
    });
  }
}
