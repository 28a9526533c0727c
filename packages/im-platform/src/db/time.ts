import type { Sql } from './database.ts';

/**
 * An expression: ms since 1970 by the clock of the database, which all instances share. That of SQLite is the process's own. Not the
 * time of the session, of which an hour comes twice in autumn.
 */
export function timeOf(sql: Sql): string {
  const { dialect } = sql.client as { dialect: string };
  return dialect === 'mysql'
    ? "(timestampdiff(microsecond, '1970-01-01', utc_timestamp(3)) div 1000)"
    : String(Date.now());
}
