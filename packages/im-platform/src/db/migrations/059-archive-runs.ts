import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What admins order of archives, and how far that has come: see archiving/archive-runs.ts.
export async function up(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_archive_run');
  await createTable(sql, 'im_archive_run', (table) => {
    table.bigIncrements('id');
    table.bigInteger('actor_id').notNullable();
    // write, and the month before which; import, and the name of the archive.
    table.string('what', 8).notNullable();
    table.string('about', 48).notNullable();
    table.bigInteger('created_time').notNullable();
    table.bigInteger('finished_time');
    // 1: it is under way, as one is at a time; null: it is not.
    table.tinyint('under_way').unique({ indexName: 'uk_archive_run_under_way' });
    // Which process does it, and when another one may take it up.
    table.string('owner', 24);
    table.bigInteger('next_at').notNullable();
    table.integer('archives').notNullable().defaultTo(0);
    table.integer('messages').notNullable().defaultTo(0);
    // Conversations that could not be brought back yet, as JSON; and why it failed.
    table.text('missing', 'mediumtext').notNullable();
    table.text('error');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_archive_run');
}
