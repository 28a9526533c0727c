import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Whom a broadcast has still to tell, as the database that their conversation is in did not answer when it was their turn.
export async function up(sql: Knex): Promise<void> {
  await down(sql);
  await createTable(sql, 'im_broadcast_left', (table) => {
    table.bigInteger('broadcast_id').notNullable();
    table.bigInteger('user_id').notNullable();
    // The name of that database; empty: a lane was just being moved.
    table.string('place', 64).notNullable();
    table.primary(['broadcast_id', 'user_id']);
    table.index(['user_id'], 'idx_broadcast_left_user');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_broadcast_left');
}
