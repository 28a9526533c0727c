import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Messages of old months that are kept in files instead: see archiving/.
export async function up(sql: Knex): Promise<void> {
  await down(sql);
  await createTable(sql, 'im_archive', (table) => {
    // Of the file, as 2025-12/….
    table.string('name', 48).notNullable().primary();
    // writing, verified: what is in it is still here as well; done; restored: it was brought back.
    table.string('state', 8).notNullable();
    table.integer('messages').notNullable();
    table.bigInteger('bytes').notNullable();
    // SHA-256 of the file, and which numbers of which conversations are in it, as JSON.
    table.string('sha256', 64).notNullable();
    table.text('ranges', 'mediumtext').notNullable();
    table.bigInteger('created_time').notNullable();
  });
  // Whose words are in which file, so that they are found when somebody is erased.
  await createTable(sql, 'im_archive_person', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('name', 48).notNullable();
    table.primary(['user_id', 'name']);
    table.index(['name'], 'idx_archive_person_name');
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const table of ['im_archive_person', 'im_archive']) await sql.schema.dropTableIfExists(table);
}
