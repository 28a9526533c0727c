import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

export async function up(sql: Knex): Promise<void> {
  // The last number assigned: of each kind of message (the ids) and of each conversation (1, 2, 3 …). See message-log/.
  await createTable(sql, 'im_counter', (table) => {
    table.string('name', 64).notNullable().primary();
    table.bigInteger('value').notNullable();
  });
  // They are locked, so they must be there before two instances look for them.
  await sql('im_counter').insert([
    { name: 'private', value: 0 },
    { name: 'group', value: 0 },
  ]);
  // Tokens of (user, terminal) that were issued before this second are void. See sessions/.
  await createTable(sql, 'im_revocation', (table) => {
    table.bigInteger('user_id').notNullable();
    table.integer('terminal').notNullable();
    table.bigInteger('issued_before_s').notNullable();
    table.primary(['user_id', 'terminal']);
  });
  // Stored messages of which it is not known yet that every online receiver has them. See push/.
  await createTable(sql, 'im_pending_push', (table) => {
    table.string('kind', 8).notNullable();
    table.bigInteger('message_id').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.text('receivers', 'mediumtext');
    table.bigInteger('next_at').notNullable();
    table.primary(['kind', 'message_id']);
    table.index(['next_at'], 'idx_pending_due');
  });
  // Calls that ring or go on. See calls/.
  await createTable(sql, 'im_call', (table) => {
    table.bigIncrements('id');
    table.string('conversation', 48).notNullable().unique({ indexName: 'uk_call' });
    table.string('mode', 8).notNullable();
    table.bigInteger('caller_id').notNullable().index('idx_call_caller');
    table.integer('caller_terminal').notNullable();
    table.bigInteger('caller_busy_until').notNullable();
    table.bigInteger('acceptor_id').notNullable().index('idx_call_acceptor');
    table.integer('acceptor_terminal');
    table.bigInteger('acceptor_busy_until').notNullable();
    table.bigInteger('answered_time');
    table.bigInteger('expires_at').notNullable();
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_call', 'im_pending_push', 'im_revocation', 'im_counter'])
    await sql.schema.dropTableIfExists(name);
}
