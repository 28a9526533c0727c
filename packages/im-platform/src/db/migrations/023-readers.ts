import type { Knex } from 'knex';

// How many have read a message, and who, is answered out of this index alone. Before, each member's row was read for it.
export async function up(sql: Knex): Promise<void> {
  await replace(sql, {
    from: 'idx_conversation_readers',
    to: 'idx_conversation_reads',
    columns: ['conversation', 'left_number', 'read_number', 'first_number', 'user_id'],
  });
}

export async function down(sql: Knex): Promise<void> {
  await replace(sql, {
    from: 'idx_conversation_reads',
    to: 'idx_conversation_readers',
    columns: ['conversation', 'read_number', 'user_id'],
  });
}

/** All at once, or nothing: MySQL does not undo what was broken off between two statements. */
async function replace(
  sql: Knex,
  { from, to, columns }: { readonly from: string; readonly to: string; readonly columns: readonly string[] },
): Promise<void> {
  const table = 'im_conversation_member';
  const { config } = sql.client as { config: Knex.Config };
  if (config.client === 'mysql2') {
    await sql.raw(`alter table ${table} add index ${to} (${columns.join()}), drop index ${from}`);
    return;
  }
  await sql.raw(`create index ${to} on ${table} (${columns.join()})`);
  await sql.raw(`drop index ${from}`);
}
