import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What pages say of themselves that links lead to: see link-previews/.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await createTable(sql, 'im_link_preview', (table) => {
    table.string('link_hash', 43).notNullable().primary();
    // JSON; null: there is nothing to show.
    table.text('preview').notNullable();
    table.bigInteger('end_time').notNullable().index('idx_link_preview_end');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_link_preview');
}
