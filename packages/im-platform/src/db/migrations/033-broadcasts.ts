import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What is said to everybody, and how far that has come.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_broadcast', (table) => {
    table.bigIncrements('id');
    table.bigInteger('actor_id').notNullable();
    table.string('audience', 16).notNullable();
    table.text('content').notNullable();
    table.bigInteger('created_time').notNullable();
    // The last user who was looked at, in the order of their ids, and how many were told.
    table.bigInteger('after_id').notNullable().defaultTo(0);
    table.bigInteger('told').notNullable().defaultTo(0);
    // Null: it is under way, and from then on another instance may take it up.
    table.bigInteger('finished_time');
    table.bigInteger('next_at').notNullable();
    table.index(['finished_time', 'next_at'], 'idx_broadcast_due');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_broadcast');
}
