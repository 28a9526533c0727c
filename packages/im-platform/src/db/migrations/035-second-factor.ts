import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Second factors: codes of an app, and those for who has lost it.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_second_factor', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    // Sealed with a secret of the platform.
    table.string('secret', 255).notNullable();
    table.bigInteger('last_step').notNullable();
    table.bigInteger('created_time').notNullable();
    table.bigInteger('confirmed_time');
  });
  await createTable(sql, 'im_recovery_code', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('hash', 43).notNullable();
    table.primary(['user_id', 'hash']);
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_recovery_code', 'im_second_factor']) await sql.schema.dropTableIfExists(name);
}
