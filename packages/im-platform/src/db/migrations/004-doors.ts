import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

export async function up(sql: Knex): Promise<void> {
  // From where accounts have been logged in to. See users/known-networks.ts.
  await createTable(sql, 'im_known_network', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('network', 64).notNullable();
    table.bigInteger('seen_time').notNullable();
    table.primary(['user_id', 'network']);
  });
  await createTable(sql, 'im_invitation', (table) => {
    table.string('hash', 43).notNullable().primary();
    table.integer('uses_left').notNullable();
    table.bigInteger('end_time').notNullable();
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_invitation', 'im_known_network']) await sql.schema.dropTableIfExists(name);
}
