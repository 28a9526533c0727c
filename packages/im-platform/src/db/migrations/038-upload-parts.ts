import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Parts of uploads that lie in the store of files until all of them are there. See files/resumable/stored-bytes.ts.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await createTable(sql, 'im_upload_part', (table) => {
    // Its key in the store.
    table.string('path', 64).notNullable().primary();
    table.string('upload_id', 22).notNullable();
    table.bigInteger('start').notNullable();
    // Null: it is not there as a whole, or another one is there for the same bytes.
    table.bigInteger('bytes');
    table.index(['upload_id', 'start'], 'idx_upload_part');
  });
  await sql.schema.alterTable('im_upload', (table) => {
    // What has come of it, if it lies in such parts.
    table.bigInteger('received').notNullable().defaultTo(0);
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_upload_part');
  if (await sql.schema.hasColumn('im_upload', 'received'))
    await sql.schema.alterTable('im_upload', (table) => table.dropColumn('received'));
}
