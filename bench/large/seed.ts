import { crc32 } from 'node:zlib';
import { migrate, type Database } from 'im-platform';
import { withoutIndexes } from './indexes.ts';
import { ann, type ConversationSet, type Sizes } from './sizes.ts';

// Ten million messages in some minutes: the database makes its rows itself, out of a table of numbers and one of conversations,
// and gets its indexes afterwards.

const numbers = 100_000;
const rowsPerStatement = 100_000;
const dayMs = 24 * 3_600_000;
const spanMs = 100 * dayMs;
const idEpoch = Date.UTC(2024, 0, 1);
/** Of each conversation nobody has read the last ones. */
const unread = 3;

/** Fills an empty database. */
export async function seedLarge(
  database: Database,
  { users, sets }: Pick<Sizes, 'users' | 'sets'>,
): Promise<void> {
  const { sql } = database;
  await migrate(sql);
  const startedAt = performance.now();
  const say = (what: string): void => {
    console.log(`${Math.round((performance.now() - startedAt) / 1_000)} s: ${what}`);
  };
  const begin = Date.now() - spanMs - dayMs;
  await makeHelpers(database);
  await makeUsers(database, users, begin);
  for (const [index, set] of sets.entries()) await nameConversations(database, set, index);
  say('people and conversations are named');
  // Indexes are sorted in memory.
  if (database.dialect === 'sqlite')
    for (const pragma of ['cache_size = -3000000', 'temp_store = memory', 'synchronous = off'])
      await sql.raw(`pragma ${pragma}`);
  const putBack = await withoutIndexes(database, ['im_private_message', 'im_group_message']);
  for (const [index, set] of sets.entries()) {
    await makeMessages(database, set, index, begin);
    say(`set ${index}: ${set.conversations} ${set.kind} conversations of ${set.messages} messages`);
  }
  await putBack();
  say('the messages have their indexes');
  for (const [index, set] of sets.entries()) await makePlaces(database, set, index, begin);
  await makeRest(database);
  for (const table of ['large_number', 'large_conversation']) await sql.schema.dropTable(table);
  await sql.raw(
    database.dialect === 'sqlite'
      ? 'analyze'
      : 'analyze table im_private_message, im_group_message, im_conversation, im_conversation_member, im_group_member, im_friend',
  );
  say('places, members and friends are there');
}

async function makeHelpers({ sql }: Database): Promise<void> {
  for (const table of ['large_number', 'large_conversation']) await sql.schema.dropTableIfExists(table);
  await sql.schema.createTable('large_number', (table) => table.bigInteger('n').notNullable().primary());
  await sql.schema.createTable('large_conversation', (table) => {
    table.integer('set_no').notNullable();
    table.bigInteger('i').notNullable();
    table.string('conversation', 48).notNullable();
    table.integer('lane').notNullable();
    table.bigInteger('group_id').notNullable();
    table.bigInteger('first_user').notNullable();
    table.primary(['set_no', 'i']);
  });
  for (let first = 0; first < numbers; first += 500)
    await sql('large_number').insert(Array.from({ length: 500 }, (_, index) => ({ n: first + index })));
}

async function makeUsers({ sql }: Database, users: number, createdTime: number): Promise<void> {
  const name = "concat('u', n + 1)";
  await sql.raw(
    `insert into im_user (id, user_name, nick_name, password, created_time)
      select n + 1, ${name}, ${name}, '', ? from large_number where n < ?`,
    [createdTime, users],
  );
  const now = Date.now();
  const end = now + 30 * dayMs;
  await sql.raw(
    `insert into im_session (id, user_id, terminal, network, refresh_number, created_time, issued_time, confirmed_time,
        access_end_time, idle_end_time, end_time)
      select concat('session-', n + 1), n + 1, 1, '', 1, ?, ?, ?, ?, ?, ? from large_number where n < ?`,
    [now, now, now, now, end, end, users],
  );
}

async function nameConversations({ sql }: Database, set: ConversationSet, setNo: number): Promise<void> {
  const { kind, conversations, firstUser, step, firstGroup = 0, busy } = set;
  const rows = Array.from({ length: conversations }, (_, i) => {
    const first = firstUser + i * step;
    const groupId = kind === 'group' ? firstGroup + i : 0;
    const conversation =
      kind === 'group' ? `group:${groupId}` : `private:${busy ?? first}:${busy ? first : first + 1}`;
    return { setNo, i, conversation, lane: laneOf(conversation), groupId, firstUser: first };
  });
  for (let from = 0; from < rows.length; from += 100)
    await sql('large_conversation').insert(rows.slice(from, from + 100));
}

/** As db/lanes.ts of im-platform has it. */
function laneOf(conversation: string): number {
  return 2 * (crc32(conversation) % 32) + (conversation.startsWith('group:') ? 1 : 0);
}

/** When the message of that place in its set was sent, in SQL; and its id, which has the set where the log counts within a millisecond. */
function placeIn({ conversations, messages }: ConversationSet, setNo: number, begin: number) {
  const step = Math.floor(spanMs / (conversations * messages));
  const timeOf = (number: string): string =>
    `(${begin} + ((${number} - 1) * ${conversations} + c.i) * ${step})`;
  return {
    timeOf,
    idOf: (number: string): string => `((${timeOf(number)} - ${idEpoch}) * 4096 + c.lane * 64 + ${setNo})`,
  };
}

