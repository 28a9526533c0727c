import type { Knex } from 'knex';

// What a device that encrypts is called, for its person: as the session in which it was set up.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await sql.schema.alterTable('im_encryption_device', (table) => {
    table.string('name', 64);
  });
}

export async function down(sql: Knex): Promise<void> {
  if (await sql.schema.hasColumn('im_encryption_device', 'name'))
    await sql.schema.alterTable('im_encryption_device', (table) => table.dropColumn('name'));
}
