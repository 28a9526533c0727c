import type { Database, Sql } from '../db/database.ts';
import { PlatformError } from '../platform-error.ts';

/** A database on its way. */
export interface Copying {
  /** Box-im's. */
  readonly from: Database['sql'];
  readonly to: Pick<Database, 'sql' | 'transaction'>;
  /** How far the times in it are ahead of UTC. */
  readonly zoneMs: number;
  /** Rows of a transaction. */
  readonly chunk: number;
}

/** How far a table has been copied: the largest id of the rows that are here. */
export async function progressOf(sql: Sql, name: string): Promise<number> {
  const row = await sql('im_progress')
    .where({ name: counterOf(name) })
    .first<{ value: number } | undefined>('value');
  return row?.value ?? 0;
}

/** Refuses a database with people of its own: ids of the two would mean different ones. */
export async function requireFresh(sql: Sql): Promise<void> {
  const begun = await sql('im_progress').where('name', 'like', 'import:%').first<object | undefined>('name');
  const somebody = await sql('im_user').first<object | undefined>('id');
  if (begun || !somebody) return;
  throw new PlatformError(
    'INVALID_OPTION',
    'The database has accounts already. Import into an empty one: im-platform migrate makes it.',
  );
}

export interface SourceRow {
  readonly id: number;
}

/** Copies a table in the order of its ids, chunk by chunk. Returns how many rows this call has copied. */
export async function copyTable(
  name: string,
  { from, to, chunk }: Copying,
  table: {
    readonly name: string;
    readonly columns: readonly unknown[];
    write(sql: Sql, rows: SourceRow[]): Promise<void>;
  },
): Promise<number> {
  let last = await progressOf(to.sql, name);
  for (let copied = 0; ;) {
    const rows = await from(table.name)
      .where('id', '>', last)
      .orderBy('id')
      .limit(chunk)
      .select<SourceRow[]>(...(table.columns as string[]));
    const end = rows.at(-1)?.id;
    if (end === undefined) return copied;
    await to.transaction(async (sql) => {
      await table.write(sql, rows);
      const progress = { name: counterOf(name), value: end };
      await sql('im_progress').insert(progress).onConflict('name').merge(['value']);
    });
    copied += rows.length;
    last = end;
  }
}

function counterOf(name: string): string {
  return `import:${name}`;
}
