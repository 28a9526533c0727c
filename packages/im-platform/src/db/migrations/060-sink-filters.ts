import type { Knex } from 'knex';

// Who is told of some conversations alone: see events/event-filter.ts.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  if (await sql.schema.hasColumn('im_sink', 'filter')) return;
  // As JSON; null: of all.
  await sql.schema.alterTable('im_sink', (table) => void table.text('filter'));
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.alterTable('im_sink', (table) => table.dropColumn('filter'));
}
