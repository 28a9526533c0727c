import type { Knex } from 'knex';

const columns = ['next_version', 'next_auth', 'next_secrets'] as const;

// A backup of keys that is to take the place of the one that counts, once all is in it.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await sql.schema.alterTable('im_key_backup', (table) => {
    table.bigInteger('next_version');
    table.text('next_auth');
    table.text('next_secrets');
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const column of columns)
    if (await sql.schema.hasColumn('im_key_backup', column))
      await sql.schema.alterTable('im_key_backup', (table) => table.dropColumn(column));
}
