import type { Knex } from 'knex';

// Which files other messages show as well, because one was forwarded; and whose messages were, so that their names can be taken off.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  if (!(await sql.schema.hasColumn('im_file_info', 'is_forwarded')))
    await sql.schema.alterTable('im_file_info', (table) => {
      table.tinyint('is_forwarded').notNullable().defaultTo(0);
    });
  await sql.schema.alterTable('im_message_detail', (table) => {
    table.index(['origin_id'], 'idx_detail_origin');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_message_detail', (table) => table.dropIndex([], 'idx_detail_origin'));
  await sql.schema.alterTable('im_file_info', (table) => table.dropColumn('is_forwarded'));
}
