import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What messages have beside what box-im's tables say, and what became of them after they were sent. Most have no row here. See
// message-details/ and message-changes/.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_message_detail', (table) => {
    table.string('conversation', 48).notNullable();
    table.bigInteger('number').notNullable();
    // Of its last change, within its lane; 0: it is as it was sent.
    table.bigInteger('stamp').notNullable().defaultTo(0);
    // The number of the one that it answers.
    table.bigInteger('reply_to');
    table.tinyint('is_forwarded').notNullable().defaultTo(0);
    // Whose it was, when that was to be said.
    table.bigInteger('origin_id');
    table.string('origin_name', 255);
    table.bigInteger('edited_time');
    table.bigInteger('pinned_time');
    table.bigInteger('pinned_by');
    // As JSON: what stands where in its text, what a client of its own says, and how many have reacted with what.
    table.text('entities');
    table.text('custom');
    table.text('reactions');
    table.primary(['conversation', 'number']);
    table.index(['conversation', 'pinned_time'], 'idx_detail_pinned');
  });
  // What an edited message said before.
  await createTable(sql, 'im_message_edit', (table) => {
    table.string('conversation', 48).notNullable();
    table.bigInteger('number').notNullable();
    table.integer('version').notNullable();
    table.text('content').notNullable();
    table.text('entities');
    table.bigInteger('written_time').notNullable();
    table.primary(['conversation', 'number', 'version']);
  });
  await createTable(sql, 'im_reaction', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('conversation', 48).notNullable();
    table.bigInteger('number').notNullable();
    table.string('emoji', 32).notNullable();
    table.bigInteger('created_time').notNullable();
    table.primary(['user_id', 'conversation', 'number', 'emoji']);
    table.index(['conversation', 'number', 'emoji', 'user_id'], 'idx_reaction_message');
  });
  // For one of its people alone; the stamp is one of theirs.
  await createTable(sql, 'im_message_deleted', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('conversation', 48).notNullable();
    table.bigInteger('number').notNullable();
    table.bigInteger('stamp').notNullable();
    table.primary(['user_id', 'conversation', 'number']);
    table.index(['user_id', 'stamp'], 'idx_deleted_stamp');
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_message_deleted', 'im_reaction', 'im_message_edit', 'im_message_detail'])
    await sql.schema.dropTableIfExists(name);
}
