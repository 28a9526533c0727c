import type { Knex } from 'knex';
import { createTable } from './create-table.ts';
import { placeInGroups } from './group-places.ts';

// What is known of each conversation and of each place in one: see conversations/. Numbers come from the counters, so no
// message is looked at but the last one of each conversation and those that are not read. Counters of kinds get other
// names: an instance of before finds none, and each of its sends is refused by the keys of the message tables.
export async function up(sql: Knex): Promise<void> {
  // MySQL does not undo what was broken off in the middle; this is done again from its beginning, or was done already.
  if (!(await sql('im_counter').where({ name: 'private:id' }).first())) {
    await dropAll(sql);
    await createAll(sql);
    await fill(sql);
    await sql('im_counter')
      .whereIn('name', kinds)
      .update({ name: sql.raw("concat(name, ':id')") });
  }
  await sql('im_counter').whereIn('name', sql('im_conversation').select('conversation')).delete();
  await sql.schema.dropTableIfExists('im_migrated_skip');
}

export async function down(sql: Knex): Promise<void> {
  if (await sql.schema.hasTable('im_conversation'))
    await sql.raw(
      'insert into im_counter (name, value) select conversation, last_number from im_conversation where last_number > 0 and conversation not in (select name from im_counter)',
    );
  for (const name of kinds)
    await sql('im_counter')
      .where({ name: `${name}:id` })
      .update({ name });
  await sql('im_counter').where('name', 'like', '%:stamp').delete();
  await dropAll(sql);
}

const kinds = ['private', 'group'];

/** What counts for nobody: tips, notes of recalls, and records of calls that nobody missed. */
const skips = '(type in (10, 21) or (type in (40, 41) and status = 3))';

/**
 * What somebody has written since is looked for among what was said since, which is little, and never among all that they ever wrote: of
 * who is in a thousand conversations that would be read a thousand times. `send_id + 0` is in no index.
 */
async function fill(sql: Knex): Promise<void> {
  await sql.raw(`insert into im_conversation (conversation, lane, last_number, last_id, last_time)
    select m.conversation, 0, m.number, m.id, m.send_time
    from im_counter c join im_private_message m on m.conversation = c.name and m.number = c.value`);
  await sql.raw(`insert into im_conversation (conversation, lane, last_number, last_id, last_time)
    select c.name, 1, m.number, m.id, m.send_time
    from im_group g join im_counter c on c.name = concat('group:', g.id)
    join im_group_message m on m.group_id = g.id and m.number = c.value`);
  // In which nobody has said anything yet.
  await sql.raw(`insert into im_conversation (conversation, lane, last_number, last_id, last_time)
    select x.conversation, 1, 0, 0, x.created_time
    from (select concat('group:', g.id) as conversation, g.created_time from im_group g) x
    where x.conversation not in (select c.name from im_counter c)`);
  await createTable(sql, 'im_migrated_skip', (table) => {
    table.string('conversation', 48).notNullable();
    table.bigInteger('number').notNullable();
    table.primary(['conversation', 'number']);
  });
  await sql.raw(
    `insert into im_migrated_skip select conversation, number from im_private_message where ${skips}`,
  );
  await sql.raw(
    `insert into im_migrated_skip select concat('group:', group_id), number from im_group_message where ${skips}`,
  );
  await sql.raw(
    `insert into im_uncounted select conversation, number, send_id from im_private_message where status = 2`,
  );
  await sql.raw(
    `insert into im_uncounted select concat('group:', group_id), number, send_id from im_group_message where status = 2`,
  );
  // The last message of a conversation names both.
  for (const [user, other] of [
    ['send_id', 'recv_id'],
    ['recv_id', 'send_id'],
  ] as const)
    await sql.raw(`insert into im_conversation_member (user_id, conversation, read_number, skipped_at_read, own_at_read, muted)
      select x.user_id, x.conversation, x.f, ${skippedSince},
        -(select count(*) from im_private_message o
          where o.conversation = x.conversation and o.number > x.f and o.send_id + 0 = x.user_id and not ${skips}), x.muted
      from (
        select m.${user} as user_id, c.conversation,
          coalesce((select f.is_dnd from im_friend f where f.user_id = m.${user} and f.friend_id = m.${other}), 0) as muted,
          coalesce((
            select u.number - 1 from im_private_message u where u.id = (
              select min(p.id) from im_private_message p
              where p.recv_id = m.${user} and p.send_id = m.${other} and p.status in (0, 1))
          ), c.last_number) as f
        from im_conversation c join im_private_message m on m.conversation = c.conversation and m.number = c.last_number
      ) x`);
  // Friends who are muted and have not said anything yet.
  await sql.raw(`insert into im_conversation_member (user_id, conversation, muted)
    select x.user_id, x.conversation, 1 from (
      select f.user_id, concat('private:', case when f.user_id < f.friend_id then f.user_id else f.friend_id end, ':',
        case when f.user_id < f.friend_id then f.friend_id else f.user_id end) as conversation
      from im_friend f where f.is_dnd = 1
    ) x where x.conversation not in (select c.conversation from im_conversation c)`);
  await placeInGroups(sql, skips);
}

