import type { Knex } from 'knex';
import type { Sql } from './database.ts';

/**
 * A table whose rows are found by this index. Where many keys are asked for MariaDB weighs each of them in each index that it
 * might use, which takes far longer than to read the rows; SQLite has to be told nothing.
 */
export function byIndex(sql: Sql, table: string, index: string): string | Knex.Raw {
  const { dialect } = sql.client as { dialect: string };
  return dialect === 'mysql' ? sql.raw('?? force index (??)', [table, index]) : table;
}
