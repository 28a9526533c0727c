import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Something that is pushed to many: see campaigns/.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await createTable(sql, 'im_campaign', (table) => {
    table.bigIncrements('id');
    table.string('name', 64).notNullable();
    // draft, active, paused, stopped, done
    table.string('state', 8).notNullable();
    // admin:7, key:…
    table.string('made_by', 40).notNullable();
    // What it says, to whom and when, as JSON.
    table.text('plan', 'mediumtext').notNullable();
    // In a second, over all instances.
    table.integer('rate').notNullable();
    table.bigInteger('created_time').notNullable();
    table.bigInteger('started_time');
    table.bigInteger('finished_time');
    // When somebody goes on planning it: who does moves it. Null: it need not be planned, or not any more.
    table.bigInteger('plan_at').index('idx_campaign_plan');
    // The last user who was planned, in the order of their ids.
    table.bigInteger('planned_to').notNullable().defaultTo(0);
    table.integer('slices').notNullable().defaultTo(0);
    table.bigInteger('planned_time');
    // When the next slice may begin.
    table.bigInteger('pace_time').notNullable().defaultTo(0);
    table.index(['state'], 'idx_campaign_state');
  });
  await createTable(sql, 'im_campaign_slice', (table) => {
    table.bigInteger('campaign_id').notNullable();
    table.integer('number').notNullable();
    // When it is due; whoever sends it moves it. Null: it is done.
    table.bigInteger('next_time');
    table.integer('attempts').notNullable().defaultTo(0);
    table.primary(['campaign_id', 'number']);
    table.index(['campaign_id', 'next_time'], 'idx_campaign_slice_due');
  });
  await createTable(sql, 'im_campaign_receiver', (table) => {
    table.bigInteger('campaign_id').notNullable();
    table.integer('slice').notNullable();
    table.bigInteger('user_id').notNullable();
    table.tinyint('variant').notNullable();
    // waiting, sent, delivered, opened, failed, skipped
    table.string('state', 9).notNullable();
    table.string('reason', 40).notNullable().defaultTo('');
    // When it was claimed to be sent: counts for how often somebody is told.
    table.bigInteger('claimed_time');
    table.primary(['campaign_id', 'slice', 'user_id']);
    table.unique(['user_id', 'campaign_id'], { indexName: 'uk_campaign_receiver' });
  });
  await createTable(sql, 'im_campaign_count', (table) => {
    table.bigInteger('campaign_id').notNullable();
    table.tinyint('variant').notNullable();
    table.string('state', 9).notNullable();
    table.string('reason', 40).notNullable();
    table.bigInteger('receivers').notNullable();
    table.primary(['campaign_id', 'variant', 'state', 'reason']);
  });
  // One row, which whoever claims a slice locks: so that all instances keep one pace, and nobody is told more often than they may be.
  await createTable(sql, 'im_campaign_pace', (table) => {
    table.integer('id').primary();
    table.bigInteger('next_time').notNullable();
  });
  await sql('im_campaign_pace').insert({ id: 1, next_time: 0 });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['pace', 'count', 'receiver', 'slice'])
    await sql.schema.dropTableIfExists(`im_campaign_${name}`);
  await sql.schema.dropTableIfExists('im_campaign');
}
