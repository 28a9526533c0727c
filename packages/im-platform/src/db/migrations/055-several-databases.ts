import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Lanes in several databases (docs/several-databases.md). Every database has all tables; which of them it uses says whether it is the first.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  // In the first: the lanes that are elsewhere, and where.
  await createTable(sql, 'im_lane_place', (table) => {
    table.smallint('lane').notNullable().primary();
    table.string('place', 32).notNullable();
  });
  // In each: whether a lane may be changed here.
  await createTable(sql, 'im_lane_fence', (table) => {
    table.smallint('lane').notNullable().primary();
    table.tinyint('is_open').notNullable();
  });
  await sql('im_lane_fence').insert(Array.from({ length: laneCount }, (_, lane) => ({ lane, isOpen: 1 })));
  // In the others: what they are called.
  await createTable(sql, 'im_lane_database', (table) => {
    table.string('name', 32).notNullable().primary();
  });
  // In the first: messages that follow from something there, and are to be stored in a lane that is elsewhere.
  await createTable(sql, 'im_lane_order', (table) => {
    table.bigIncrements('id');
    table.string('conversation', 48).notNullable();
    // As JSON.
    table.text('draft', 'mediumtext').notNullable();
    table.bigInteger('next_time').notNullable();
    table.index(['next_time'], 'idx_lane_order_due');
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_lane_order', 'im_lane_database', 'im_lane_fence', 'im_lane_place'])
    await sql.schema.dropTableIfExists(name);
}

const laneCount = 64;
