import type { Knex } from 'knex';

// Pictures of what lies in drives that come with it: of films, by who uploads them. See drive/.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await sql.schema.alterTable('im_drive_version', (table) => {
    table.bigInteger('preview_file_id');
  });
}

export async function down(sql: Knex): Promise<void> {
  if (await sql.schema.hasColumn('im_drive_version', 'preview_file_id'))
    await sql.schema.alterTable('im_drive_version', (table) => table.dropColumn('preview_file_id'));
}
