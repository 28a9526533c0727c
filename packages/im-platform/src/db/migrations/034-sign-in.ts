import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Who somebody is at those who vouch for them, and which tickets were used that count once.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_identity', (table) => {
    table.bigIncrements('id');
    table.string('issuer', 255).notNullable();
    table.string('subject', 255).notNullable();
    table.bigInteger('user_id').notNullable().index('idx_identity_user');
    table.string('email', 255).notNullable();
    table.bigInteger('created_time').notNullable();
    table.unique(['issuer', 'subject'], { indexName: 'uk_identity' });
  });
  await createTable(sql, 'im_spent_ticket', (table) => {
    table.string('hash', 43).notNullable().primary();
    table.bigInteger('end_time').notNullable().index('idx_spent_ticket_end');
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_spent_ticket', 'im_identity']) await sql.schema.dropTableIfExists(name);
}
