import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// What happens is told to others: where to, and what still has to be told.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_sink', (table) => {
    table.string('id', 32).notNullable().primary();
    // Null: one of the options, which say where it is.
    table.string('url', 2_048);
    // With commas between them.
    table.string('events', 512).notNullable();
    table.string('secret', 64);
    // Of the one before, which signs beside it until then.
    table.string('former_secret', 64);
    table.bigInteger('former_end_time');
    table.bigInteger('created_time').notNullable();
    // Null: nothing has failed since something got through.
    table.bigInteger('failing_since');
    table.string('last_error', 255);
    // Null: it is on.
    table.bigInteger('off_time');
    // Which instance delivers to it, and until when.
    table.string('owner', 32);
    table.bigInteger('owned_until').notNullable().defaultTo(0);
  });
  // A row for each event and each who is told of it.
  await createTable(sql, 'im_outbox', (table) => {
    table.bigIncrements('position');
    table.string('sink', 32).notNullable();
    table.tinyint('state').notNullable().defaultTo(0);
    // Events about the same one are told in order.
    table.string('subject', 64).notNullable();
    table.string('id', 32).notNullable();
    table.string('type', 32).notNullable();
    table.bigInteger('time').notNullable();
    // As JSON.
    table.text('body', 'mediumtext').notNullable();
    table.integer('attempts').notNullable().defaultTo(0);
    table.bigInteger('first_tried');
    table.bigInteger('next_at');
    table.string('why', 255);
    table.index(['sink', 'state', 'position', 'subject'], 'idx_outbox_waiting');
    table.index(['state', 'time'], 'idx_outbox_age');
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_outbox', 'im_sink']) await sql.schema.dropTableIfExists(name);
}