const skippedSince =
  '-(select count(*) from im_migrated_skip s where s.conversation = x.conversation and s.number > x.f)';

async function createAll(sql: Knex): Promise<void> {
  await createTable(sql, 'im_conversation', (table) => {
    table.string('conversation', 48).notNullable().primary();
    table.smallint('lane').notNullable();
    table.bigInteger('last_number').notNullable();
    table.bigInteger('last_id').notNullable();
    table.bigInteger('last_time').notNullable();
    table.bigInteger('skipped').notNullable().defaultTo(0);
    table.bigInteger('stamp').notNullable().defaultTo(0);
    table.index(['lane', 'stamp'], 'idx_conversation_stamp');
  });
  await createTable(sql, 'im_conversation_member', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('conversation', 48).notNullable();
    table.bigInteger('first_number').notNullable().defaultTo(1);
    table.bigInteger('left_number');
    table.bigInteger('left_time');
    table.bigInteger('read_number').notNullable().defaultTo(0);
    table.bigInteger('skipped_at_read').notNullable().defaultTo(0);
    table.bigInteger('own_at_read').notNullable().defaultTo(0);
    table.bigInteger('own').notNullable().defaultTo(0);
    table.bigInteger('hidden_number');
    table.tinyint('pinned').notNullable().defaultTo(0);
    table.tinyint('muted').notNullable().defaultTo(0);
    table.tinyint('archived').notNullable().defaultTo(0);
    table.tinyint('marked_unread').notNullable().defaultTo(0);
    table.string('draft', 1024);
    table.bigInteger('stamp').notNullable().defaultTo(0);
    table.primary(['user_id', 'conversation']);
    table.index(['user_id', 'stamp'], 'idx_conversation_member_stamp');
    table.index(['conversation', 'read_number', 'user_id'], 'idx_conversation_readers');
  });
  await createTable(sql, 'im_message_change', (table) => {
    table.string('conversation', 48).notNullable();
    table.bigInteger('stamp').notNullable();
    table.bigInteger('number').notNullable();
    table.primary(['conversation', 'stamp', 'number']);
  });
  await createTable(sql, 'im_mention', (table) => {
    table.bigInteger('user_id').notNullable();
    table.string('conversation', 48).notNullable();
    table.bigInteger('number').notNullable();
    table.bigInteger('send_id').notNullable();
    table.primary(['user_id', 'conversation', 'number']);
    table.index(['conversation', 'number'], 'idx_mention_message');
  });
  await createTable(sql, 'im_uncounted', (table) => {
    table.string('conversation', 48).notNullable();
    table.bigInteger('number').notNullable();
    table.bigInteger('send_id').notNullable();
    table.primary(['conversation', 'number']);
  });
  await createTable(sql, 'im_user_stamp', (table) => {
    table.bigInteger('user_id').notNullable().primary();
    table.bigInteger('stamp').notNullable();
  });
}

async function dropAll(sql: Knex): Promise<void> {
  // That of the numbers last.
  for (const name of [
    'im_migrated_skip',
    'im_user_stamp',
    'im_uncounted',
    'im_mention',
    'im_message_change',
    'im_conversation_member',
    'im_conversation',
  ])
    await sql.schema.dropTableIfExists(name);
}
