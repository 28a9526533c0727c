import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Who asks whom to be friends (friends/), and what people want of others (privacy/).
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_friend_request', (table) => {
    table.bigInteger('from_id').notNullable();
    table.bigInteger('to_id').notNullable();
    table.string('text', 255).notNullable();
    table.bigInteger('sent_time').notNullable();
    table.bigInteger('end_time').notNullable();
    // Of these two the row is kept until its end, so that nobody is asked again before.
    table.tinyint('is_declined').notNullable().defaultTo(0);
    table.tinyint('is_withdrawn').notNullable().defaultTo(0);
    table.primary(['from_id', 'to_id']);
    table.index(['to_id', 'from_id'], 'idx_request_received');
  });
  await createTable(sql, 'im_block', (table) => {
    table.bigInteger('user_id').notNullable();
    table.bigInteger('blocked_id').notNullable();
    table.bigInteger('created_time').notNullable();
    table.primary(['user_id', 'blocked_id']);
  });
  // Who has no row wants what is usual.
  await createTable(sql, 'im_privacy', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.string('may_write', 16).notNullable();
    table.string('may_call', 16).notNullable();
    table.string('may_add', 16).notNullable();
    table.string('sees_presence', 16).notNullable();
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_privacy', 'im_block', 'im_friend_request'])
    await sql.schema.dropTableIfExists(name);
}
