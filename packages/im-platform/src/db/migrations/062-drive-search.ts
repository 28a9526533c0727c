import type { Knex } from 'knex';

// Names of a drive are gone through in an index that has nothing else: see drive/drive-search.ts.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await drop(sql, 'idx_drive_search');
  await sql.schema.alterTable('im_drive_node', (table) => {
    table.index(['owner_id', 'id', 'name_key'], 'idx_drive_search');
  });
  // It begins the same way.
  await drop(sql, 'idx_drive_owner');
}

export async function down(sql: Knex): Promise<void> {
  await drop(sql, 'idx_drive_owner');
  await sql.schema.alterTable('im_drive_node', (table) => {
    table.index(['owner_id', 'id'], 'idx_drive_owner');
  });
  await drop(sql, 'idx_drive_search');
}

/** If it is there. */
async function drop(sql: Knex, index: string): Promise<void> {
  const { config } = sql.client as { config: Knex.Config };
  if (config.client !== 'mysql2') {
    await sql.raw('drop index if exists ??', [index]);
    return;
  }
  const [rows] = (await sql.raw('show index from im_drive_node where Key_name = ?', [index])) as [unknown[]];
  if (rows.length > 0) await sql.raw('drop index ?? on im_drive_node', [index]);
}
