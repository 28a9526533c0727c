import type { Knex } from 'knex';

// What the files of one user may take up, where that is not what all may; and files that came while the scanner was away.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await sql.schema.alterTable('im_file_usage', (table) => {
    // Null: as much as everybody.
    table.bigInteger('most_bytes');
  });
  await sql.schema.alterTable('im_file_info', (table) => {
    table.tinyint('is_unscanned').notNullable().defaultTo(0);
  });
}

export async function down(sql: Knex): Promise<void> {
  if (await sql.schema.hasColumn('im_file_usage', 'most_bytes'))
    await sql.schema.alterTable('im_file_usage', (table) => table.dropColumn('most_bytes'));
  if (await sql.schema.hasColumn('im_file_info', 'is_unscanned'))
    await sql.schema.alterTable('im_file_info', (table) => table.dropColumn('is_unscanned'));
}
