import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What other back ends say of users, and lists of ids, by which campaigns choose whom they are for: see campaigns/.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await createTable(sql, 'im_user_attribute', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('name', 32).notNullable();
    // Empty: a tag, which one has or has not.
    table.string('value', 64).notNullable();
    table.primary(['user_id', 'name']);
    table.index(['name', 'value', 'user_id'], 'idx_user_attribute');
  });
  await createTable(sql, 'im_campaign_list', (table) => {
    table.bigIncrements('id');
    table.string('name', 64).notNullable();
    table.bigInteger('created_time').notNullable();
  });
  await createTable(sql, 'im_campaign_list_user', (table) => {
    table.bigInteger('list_id').notNullable();
    table.bigInteger('user_id').notNullable();
    table.primary(['list_id', 'user_id']);
    table.index(['user_id'], 'idx_campaign_list_user');
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_campaign_list_user', 'im_campaign_list', 'im_user_attribute'])
    await sql.schema.dropTableIfExists(name);
}
