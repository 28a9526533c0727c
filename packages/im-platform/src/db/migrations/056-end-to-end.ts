import type { Knex } from 'knex';
import { createTable } from './create-table.ts';

// Public keys of devices that encrypt end to end, and what such devices say to each other: see end-to-end/.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle.
  await down(sql);
  await createTable(sql, 'im_encryption_device', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('device_id', 64).notNullable();
    // As the device made it; null: it has said nothing yet.
    table.text('device_keys');
    // What is given out when its other keys are used up, and whether it was.
    table.string('fallback_id', 64);
    table.text('fallback_key');
    table.tinyint('fallback_used').notNullable().defaultTo(0);
    table.bigInteger('created_time').notNullable();
    table.bigInteger('seen_time').notNullable();
    table.primary(['user_id', 'device_id']);
  });
  // Each is given out once.
  await createTable(sql, 'im_encryption_key', (table) => {
    table.bigIncrements('id');
    table.bigInteger('user_id').notNullable();
    table.string('device_id', 64).notNullable();
    table.string('key_id', 64).notNullable();
    table.text('key_text').notNullable();
    table.unique(['user_id', 'device_id', 'key_id'], { indexName: 'uk_encryption_key' });
  });
  // The keys that sign a person's devices, and when something of their devices changed last.
  await createTable(sql, 'im_encryption_identity', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.text('keys_text');
    table.bigInteger('changed_time').notNullable();
  });
  await createTable(sql, 'im_encryption_signature', (table) => {
    table.bigInteger('user_id').notNullable();
    table.bigInteger('signed_user_id').notNullable();
    table.string('key_id', 64).notNullable();
    table.text('signatures').notNullable();
    table.primary(['user_id', 'signed_user_id', 'key_id']);
    table.index(['signed_user_id', 'user_id'], 'idx_encryption_signed');
  });
  // For one device, until it says that it has them.
  await createTable(sql, 'im_encryption_message', (table) => {
    table.bigIncrements('id');
    table.bigInteger('user_id').notNullable();
    table.string('device_id', 64).notNullable();
    table.bigInteger('sender_id').notNullable();
    table.string('type', 64).notNullable();
    table.text('content').notNullable();
    table.index(['user_id', 'device_id', 'sender_id', 'id'], 'idx_encryption_message');
    table.index(['sender_id'], 'idx_encryption_sender');
  });
  await createTable(sql, 'im_encrypted_conversation', (table) => {
    table.string('conversation', 48).notNullable().primary();
    // Whose it is: a group's, or two people's.
    table.bigInteger('group_id');
    table.bigInteger('one_id');
    table.bigInteger('other_id');
    table.bigInteger('marked_by').notNullable();
    table.bigInteger('created_time').notNullable();
    table.index(['group_id'], 'idx_encrypted_group');
    table.index(['one_id'], 'idx_encrypted_one');
    table.index(['other_id'], 'idx_encrypted_other');
  });
}

export async function down(sql: Knex): Promise<void> {
  for (const name of ['im_encrypted_conversation', 'im_encryption_message', 'im_encryption_signature'])
    await sql.schema.dropTableIfExists(name);
  for (const name of ['im_encryption_identity', 'im_encryption_key', 'im_encryption_device'])
    await sql.schema.dropTableIfExists(name);
}
