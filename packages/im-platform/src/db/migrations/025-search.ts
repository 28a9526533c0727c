import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Where the words of messages are found: see message-words/ and search/. All messages that are there come into it once an instance runs.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await createPostings(sql);
  // How far each conversation is in it.
  await createTable(sql, 'im_search_conversation', (table) => {
    table.string('conversation', 48).notNullable().primary();
    table.bigInteger('number').notNullable();
  });
  // Conversations of the lane are done up to this one, in the order of their last changes.
  await createTable(sql, 'im_search_lane', (table) => {
    table.smallint('lane').notNullable().primary();
    table.bigInteger('stamp').notNullable();
    table.string('conversation', 48).notNullable();
  });
  await sql('im_search_lane').insert(
    Array.from({ length: laneCount }, (_, lane) => ({ lane, stamp: -1, conversation: '' })),
  );
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_search_lane', 'im_search_conversation', 'im_search_posting'])
    await sql.schema.dropTableIfExists(name);
}

const laneCount = 64;

/** Of a word in a conversation, which `posting` stands for, the messages that have it. The key is all there is, so it is kept once. */
async function createPostings(sql: Knex): Promise<void> {
  const { config } = sql.client as { config: Knex.Config };
  await sql.raw(
    `create table im_search_posting (
      posting bigint not null, id bigint not null, number bigint not null, primary key (posting, id)
    ) ${config.client === 'mysql2' ? '' : 'without rowid'}`,
  );
}
