import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// How long messages are kept: see retention/.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  if (!(await sql.schema.hasColumn('im_conversation', 'first_number')))
    await sql.schema.alterTable('im_conversation', (table) => {
      // Those before it are not kept any more.
      table.bigInteger('first_number').notNullable().defaultTo(1);
    });
  await dropAll(sql);
  await createTable(sql, 'im_retention', (table) => {
    table.string('conversation', 48).notNullable().primary();
    // Days; 0 is for ever, null that nobody has said it.
    table.integer('admin_days');
    table.integer('owner_days');
    // Nothing of it is removed, whatever else is said.
    table.tinyint('is_held').notNullable().defaultTo(0);
  });
  // One row: who goes through the conversations, and how far they are.
  await createTable(sql, 'im_retention_round', (table) => {
    table.integer('id').notNullable().primary();
    table.string('after', 48).notNullable();
    table.bigInteger('next_time').notNullable();
  });
  await sql('im_retention_round').insert({ id: 1, after: '', nextTime: 0 });
  await sql.schema.alterTable('im_message_deleted', (table) => {
    table.index(['conversation', 'number'], 'idx_deleted_message');
  });
}

export async function down(sql: Knex): Promise<void> {
  await dropAll(sql);
  await sql.schema.alterTable('im_conversation', (table) => table.dropColumn('first_number'));
}

async function dropAll(sql: Knex): Promise<void> {
  for (const name of ['im_retention_round', 'im_retention']) await sql.schema.dropTableIfExists(name);
  try {
    await sql.schema.alterTable('im_message_deleted', (table) => {
      table.dropIndex(['conversation', 'number'], 'idx_deleted_message');
    });
  } catch {
    // It was not there yet.
  }
}
