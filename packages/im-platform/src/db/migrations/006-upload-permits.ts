import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

export async function up(sql: Knex): Promise<void> {
  // From where requests with tokens came lately. See files/upload-permits.ts.
  await createTable(sql, 'im_upload_permit', (table) => {
    table.string('network', 64).notNullable();
    table.string('session_id', 22).notNullable();
    table.bigInteger('seen_time').notNullable();
    table.primary(['network', 'session_id']);
    table.index(['seen_time'], 'idx_upload_permit_seen');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_upload_permit');
}
