import type { Database } from 'im-platform';

/** Takes the indexes off these tables, and returns what puts them back: one that is built of sorted rows is built in a tenth of the time. */
export async function withoutIndexes(
  database: Database,
  tables: readonly string[],
): Promise<() => Promise<void>> {
  const puttingBack: string[] = [];
  for (const table of tables) {
    const indexes = await (database.dialect === 'sqlite' ? ofSqlite : ofMysql)(database, table);
    if (indexes.drop.length === 0) continue;
    for (const statement of indexes.drop) await database.sql.raw(statement);
    puttingBack.push(...indexes.create);
  }
  return async () => {
    for (const statement of puttingBack) {
      const startedAt = performance.now();
      await database.sql.raw(statement);
      console.log(`  ${Math.round((performance.now() - startedAt) / 1_000)} s: ${statement.slice(0, 100)}`);
    }
  };
}

interface Indexes {
  readonly drop: readonly string[];
  readonly create: readonly string[];
}

async function ofSqlite({ sql }: Database, table: string): Promise<Indexes> {
  const rows = await sql('sqlite_master')
    .where({ tbl_name: table, type: 'index' })
    .whereNotNull('sql')
    .select<{ name: string; sql: string }[]>('name', 'sql');
  return { drop: rows.map(({ name }) => `drop index \`${name}\``), create: rows.map((row) => row.sql) };
}

async function ofMysql({ sql }: Database, table: string): Promise<Indexes> {
  const [rows = []] = await sql.raw<[Record<string, string>[]]>('show create table ??', [table]);
  const lines = Object.values(rows[0] ?? {})[1]?.split('\n') ?? [];
  const found = lines
    .map((line) => /^\s+((?:UNIQUE )?KEY `(\w+)` .*?),?$/.exec(line))
    .filter((match) => match !== null);
  if (found.length === 0) return { drop: [], create: [] };
  return {
    drop: [`alter table ${table} ${found.map(([, , name]) => `drop key ${name ?? ''}`).join(', ')}`],
    create: [`alter table ${table} ${found.map(([, key]) => `add ${key ?? ''}`).join(', ')}`],
  };
}
