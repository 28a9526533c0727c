import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Sessions that can be told apart, when somebody was here last, who may come into a group by a link, what is reported, and accounts that
// get a new password or end.
export async function up(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_session', (table) => {
    table.string('device_name', 64).notNullable().defaultTo('');
    table.bigInteger('seen_time');
  });
  await sql.schema.alterTable('im_user', (table) => {
    // Since then the account is nobody's.
    table.bigInteger('deleted_time');
  });
  await sql.schema.alterTable('im_group', (table) => {
    // By a link: 0: nobody comes in, 1: who is let in, 2: everybody.
    table.tinyint('joining').notNullable().defaultTo(0);
  });
  await sql.schema.alterTable('im_group_member', (table) => {
    // Who left is one that was put out.
    table.tinyint('put_out').notNullable().defaultTo(0);
  });
  // Written once a minute at most. Of those who are online it is not asked.
  await createTable(sql, 'im_last_seen', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.bigInteger('seen_time').notNullable();
  });
  await createTable(sql, 'im_group_link', (table) => {
    table.string('code', 32).notNullable().primary();
    table.bigInteger('group_id').notNullable();
    table.bigInteger('creator_id').notNullable();
    table.bigInteger('created_time').notNullable();
    table.bigInteger('end_time');
    table.integer('uses_left');
    table.index(['group_id', 'created_time'], 'idx_link_group');
  });
  await createTable(sql, 'im_join_request', (table) => {
    table.bigInteger('group_id').notNullable();
    table.bigInteger('user_id').notNullable();
    table.string('text', 255).notNullable();
    table.bigInteger('sent_time').notNullable();
    table.bigInteger('end_time').notNullable();
    // Of these two the row is kept until its end, so that nobody is asked again before.
    table.tinyint('is_declined').notNullable().defaultTo(0);
    table.tinyint('is_withdrawn').notNullable().defaultTo(0);
    table.primary(['group_id', 'user_id']);
    table.index(['user_id', 'group_id'], 'idx_join_request_user');
  });
  await createTable(sql, 'im_report', (table) => {
    table.bigIncrements('id');
    table.bigInteger('reporter_id').notNullable();
    // What it is about, so that the same is reported once.
    table.string('target', 80).notNullable();
    table.bigInteger('user_id').notNullable().index('idx_report_user');
    table.string('conversation', 48);
    table.bigInteger('number');
    table.string('reason', 16).notNullable();
    table.string('text', 1024).notNullable();
    // The message and its neighbours as they were.
    table.text('evidence', 'mediumtext').notNullable();
    table.tinyint('is_closed').notNullable().defaultTo(0);
    table.bigInteger('sent_time').notNullable();
    table.unique(['reporter_id', 'target'], { indexName: 'uk_report' });
    table.index(['is_closed', 'id'], 'idx_report_open');
  });
  await createTable(sql, 'im_password_reset', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.string('hash', 43).notNullable().unique({ indexName: 'uk_password_reset' });
    table.bigInteger('end_time').notNullable();
  });
  // Accounts that are gone, of which something is still to be done.
  await createTable(sql, 'im_account_erasure', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.bigInteger('next_time').notNullable().index('idx_erasure_next');
  });
}

export async function down(sql: Knex): Promise<void> {
  const tables = ['im_account_erasure', 'im_password_reset', 'im_report', 'im_join_request', 'im_group_link'];
  for (const name of [...tables, 'im_last_seen']) await sql.schema.dropTableIfExists(name);
  await sql.schema.alterTable('im_group_member', (table) => table.dropColumn('put_out'));
  await sql.schema.alterTable('im_group', (table) => table.dropColumn('joining'));
  await sql.schema.alterTable('im_user', (table) => table.dropColumn('deleted_time'));
  await sql.schema.alterTable('im_session', (table) => table.dropColumns('device_name', 'seen_time'));
}
