import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What an erasure has erased in a database beside the first, as JSON: counted in the transaction in which it is erased. See erasure/erasure-store.ts.
export async function up(sql: Knex): Promise<void> {
  await down(sql);
  await createTable(sql, 'im_erasure_count', (table) => {
    table.integer('erasure_id').notNullable().primary();
    table.text('counts').notNullable();
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_erasure_count');
}
