import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Who runs the platform, what they did, and bans that end by themselves.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  if (!(await sql.schema.hasColumn('im_user', 'banned_until')))
    await sql.schema.alterTable('im_user', (table) => {
      // Null: a ban does not end by itself.
      table.bigInteger('banned_until').index('idx_user_banned_until');
    });
  await createTable(sql, 'im_admin', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.bigInteger('created_time').notNullable();
  });
  // Nothing of ours changes or deletes its rows.
  await createTable(sql, 'im_audit_trail', (table) => {
    table.bigIncrements('id');
    table.bigInteger('time').notNullable();
    // Null: a command.
    table.bigInteger('actor_id');
    table.string('action', 64).notNullable();
    table.string('subject', 128).notNullable();
    table.string('network', 64).notNullable();
    // As JSON.
    table.text('details', 'mediumtext').notNullable();
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_audit_trail', 'im_admin']) await sql.schema.dropTableIfExists(name);
  await sql.schema.alterTable('im_user', (table) => {
    table.dropIndex(['banned_until'], 'idx_user_banned_until');
    table.dropColumn('banned_until');
  });
}
