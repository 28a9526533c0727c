import type { Knex } from 'knex';
import type { Sql } from './database.ts';

/**
 * A table whose rows are found by this index; SQLite has to be told nothing. MariaDB has to be:
 * - Where many keys are asked for it weighs each of them in each index that it might use, which takes far longer than to read the rows.
 * - Where it may choose between indexes for `user = ? and id >= ? order by id desc`, it looks at how few rows that are, and then reads
 *   everything of that user, without the bound (`ref` instead of `range`): half a second for somebody with 250,000 messages.
 */
export function byIndex(sql: Sql, table: string, index: string): Knex.Raw {
  const { dialect } = sql.client as { dialect: string };
  return dialect === 'mysql' ? sql.raw('?? force index (??)', [table, index]) : sql.raw('??', [table]);
}
