import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// The tables of box-im, with the names of its columns, so that an existing database can be carried over. What differs:
// times are epoch milliseconds, unique keys are real, conversations are numbered, and rows belong to no engine's
// auto-increment where their order matters.
export async function up(sql: Knex): Promise<void> {
  await createTable(sql, 'im_user', (table) => {
    table.bigIncrements('id');
    table.string('user_name', 255).notNullable().unique({ indexName: 'uk_user_name' });
    table.string('nick_name', 255).notNullable().index('idx_nick_name');
    table.string('head_image', 255).notNullable().defaultTo('');
    table.string('head_image_thumb', 255).notNullable().defaultTo('');
    table.string('password', 255).notNullable();
    table.tinyint('sex').notNullable().defaultTo(0);
    table.tinyint('is_banned').notNullable().defaultTo(0);
    table.string('reason', 255).notNullable().defaultTo('');
    table.smallint('type').notNullable().defaultTo(1);
    table.string('signature', 1024).notNullable().defaultTo('');
    table.bigInteger('last_login_time');
    table.bigInteger('created_time').notNullable();
  });
  await createTable(sql, 'im_friend', (table) => {
    table.bigIncrements('id');
    table.bigInteger('user_id').notNullable();
    table.bigInteger('friend_id').notNullable().index('idx_friend_id');
    table.string('friend_nick_name', 255).notNullable();
    table.string('friend_head_image', 255).notNullable().defaultTo('');
    table.tinyint('is_dnd');
    table.tinyint('deleted').notNullable().defaultTo(0);
    table.bigInteger('created_time').notNullable();
    table.unique(['user_id', 'friend_id'], { indexName: 'uk_friend' });
  });
  await createTable(sql, 'im_private_message', (table) => {
    table.bigInteger('id').notNullable().primary();
    table.string('conversation', 48).notNullable();
    table.bigInteger('number').notNullable();
    table.string('tmp_id', 32);
    table.string('dedupe_key', 64);
    table.bigInteger('send_id').notNullable();
    table.bigInteger('recv_id').notNullable();
    table.text('content');
    table.smallint('type').notNullable();
    table.tinyint('status').notNullable();
    table.bigInteger('send_time').notNullable();
    table.unique(['conversation', 'number'], { indexName: 'uk_private_number' });
    table.unique(['send_id', 'recv_id', 'dedupe_key'], { indexName: 'uk_private_dedupe' });
    table.index(['send_id', 'id'], 'idx_private_sent');
    table.index(['recv_id', 'id'], 'idx_private_received');
    table.index(['recv_id', 'send_id', 'status', 'id', 'type'], 'idx_private_unread');
    table.index(['recv_id', 'status', 'id'], 'idx_private_pending');
    table.index(['send_time', 'id'], 'idx_private_time');
  });
  await createTable(sql, 'im_group', (table) => {
    table.bigIncrements('id');
    table.string('name', 255).notNullable();
    table.bigInteger('owner_id').notNullable();
    table.string('head_image', 255).notNullable().defaultTo('');
    table.string('head_image_thumb', 255).notNullable().defaultTo('');
    table.string('notice', 1024).notNullable().defaultTo('');
    table.tinyint('is_banned').notNullable().defaultTo(0);
    table.string('reason', 255).notNullable().defaultTo('');
    table.tinyint('dissolve').notNullable().defaultTo(0);
    table.bigInteger('member_version').notNullable().defaultTo(0);
    table.bigInteger('created_time').notNullable();
  });
  await createTable(sql, 'im_group_member', (table) => {
    table.bigIncrements('id');
    table.bigInteger('group_id').notNullable();
    table.bigInteger('user_id').notNullable().index('idx_member_user');
    table.string('user_nick_name', 255).notNullable().defaultTo('');
    table.string('remark_nick_name', 255).notNullable().defaultTo('');
    table.string('head_image', 255).notNullable().defaultTo('');
    table.string('remark_group_name', 255).notNullable().defaultTo('');
    table.tinyint('is_dnd');
    table.tinyint('quit').notNullable().defaultTo(0);
    table.bigInteger('quit_time');
    table.bigInteger('read_id').notNullable().defaultTo(0);
    table.bigInteger('created_time').notNullable();
    table.unique(['group_id', 'user_id'], { indexName: 'uk_member' });
    table.index(['group_id', 'quit', 'read_id', 'created_time', 'user_id'], 'idx_member_readers');
  });
  await createTable(sql, 'im_group_message', (table) => {
    table.bigInteger('id').notNullable().primary();
    table.bigInteger('group_id').notNullable();
    table.bigInteger('number').notNullable();
    table.string('tmp_id', 32);
    table.string('dedupe_key', 64);
    table.bigInteger('send_id').notNullable();
    table.string('send_nick_name', 255).notNullable().defaultTo('');
    table.string('recv_ids', 1024).notNullable().defaultTo('');
    table.text('content');
    table.string('at_user_ids', 1024).notNullable().defaultTo('');
    table.tinyint('receipt').notNullable().defaultTo(0);
    table.tinyint('receipt_ok').notNullable().defaultTo(0);
    table.smallint('type').notNullable();
    table.tinyint('status').notNullable().defaultTo(0);
    table.bigInteger('send_time').notNullable();
    table.unique(['group_id', 'number'], { indexName: 'uk_group_number' });
    table.unique(['send_id', 'group_id', 'dedupe_key'], { indexName: 'uk_group_dedupe' });
    table.index(['group_id', 'id', 'send_time'], 'idx_group_messages');
    table.index(['group_id', 'receipt', 'id'], 'idx_group_receipts');
    table.index(['send_time', 'id'], 'idx_group_time');
  });
  await createTable(sql, 'im_sensitive_word', (table) => {
    table.bigIncrements('id');
    table.string('content', 64).notNullable().unique({ indexName: 'uk_sensitive_word' });
    table.tinyint('enabled').notNullable().defaultTo(0);
    table.bigInteger('creator');
    table.bigInteger('create_time').notNullable();
  });
  await createTable(sql, 'im_file_info', (table) => {
    table.bigIncrements('id');
    table.string('file_name', 255).notNullable();
    table.string('file_path', 255).notNullable();
    table.bigInteger('file_size').notNullable();
    table.tinyint('file_type').notNullable();
    table.string('compressed_path', 255);
    table.string('cover_path', 255);
    table.bigInteger('upload_time').notNullable();
    table.tinyint('is_permanent').notNullable().defaultTo(0);
    // Null: a file on its way in or out, which nobody may be given.
    table.string('hash', 64);
    table.bigInteger('user_id').notNullable();
    table.integer('width').notNullable().defaultTo(0);
    table.integer('height').notNullable().defaultTo(0);
    table.unique(['hash', 'file_type', 'user_id'], { indexName: 'uk_file_hash' });
    table.index(['is_permanent', 'upload_time'], 'idx_file_expiry');
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of [
    'im_file_info',
    'im_sensitive_word',
    'im_group_message',
    'im_group_member',
    'im_group',
    'im_private_message',
    'im_friend',
    'im_user',
  ])
    await sql.schema.dropTableIfExists(name);
}
