import type { Knex } from 'knex';

/** A table whose texts hold anything and are compared as they are: MySQL's default would call ä and a the same account. */
export async function createTable(
  sql: Knex,
  name: string,
  define: (table: Knex.CreateTableBuilder) => void,
): Promise<void> {
  await sql.schema.createTable(name, (table) => {
    if (isMysql(sql)) {
      table.charset('utf8mb4');
      table.collate('utf8mb4_bin');
    }
    define(table);
  });
}

function isMysql({ client }: Knex): boolean {
  const { config } = client as { config: Knex.Config };
  return config.client === 'mysql2';
}
