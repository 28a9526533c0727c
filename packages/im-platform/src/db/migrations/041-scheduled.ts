import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Messages that are sent later: see scheduled/.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_scheduled_message', (table) => {
    table.bigIncrements('id');
    table.bigInteger('user_id').notNullable();
    table.string('conversation', 48).notNullable();
    // As the request had it: content, mentions, what it answers.
    table.text('saying', 'mediumtext').notNullable();
    table.bigInteger('send_time').notNullable();
    // waiting, sending, failed; what is sent has no row any more.
    table.string('state', 8).notNullable();
    // When an instance looks at it; null: none does.
    table.bigInteger('next_time').index('idx_scheduled_next');
    // Makes it one message, whoever sends it how often.
    table.string('once_key', 22).notNullable();
    // Why it was not sent: the key of a text, and what is filled into that, as JSON.
    table.string('failure', 64);
    table.text('failure_values');
    table.bigInteger('created_time').notNullable();
    table.index(['user_id', 'send_time', 'id'], 'idx_scheduled_user');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_scheduled_message');
}
