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

type Checked = Pick<ResolvedOptions, (typeof notTogether)[number] | 'database' | 'laneDatabases'>;

/** What reads or changes conversations, and knows one database only. */
const notTogether = ['databaseReplica'] as const;

/** Refuses what does not go with lanes in several databases, and says so before anything is lost of it. */
export function checkLaneDatabases(options: Checked): void {
  if (options.laneDatabases.length === 0) return;
  if (!options.database.startsWith('mysql:'))
    throw refused('laneDatabases goes with a database of MySQL or MariaDB only.');
  const given = notTogether.filter((name) => options[name] !== undefined);
  if (given.length > 0)
    throw refused(
      `laneDatabases does not go together with ${given.join(', ')} (docs/several-databases.md says why); leave out one of them.`,
    );
}
