import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What files take up, of each user and in all (see files/file-usage.ts), and files by their addresses.
export async function up(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_file_info', (table) => {
    table.bigInteger('stored_bytes').notNullable().defaultTo(0);
    table.index(['file_path'], 'idx_file_path');
    table.index(['compressed_path'], 'idx_file_compressed_path');
  });
  await sql('im_file_info').update({ storedBytes: sql.ref('fileSize') });
  await createTable(sql, 'im_file_usage', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.bigInteger('bytes').notNullable();
  });
  const users = await sql('im_file_info')
    .groupBy('userId')
    .select<{ userId: number; bytes: number | string }[]>('userId', sql.raw('sum(stored_bytes) as bytes'));
  const inAll = users.reduce((sum, { bytes }) => sum + Number(bytes), 0);
  for (const row of [...users, { userId: everybody, bytes: inAll }]) await sql('im_file_usage').insert(row);
}

/** As in files/file-usage.ts; this stays as it is. */
const everybody = -1;

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_file_usage');
  await sql.schema.alterTable('im_file_info', (table) => {
    table.dropIndex(['file_path'], 'idx_file_path');
    table.dropIndex(['compressed_path'], 'idx_file_compressed_path');
    table.dropColumn('stored_bytes');
  });
}
