import type { NamedDatabase } from '../db/database.ts';
import type { ResolvedOptions } from '../options.ts';
import { refused } from '../platform-error.ts';

/** `east=mysql://…`, whose form was checked. */
export function toNamedDatabases(given: readonly string[]): NamedDatabase[] {
  return given.map((one) => {
    const [name = ''] = one.split('=', 1);
    return { name, url: one.slice(name.length + 1) };
  });
}

/** Refuses what does not go with lanes in several databases, and says so before anything is lost of it. */
export function checkLaneDatabases({
  database,
  laneDatabases,
}: Pick<ResolvedOptions, 'database' | 'laneDatabases'>): void {
  if (laneDatabases.length > 0 && !database.startsWith('mysql:'))
    throw refused('laneDatabases goes with a database of MySQL or MariaDB only.');
}
