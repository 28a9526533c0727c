import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What was made under a name that its maker gave to the request, so that the same request makes it once. See db/make-once.ts.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_once', (table) => {
    table.bigInteger('user_id').notNullable();
    // A hash of what it is and of the key.
    table.string('name', 64).notNullable();
    // A hash of what was asked for.
    table.string('asked', 64).notNullable();
    // The id of what was made.
    table.bigInteger('made').notNullable();
    table.bigInteger('created_time').notNullable();
    table.primary(['user_id', 'name']);
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_once');
}
