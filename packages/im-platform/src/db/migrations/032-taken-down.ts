import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Files that were taken down, and what admins look for: files by owner and name, who takes up most, and what was done to whom.
export async function up(sql: Knex): Promise<void> {
  for (const [name, columns, index] of indexes)
    if (!(await hasIndex(sql, name, index)))
      await sql.schema.alterTable(name, (table) => {
        table.index([...columns], index);
      });
  await createTable(sql, 'im_taken_down_file', (table) => {
    // Of the file, and of its thumbnail.
    table.string('path', 255).notNullable().primary();
    table.bigInteger('file_id').notNullable();
    table.bigInteger('time').notNullable();
  });
}

export async function down(sql: Knex): Promise<void> {
  await sql.schema.dropTableIfExists('im_taken_down_file');
  for (const [name, columns, index] of indexes)
    await sql.schema.alterTable(name, (table) => {
      table.dropIndex([...columns], index);
    });
}

const indexes: readonly (readonly [table: string, columns: readonly string[], name: string])[] = [
  ['im_file_info', ['user_id', 'id'], 'idx_file_user'],
  ['im_file_info', ['file_name'], 'idx_file_name'],
  ['im_file_usage', ['bytes', 'user_id'], 'idx_usage_bytes'],
  ['im_audit_trail', ['subject', 'id'], 'idx_audit_subject'],
  ['im_audit_trail', ['actor_id', 'id'], 'idx_audit_actor'],
  ['im_audit_trail', ['action', 'id'], 'idx_audit_action'],
];

/** MySQL does not undo what was broken off in the middle; SQLite does. */
async function hasIndex(sql: Knex, table: string, name: string): Promise<boolean> {
  const { config } = sql.client as { config: Knex.Config };
  if (config.client !== 'mysql2') return false;
  const [rows] = (await sql.raw('show index from ?? where Key_name = ?', [table, name])) as [unknown[]];
  return rows.length > 0;
}
