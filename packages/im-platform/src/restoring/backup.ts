import { stat } from 'node:fs/promises';
import { invalidOption } from 'im-common/internal/checks';
import type { Database } from '../db/database.ts';

/** A copy of a database of SQLite as it is at one moment, while the platform goes on; smaller than the file, as it has no holes. */
export async function backUp(
  { dialect, sql }: Pick<Database, 'dialect' | 'sql'>,
  to: string,
): Promise<string[]> {
  if (dialect !== 'sqlite')
    throw invalidOption(
      'That is for SQLite. MySQL and MariaDB have tools of their own: mariadb-dump --single-transaction; docs/backup.md says how.',
    );
  const isThere = await stat(to).then(
    () => true,
    () => false,
  );
  if (isThere) throw invalidOption(`${to} is there already. Name a file that is not.`);
  await sql.raw('vacuum into ?', [to]);
  return [`${to} has all of it. It says nothing of the files that people have sent: copy those after it.`];
}
