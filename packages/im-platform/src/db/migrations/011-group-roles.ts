import type { Knex } from 'knex';

// Who may do more in a group than others, and who less. The owner stands in im_group, as at box-im.
export async function up(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_group_member', (table) => {
    // 0: a member, 1: an admin.
    table.tinyint('role').notNullable().defaultTo(0);
    table.bigInteger('muted_until').notNullable().defaultTo(0);
  });
  await sql.schema.alterTable('im_group', (table) => {
    table.tinyint('only_admins_write').notNullable().defaultTo(0);
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_group', (table) => table.dropColumn('only_admins_write'));
  await sql.schema.alterTable('im_group_member', (table) => table.dropColumns('role', 'muted_until'));
}
