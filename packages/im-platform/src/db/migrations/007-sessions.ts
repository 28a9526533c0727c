import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

export async function up(sql: Knex): Promise<void> {
  // Who is logged in. Whoever shows a token of a session that is not here is not. See sessions/.
  await createTable(sql, 'im_session', (table) => {
    table.string('id', 22).notNullable().primary();
    table.bigInteger('user_id').notNullable();
    table.integer('terminal').notNullable();
    table.string('network', 64).notNullable();
    table.bigInteger('created_time').notNullable();
    // Of the newest tokens.
    table.bigInteger('issued_time').notNullable();
    table.integer('refresh_number').notNullable();
    // When the newest tokens were shown for the first time: whoever has them does not need those before.
    table.bigInteger('confirmed_time');
    // When the last of its access tokens ends, whatever their life was.
    table.bigInteger('access_end_time').notNullable();
    table.bigInteger('idle_end_time').notNullable();
    table.bigInteger('end_time').notNullable();
    table.index(['user_id', 'terminal'], 'idx_session_user');
    table.index(['idle_end_time'], 'idx_session_end');
  });
  // The moment before which push servers refuse tokens of (user, terminal), so that the next token is younger.
  await sql.schema.dropTable('im_revocation');
  await createTable(sql, 'im_revocation', (table) => {
    table.bigInteger('user_id').notNullable();
    table.integer('terminal').notNullable();
    table.bigInteger('issued_before').notNullable();
    table.primary(['user_id', 'terminal']);
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_revocation', 'im_session']) await sql.schema.dropTableIfExists(name);
  await createTable(sql, 'im_revocation', (table) => {
    table.bigInteger('user_id').notNullable();
    table.integer('terminal').notNullable();
    table.bigInteger('issued_before_s').notNullable();
    table.primary(['user_id', 'terminal']);
  });
}
