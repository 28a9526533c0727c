import type { Database, Sql } from '../../db/database.ts';
import { privateColumns, type PrivateMessage } from './private-message.ts';

export class PrivateMessageStore {
  readonly #database: Pick<Database, 'sql' | 'replica'>;

  constructor(database: Pick<Database, 'sql' | 'replica'>) {
    this.#database = database;
  }

  find(ids: readonly number[], sql: Sql = this.#database.sql): Promise<PrivateMessage[]> {
    return sql('im_private_message')
      .whereIn('id', [...ids])
      .select(...privateColumns) as Promise<PrivateMessage[]>;
  }
}
