import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Money in an envelope: see red-packets/.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_red_packet', (table) => {
    // Nobody guesses it.
    table.string('id', 22).primary();
    table.bigInteger('sender_id').notNullable();
    table.string('conversation', 48).notNullable();
    table.bigInteger('amount').notNullable();
    table.integer('shares').notNullable();
    // equal, lucky.
    table.string('split', 8).notNullable();
    table.string('greeting', 255).notNullable();
    // What each share is, in the order in which they are taken, as JSON: drawn when it was sent.
    table.text('amounts').notNullable();
    table.integer('taken').notNullable().defaultTo(0);
    table.bigInteger('taken_amount').notNullable().defaultTo(0);
    table.bigInteger('created_time').notNullable();
    table.bigInteger('end_time').notNullable();
    // When what is left goes back; null: nothing is left, or it went back.
    table.bigInteger('due_time').index('idx_red_packet_due');
    // Null: nothing went back.
    table.bigInteger('refunded');
    // When the last share was taken, or the rest went back.
    table.bigInteger('closed_time');
    table.string('once_key', 43).notNullable();
    table.string('asked', 43).notNullable();
    table.unique(['sender_id', 'once_key'], { indexName: 'uk_red_packet_once' });
    table.index(['sender_id', 'created_time'], 'idx_red_packet_sender');
  });
  await createTable(sql, 'im_red_packet_grab', (table) => {
    table.string('packet_id', 22).notNullable();
    // 0, 1, 2 … in the order in which they were taken.
    table.integer('position').notNullable();
    table.bigInteger('user_id').notNullable();
    table.bigInteger('amount').notNullable();
    table.bigInteger('created_time').notNullable();
    table.primary(['packet_id', 'position']);
    table.unique(['packet_id', 'user_id'], { indexName: 'uk_red_packet_grab_user' });
    table.index(['user_id', 'created_time'], 'idx_red_packet_grab_user');
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_red_packet_grab');
  await sql.schema.dropTableIfExists('im_red_packet');
}
