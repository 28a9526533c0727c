import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Keys of other back ends, and what these call the users that they make.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  if (!(await sql.schema.hasColumn('im_user', 'external_id')))
    await sql.schema.alterTable('im_user', (table) => {
      table.string('external_id', 128).unique({ indexName: 'uk_user_external' });
    });
  await createTable(sql, 'im_server_key', (table) => {
    table.string('id', 16).notNullable().primary();
    table.string('name', 64).notNullable();
    table.string('scopes', 255).notNullable();
    table.integer('per_minute').notNullable();
    table.string('hash', 43).notNullable();
    // Of the one before, which is good until then.
    table.string('former_hash', 43);
    table.bigInteger('former_end_time');
    table.bigInteger('created_time').notNullable();
    table.bigInteger('used_time');
    table.bigInteger('end_time');
    table.bigInteger('revoked_time');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_server_key');
  await sql.schema.alterTable('im_user', (table) => {
    table.dropUnique(['external_id'], 'uk_user_external');
    table.dropColumn('external_id');
  });
}
