import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Uploads that come in parts. See files/resumable/.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_upload', (table) => {
    table.string('id', 22).notNullable().primary();
    table.bigInteger('user_id').notNullable();
    // The client's own name of it.
    table.string('once_key', 128);
    table.string('file_name', 128).notNullable();
    table.bigInteger('file_size').notNullable();
    table.tinyint('is_image').notNullable();
    table.tinyint('is_permanent').notNullable();
    // What it takes of the quota until it is a file.
    table.bigInteger('reserved').notNullable();
    table.bigInteger('end_time').notNullable();
    // Who writes to it, and until when if they do not say more; somebody else waits for them to let go.
    table.string('lock_holder', 22);
    table.bigInteger('locked_until').notNullable().defaultTo(0);
    table.tinyint('is_awaited').notNullable().defaultTo(0);
    // As JSON: the file that it has become.
    table.text('result');
    table.unique(['user_id', 'once_key'], { indexName: 'uk_upload_once' });
    table.index(['end_time'], 'idx_upload_end');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_upload');
}
