import type { Knex } from 'knex';

// Messages that wait for the database of their lane are stored in their order in each conversation: see message-log/lane-orders.ts.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await drop(sql, 'idx_lane_order_conversation');
  await sql.schema.alterTable('im_lane_order', (table) => {
    table.index(['conversation', 'id'], 'idx_lane_order_conversation');
  });
  // All that wait are gone through in the order of their ids.
  await drop(sql, 'idx_lane_order_due');
}

export async function down(sql: Knex): Promise<void> {
  await drop(sql, 'idx_lane_order_due');
  await sql.schema.alterTable('im_lane_order', (table) => {
    table.index(['next_time'], 'idx_lane_order_due');
  });
  await drop(sql, 'idx_lane_order_conversation');
}

/** If it is there. */
async function drop(sql: Knex, index: string): Promise<void> {
  const { config } = sql.client as { config: Knex.Config };
  if (config.client !== 'mysql2') {
    await sql.raw('drop index if exists ??', [index]);
    return;
  }
  const [rows] = (await sql.raw('show index from im_lane_order where Key_name = ?', [index])) as [unknown[]];
  if (rows.length > 0) await sql.raw('drop index ?? on im_lane_order', [index]);
}
