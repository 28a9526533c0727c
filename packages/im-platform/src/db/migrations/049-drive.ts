import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Folders and files that people keep: see drive/. And what several rows of the table of files have in common: see files/shared-content.ts.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await createTable(sql, 'im_file_content', (table) => {
    table.bigIncrements('id');
    table.string('stored_path', 64).notNullable();
    table.string('stored_thumb', 64);
    // How many rows of im_file_info have it.
    table.integer('refs').notNullable();
  });
  await sql.schema.alterTable('im_file_info', (table) => {
    // Null: the bytes are at the paths of the row, and are its alone.
    table.bigInteger('content_id').index('idx_file_content');
    // SHA-256 of what is in the store; null: it came before there was one.
    table.string('content_hash', 64);
  });
  await createTable(sql, 'im_drive_node', (table) => {
    table.bigIncrements('id');
    // Whose drive it is in: the row without a parent is locked by whatever changes the tree.
    table.bigInteger('owner_id').notNullable();
    // 0: it is the drive itself. Below 0: it is in the trash of that drive.
    table.bigInteger('parent_id').notNullable();
    table.tinyint('is_file').notNullable();
    table.string('name', 255).notNullable();
    // Names that differ only in case or in how they are written are one name.
    table.string('name_key', 512).notNullable();
    table.bigInteger('size').notNullable();
    // The newest one; 0 of folders.
    table.integer('version').notNullable();
    // Of the drive itself: how many there are in it.
    table.integer('nodes').notNullable().defaultTo(0);
    table.bigInteger('creator_id').notNullable();
    table.bigInteger('created_time').notNullable();
    table.bigInteger('changed_time').notNullable();
    // Of what is in the trash: where it was, and since when it is there. 0: it is being removed.
    table.bigInteger('trashed_from');
    table.bigInteger('trashed_time');
    table.unique(['parent_id', 'name_key'], { indexName: 'uk_drive_name' });
    table.index(['parent_id', 'is_file', 'name_key'], 'idx_drive_list');
    table.index(['owner_id', 'id'], 'idx_drive_owner');
    table.index(['trashed_time'], 'idx_drive_trashed');
  });
  await createTable(sql, 'im_drive_version', (table) => {
    table.bigInteger('node_id').notNullable();
    table.integer('number').notNullable();
    table.bigInteger('file_id').notNullable();
    table.bigInteger('size').notNullable();
    table.bigInteger('creator_id').notNullable();
    table.bigInteger('created_time').notNullable();
    table.primary(['node_id', 'number']);
    table.index(['file_id'], 'idx_drive_version_file');
  });
  await createTable(sql, 'im_drive_share', (table) => {
    table.bigIncrements('id');
    table.bigInteger('owner_id').notNullable();
    table.bigInteger('node_id').notNullable();
    // user, group, link
    table.string('kind', 5).notNullable();
    // Of the user or the group; 0 of links.
    table.bigInteger('subject_id').notNullable();
    // 1 view, 2 edit, 3 manage
    table.tinyint('level').notNullable();
    table.bigInteger('creator_id').notNullable();
    table.bigInteger('created_time').notNullable();
    // Of links.
    table.string('code', 22);
    table.string('password', 255);
    table.bigInteger('end_time');
    table.integer('downloads_left');
    table.unique(['code'], { indexName: 'uk_drive_share_code' });
    table.index(['node_id', 'id'], 'idx_drive_share_node');
    table.index(['kind', 'subject_id', 'id'], 'idx_drive_share_subject');
    table.index(['owner_id'], 'idx_drive_share_owner');
  });
  await createTable(sql, 'im_drive_activity', (table) => {
    table.bigIncrements('id');
    table.bigInteger('owner_id').notNullable();
    table.bigInteger('folder_id').notNullable();
    table.bigInteger('node_id').notNullable();
    table.bigInteger('actor_id').notNullable();
    table.string('action', 16).notNullable();
    table.string('name', 255).notNullable();
    table.bigInteger('time').notNullable();
    table.index(['folder_id', 'id'], 'idx_drive_activity_folder');
    table.index(['owner_id'], 'idx_drive_activity_owner');
    table.index(['time'], 'idx_drive_activity_time');
  });
  await createTable(sql, 'im_drive_watcher', (table) => {
    table.bigInteger('folder_id').notNullable();
    table.bigInteger('user_id').notNullable();
    table.bigInteger('end_time').notNullable();
    table.primary(['folder_id', 'user_id']);
    table.index(['end_time'], 'idx_drive_watcher_end');
  });
}

const tables = [
  ...['im_drive_watcher', 'im_drive_activity', 'im_drive_share', 'im_drive_version', 'im_drive_node'],
  'im_file_content',
];

export async function down(sql: Knex): Promise<void> {
  for (const table of tables) await sql.schema.dropTableIfExists(table);
  if (await sql.schema.hasColumn('im_file_info', 'content_id'))
    await sql.schema.alterTable('im_file_info', (table) => {
      table.dropIndex(['content_id'], 'idx_file_content');
      table.dropColumn('content_id');
    });
  if (await sql.schema.hasColumn('im_file_info', 'content_hash'))
    await sql.schema.alterTable('im_file_info', (table) => table.dropColumn('content_hash'));
}
