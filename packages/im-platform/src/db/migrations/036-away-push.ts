import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Who is told by a push service while no device of theirs is there: see away/.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  // One for each session at most. It counts as long as that is signed in.
  await createTable(sql, 'im_away_registration', (table) => {
    table.string('session_id', 22).notNullable().primary();
    table.bigInteger('user_id').notNullable().index('idx_away_registration_user');
    table.string('channel', 32).notNullable();
    table.string('address', 1024).notNullable();
    table.string('address_hash', 43).notNullable().index('idx_away_registration_address');
    // Of web push, with which it is encrypted: as JSON.
    table.string('secrets', 255);
    table.string('language', 2).notNullable();
    table.bigInteger('created_time').notNullable();
    // Its service does not want to hear of it before, and has said so that often.
    table.bigInteger('retry_time').notNullable().defaultTo(0);
    table.integer('failures').notNullable().defaultTo(0);
  });
  await createTable(sql, 'im_away_setting', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.tinyint('preview').notNullable().defaultTo(1);
    // Minutes since midnight; null: there are no quiet hours.
    table.smallint('quiet_from');
    table.smallint('quiet_to');
    table.string('time_zone', 64);
  });
  // Up to this stamp what was said in the lane is in the next table.
  await createTable(sql, 'im_away_lane', (table) => {
    table.smallint('lane').notNullable().primary();
    table.bigInteger('stamp').notNullable();
  });
  await createTable(sql, 'im_away_conversation', (table) => {
    table.string('conversation', 48).notNullable().primary();
    table.bigInteger('noticed_number').notNullable();
    // Up to there it is decided who is told.
    table.bigInteger('done_number').notNullable();
    // When it is to be decided; null: there is nothing new.
    table.bigInteger('due_time').index('idx_away_conversation_due');
  });
  await createTable(sql, 'im_away_place', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('conversation', 48).notNullable();
    table.string('session_id', 22).notNullable();
    // Up to there the device was told, or need not be. It only rises.
    table.bigInteger('number').notNullable();
    table.tinyint('is_shown').notNullable();
    table.primary(['user_id', 'conversation', 'session_id']);
  });
  await createTable(sql, 'im_away_key', (table) => {
    table.string('name', 32).notNullable().primary();
    table.text('pem').notNullable();
  });
  await sql('im_away_lane').insert(Array.from({ length: laneCount }, (_, lane) => ({ lane, stamp: -1 })));
}

export async function down(sql: Knex): Promise<void> {
  for (const table of ['key', 'place', 'conversation', 'lane', 'setting', 'registration'])
    await sql.schema.dropTableIfExists(`im_away_${table}`);
}

const laneCount = 64;
