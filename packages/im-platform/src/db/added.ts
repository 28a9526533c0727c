import type { Knex } from 'knex';
import type { Sql } from './database.ts';

/** For an insert that meets its row: the column as it is and what was to be inserted, together. */
export function added(sql: Sql, column: string): Knex.Raw {
  const { dialect } = sql.client as { dialect: string };
  return dialect === 'mysql'
    ? sql.raw('?? + values(??)', [column, column])
    : sql.raw('?? + excluded.??', [column, column]);
}

/** The same, for what only rises: the higher of the two. */
export function higher(sql: Sql, column: string): Knex.Raw {
  const { dialect } = sql.client as { dialect: string };
  return dialect === 'mysql'
    ? sql.raw('greatest(??, values(??))', [column, column])
    : sql.raw('max(??, excluded.??)', [column, column]);
}

/** The same: what was to be inserted. */
export function given(sql: Sql, column: string): Knex.Raw {
  const { dialect } = sql.client as { dialect: string };
  return sql.raw(dialect === 'mysql' ? 'values(??)' : 'excluded.??', [column]);
}