/** Who wrote the message of a number, by turns. */
function senderOf({ people, busy }: ConversationSet): string {
  if (busy !== undefined && people === 2)
    return `(case when number % 2 = 0 then ${busy} else c.first_user end)`;
  return `(c.first_user + number % ${people})`;
}

async function makeMessages(
  { sql }: Database,
  set: ConversationSet,
  setNo: number,
  begin: number,
): Promise<void> {
  const { kind, conversations, messages } = set;
  const { timeOf, idOf } = placeIn(set, setNo, begin);
  const per = Math.min(numbers, Math.max(1, Math.floor(rowsPerStatement / conversations)));
  const sender = senderOf(set);
  const isPrivate = kind === 'private';
  const other = set.busy !== undefined ? `${set.busy} + c.first_user` : '2 * c.first_user + 1';
  const key = `concat('m', number, ':0123456789abcdef01234567')`;
  const said = "concat('This is message ', number, ' of ', conversation, ', and it says nothing else.')";
  // One of a thousand was recalled.
  const state = `case when number % 1000 = 500 then 2 else`;
  for (let from = 0; from < messages; from += per) {
    const rows = `(select n.n + ${from + 1} as number, c.* from large_number n join large_conversation c
      where c.set_no = ${setNo} and n.n < ${Math.min(per, messages - from)}) c`;
    await sql.raw(
      isPrivate
        ? `insert into im_private_message (id, conversation, number, tmp_id, dedupe_key, send_id, recv_id, content, type, status, send_time)
          select ${idOf('number')}, conversation, number, concat('m', number), ${key}, ${sender}, ${other} - ${sender}, ${said}, 0,
            ${state} case when number > ${messages - unread} then 1 else 3 end end, ${timeOf('number')}
          from ${rows} order by number, i`
        : `insert into im_group_message (id, group_id, number, tmp_id, dedupe_key, send_id, send_nick_name, content, type, status, send_time)
          select ${idOf('number')}, group_id, number, concat('m', number), ${key}, ${sender}, concat('u', ${sender}), ${said}, 0,
            ${state} 0 end, ${timeOf('number')}
          from ${rows} order by number, i`,
    );
  }
}

/** Conversations, places in them, and with them members and friends. */
async function makePlaces(
  database: Database,
  set: ConversationSet,
  setNo: number,
  begin: number,
): Promise<void> {
  const { sql } = database;
  const { kind, conversations, messages, people, busy } = set;
  const { timeOf, idOf } = placeIn(set, setNo, begin);
  await sql.raw(`insert into im_conversation (conversation, lane, last_number, last_id, last_time, skipped, stamp)
    select conversation, lane, ${messages}, ${idOf(String(messages))}, ${timeOf(String(messages))}, 0, 1
    from large_conversation c where set_no = ${setNo}`);
  // In the large group everybody has read up to somewhere else.
  const spread = Math.min(1_000, Math.floor(messages / 2));
  const read = people > 4 ? `(${messages} - (n.n * 7919) % ${spread})` : `${messages - unread}`;
  const user =
    busy === undefined ? '(c.first_user + n.n)' : `(case when n.n = 0 then ${busy} else c.first_user end)`;
  // How many up to a number are theirs: those that leave their place when divided by the number of people.
  const own = (upTo: string): string =>
    `((${upTo} - ${upTo} % ${people}) / ${people} + case when n.n > 0 and n.n <= ${upTo} % ${people} then 1 else 0 end)`;
  const places = `from large_conversation c join large_number n where c.set_no = ${setNo} and n.n < ${people}`;
  await sql.raw(`insert into im_conversation_member (user_id, conversation, read_number, own, own_at_read)
    select ${user}, c.conversation, ${read}, ${own(String(messages))}, ${own(read)} ${places}`);
  if (kind === 'private') {
    const sum = busy === undefined ? '2 * c.first_user + 1' : `${busy} + c.first_user`;
    await sql.raw(`insert into im_friend (user_id, friend_id, friend_nick_name, created_time)
      select ${user}, ${sum} - ${user}, concat('u', ${sum} - ${user}), ${begin} ${places}`);
    return;
  }
  await sql.raw(`insert into im_group (id, name, owner_id, created_time, member_version)
    select group_id, conversation, ${busy ?? 'first_user'}, ${begin}, ${conversations === 1 ? 1 : 0}
    from large_conversation where set_no = ${setNo}`);
  await sql.raw(`insert into im_group_member (group_id, user_id, user_nick_name, read_id, created_time)
    select c.group_id, ${user}, concat('u', ${user}), ${idOf(read)}, ${begin} ${places}`);
}

/** What was recalled counts for nobody, and the lanes are as far as their messages. */
async function makeRest({ sql }: Database): Promise<void> {
  await sql.raw(
    'insert into im_uncounted select conversation, number, send_id from im_private_message where status = 2',
  );
  await sql.raw(
    `insert into im_uncounted select concat('group:', group_id), number, send_id from im_group_message where status = 2`,
  );
  const last = (column: string): string =>
    `coalesce((select max(c.${column}) from im_conversation c where c.lane = im_lane.lane), 0)`;
  await sql.raw(
    `update im_lane set last_id = ${last('last_id')}, last_time = ${last('last_time')}, stamp = 1`,
  );
  await sql('im_user').where({ id: ann }).update({ nickName: 'Ann' });
}
