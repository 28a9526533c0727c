import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Keys of conversations, wrapped: see at-rest/. What is encrypted is longer, so the columns grow that could not hold it; MySQL changes no row for that.
export async function up(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_data_key');
  await createTable(sql, 'im_data_key', (table) => {
    // A conversation, or what has no conversation: reports, outbox.
    table.string('scope', 48).notNullable();
    table.integer('version').notNullable();
    // Which key of the provider has wrapped it.
    table.string('master_id', 255).notNullable().index('idx_data_key_master');
    table.text('wrapped').notNullable();
    table.bigInteger('created_time').notNullable();
    table.primary(['scope', 'version']);
  });
  const { config } = sql.client as { config: Knex.Config };
  // SQLite has no lengths.
  if (config.client !== 'mysql2') return;
  await sql.raw('alter table im_conversation_member modify draft varchar(5600)');
  await sql.raw('alter table im_report modify text varchar(5600) not null');
  await sql.raw('alter table im_red_packet modify greeting varchar(1500) not null');
}

/** The columns stay as they are: what is in them may be longer than it was allowed before. */
export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_data_key');
}
