import type { Knex } from 'knex';

// Accounts that a program speaks as.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  if (await sql.schema.hasColumn('im_user', 'is_bot')) return;
  await sql.schema.alterTable('im_user', (table) => {
    table.tinyint('is_bot').notNullable().defaultTo(0);
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_user', (table) => table.dropColumn('is_bot'));
}
