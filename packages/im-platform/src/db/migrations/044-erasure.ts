import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// People of whom nothing is to be left, and what was erased of them: see erasure/.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  if (!(await sql.schema.hasColumn('im_message_detail', 'author_id')))
    await sql.schema.alterTable('im_message_detail', (table) => {
      // Whose words were forwarded, also when that was not to be said: it is told to nobody.
      table.bigInteger('author_id').index('idx_detail_author');
    });
  await sql('im_message_detail')
    .whereNotNull('originId')
    .update({ authorId: sql.ref('originId') });
  await sql.schema.dropTableIfExists('im_erasure');
  await createTable(sql, 'im_erasure', (table) => {
    table.bigIncrements('id');
    table.bigInteger('user_id').notNullable().unique({ indexName: 'uk_erasure_user' });
    // waiting: something is to be kept for now; erasing; done.
    table.string('state', 8).notNullable();
    // self, admin:7 or key:…
    table.string('asked_by', 64).notNullable();
    table.bigInteger('asked_time').notNullable();
    // When an instance looks at it; null: it is done.
    table.bigInteger('next_time').index('idx_erasure_due');
    // What they were called, as JSON, for as long as it is needed to find that.
    table.text('names');
    // How much of what was erased, as JSON.
    table.text('counts').notNullable();
    table.bigInteger('done_time');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_erasure');
  await sql.schema.alterTable('im_message_detail', (table) => table.dropColumn('author_id'));
}
