import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Groups that are pushed to as topics, and which of their members the topics hold. See groups/group-topics.ts.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_group_topic', (table) => {
    table.bigInteger('group_id').notNullable().primary();
    // The group's member_version that the topic holds; -1: it is being changed, or nobody knows.
    table.bigInteger('version').notNullable();
    // The one that it is to hold.
    table.bigInteger('wanted').notNullable();
    // Whoever changes it.
    table.string('claim', 36);
    // When it is to be declared anew.
    table.bigInteger('next_at').notNullable();
    table.index(['next_at'], 'idx_topic_due');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_group_topic');
}
