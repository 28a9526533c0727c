import type { Database, Sql } from '../../db/database.ts';
import { fromRow, groupColumns, type GroupMessage, type GroupMessageRow } from './group-message.ts';

export class GroupMessageStore {
  readonly #database: Pick<Database, 'sql' | 'replica'>;

  constructor(database: Pick<Database, 'sql' | 'replica'>) {
    this.#database = database;
  }

  async find(ids: readonly number[], sql: Sql = this.#database.sql): Promise<GroupMessage[]> {
    const rows = (await sql('im_group_message')
      .whereIn('id', [...ids])
      .select(...groupColumns)) as GroupMessageRow[];
    return rows.map(fromRow);
  }
}
