import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Keys of conversations, encrypted by the devices that have them, for a person's next device: see end-to-end/.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await createTable(sql, 'im_key_backup', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.bigInteger('version').notNullable();
    // What says for which key it is encrypted; and what signs devices, encrypted.
    table.text('auth').notNullable();
    table.text('secrets').notNullable();
    table.bigInteger('created_time').notNullable();
  });
  await createTable(sql, 'im_key_backup_session', (table) => {
    table.bigIncrements('id');
    table.bigInteger('user_id').notNullable();
    table.bigInteger('version').notNullable();
    table.string('conversation', 48).notNullable();
    table.string('session_id', 64).notNullable();
    // From which message of the session on it can be read.
    table.bigInteger('first_index').notNullable();
    table.text('data').notNullable();
    table.unique(['user_id', 'version', 'conversation', 'session_id'], {
      indexName: 'uk_key_backup_session',
    });
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_key_backup_session', 'im_key_backup']) await sql.schema.dropTableIfExists(name);
}
