import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

export async function up(sql: Knex): Promise<void> {
  // The last number given out: of each kind of message (the ids) and of each conversation (1, 2, 3 …). See messages/log.
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
  // How far a terminal has pulled, so that a recall is not told twice.
  await createTable(sql, 'im_pull_position', (table) => {
    table.bigInteger('user_id').notNullable();
    table.integer('terminal').notNullable();
    table.bigInteger('private_id').notNullable().defaultTo(0);
    table.bigInteger('group_id').notNullable().defaultTo(0);
    table.primary(['user_id', 'terminal']);
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_pull_position', 'im_pending_push', 'im_revocation', 'im_counter'])
    await sql.schema.dropTableIfExists(name);
}
