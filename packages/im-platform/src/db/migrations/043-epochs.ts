import type { Knex } from 'knex';

// Of which time what is counted is: a database that was put back to an earlier state counts anew. See restoring/.
export async function up(sql: Knex): Promise<void> {
  if (await sql.schema.hasColumn('im_lane', 'epoch')) return;
  await sql.schema.alterTable('im_lane', (table) => {
    table.bigInteger('epoch').notNullable().defaultTo(0);
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_lane', (table) => table.dropColumn('epoch'));
}
