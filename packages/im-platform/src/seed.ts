import { objectWith, readOptions, show, text, wrongOption, type Kinds } from 'im-common/internal/checks';
import { MessageStatus, MessageType } from './wire/message-type.ts';
import { findConversations, storeLines, type StoredLine } from './conversations/conversation-rows.ts';
import { joinConversation } from './conversations/places.ts';
import { conversationOfGroup } from './groups/group.ts';
import { laneCount, laneOf } from './db/lanes.ts';
import { nextId } from './message-log/ids.ts';
import { highestId, lockLanes, storeLanes, type LaneRow } from './message-log/lane-rows.ts';
import { toRow } from './messages/group/group-message.ts';
import { conversationOf } from './messages/private/private-message.ts';
import type { DemoAccount } from './options.ts';
import { hashPassword } from './users/password.ts';
import { refused } from './platform-error.ts';
import type { Database, Sql } from './db/database.ts';

// A small world to try things in. Everything is written in one transaction that holds all lanes, so it is
// there once or not at all, whoever else seeds or writes at the same moment; and the next message gets the next number.

export interface SeedOptions {
  /** Of all accounts. */
  readonly password: string;
}

const kinds: Kinds<SeedOptions> = {
  password: { ...text('password', 'a text that is not empty'), hides: 'value' },
};

const databaseKind = objectWith<Database>('what openDatabase() gives', {
  sql: 'function',
  transaction: 'function',
});

const people = [
  { userName: 'ann', nickName: 'Ann', sex: 1, signature: 'Up early, every day' },
  { userName: 'bob', nickName: 'Bob', sex: 0, signature: 'Ask me about sourdough' },
  { userName: 'cleo', nickName: 'Cleo', sex: 1, signature: '' },
  { userName: 'dan', nickName: 'Dan', sex: 0, signature: 'On the road' },
  { userName: 'eve', nickName: 'Eve', sex: 1, signature: 'Listening' },
] as const;

type Name = (typeof people)[number]['userName'];

const friendships: readonly (readonly [Name, Name])[] = [
  ['ann', 'bob'],
  ['ann', 'cleo'],
  ['ann', 'dan'],
  ['ann', 'eve'],
  ['bob', 'cleo'],
  ['bob', 'dan'],
  ['cleo', 'eve'],
];

const groups: readonly {
  readonly name: string;
  readonly notice: string;
  readonly members: readonly Name[];
}[] = [
  // The first is the owner.
  { name: 'Weekend hike', notice: 'Saturday, 9:00, north gate', members: ['ann', 'bob', 'cleo', 'dan'] },
  { name: 'Book club', notice: '', members: ['cleo', 'ann', 'eve'] },
];

type Line = readonly [minutesAgo: number, from: Name, content: string];

/** What was said, oldest first. What comes last in each conversation has not been read. */
const privateLines: readonly (readonly [...Line, to: Name])[] = [
  [2_900, 'bob', 'The bread turned out well this time.', 'ann'],
  [2_880, 'ann', 'Proof or it did not happen!', 'bob'],
  [2_870, 'bob', 'Come by on Sunday, there will be some left.', 'ann'],
  [1_500, 'cleo', 'Have you finished chapter nine?', 'ann'],
  [1_480, 'ann', 'Almost. No spoilers, please.', 'cleo'],
  [190, 'dan', 'Landed. The train is late, of course.', 'bob'],
  [60, 'bob', 'Are you coming on Saturday?', 'ann'],
];
const groupLines: readonly (readonly [...Line, group: string])[] = [
  [1_450, 'ann', 'The weather looks good for Saturday.', 'Weekend hike'],
  [1_440, 'dan', 'I can drive, three seats.', 'Weekend hike'],
  [1_430, 'cleo', 'I will bring tea.', 'Weekend hike'],
  [300, 'cleo', 'Next: “The Dispossessed”. Objections?', 'Book club'],
  [290, 'eve', 'None at all.', 'Book club'],
  [45, 'bob', 'And I bring bread, obviously.', 'Weekend hike'],
];

/** Fills an empty database. Returns the accounts; none when they were there before. */
export async function seed(database: Database, options: SeedOptions): Promise<DemoAccount[]> {
  const { password } = readOptions('the options of seed', options, kinds, refused);
  if (password === undefined) throw refused(wrongOption('password', password, kinds.password));
  if (databaseKind.read(database) === undefined)
    throw refused(`What is seeded is ${show(database)}; expected ${databaseKind.expected}.`);
  const hashes = await Promise.all(people.map(() => hashPassword(password)));
  return database.transaction(async (sql) => {
    // First of all, as they say who is alone; then it can be looked whether somebody was here before.
    const lanes = await lockLanes(
      sql,
      Array.from({ length: laneCount }, (_, lane) => lane),
    );
    const names = people.map(({ userName }) => userName);
    if (await sql('im_user').whereIn('userName', names).first('id')) return [];

    const ids = await createAccounts(sql, hashes);
    await createFriendships(sql, ids);
    const groupIds = await createGroups(sql, ids);
    for (const row of lanes.values()) row.stamp += 1;
    const placeOf = places(lanes, await highestId(sql));
    const stampOf = (conversation: string): number => lanes.get(laneOf(conversation))?.stamp ?? 0;
    await tellPrivately(sql, { placeOf, stampOf }, ids);
    await tellGroups(sql, { placeOf, stampOf }, ids, groupIds);
    await storeLanes(sql, lanes.values());
    return demoAccounts(password);
  });
}

/** Whom `seed` makes. */
export function demoAccounts(password: string): DemoAccount[] {
  return people.map(({ userName, nickName }) => ({ userName, nickName, password }));
}

type Ids<Key extends string> = (key: Key) => number;

async function createAccounts(sql: Sql, hashes: readonly string[]): Promise<Ids<Name>> {
  const ids = new Map<Name, number>();
  for (const [index, person] of people.entries()) {
    const row = { ...person, password: hashes[index], createdTime: Date.now() };
    ids.set(person.userName, await insertOne(sql, 'im_user', row));
  }
  return (name) => ids.get(name) ?? 0;
}

async function createFriendships(sql: Sql, ids: Ids<Name>): Promise<void> {
  const bothWays = friendships.flatMap(([one, other]): (readonly [Name, Name])[] => [
    [one, other],
    [other, one],
  ]);
  await sql('im_friend').insert(
    bothWays.map(([user, friend]) => ({
      userId: ids(user),
      friendId: ids(friend),
      friendNickName: nickNameOf(friend),
      createdTime: Date.now(),
    })),
  );
}

async function createGroups(sql: Sql, ids: Ids<Name>): Promise<Ids<string>> {
  const groupIds = new Map<string, number>();
  // Members see what was said since they joined.
  const createdTime = minutesAgo(3_000);
  for (const { name, notice, members } of groups) {
    const [owner] = members;
    if (!owner) continue;
    const groupId = await insertOne(sql, 'im_group', { name, notice, ownerId: ids(owner), createdTime });
    groupIds.set(name, groupId);
    await sql('im_group_member').insert(
      members.map((member) => ({
        groupId,
        userId: ids(member),
        userNickName: nickNameOf(member),
        createdTime,
      })),
    );
    await joinConversation(sql, conversationOfGroup(groupId), members.map(ids), createdTime);
  }
  return (name) => groupIds.get(name) ?? 0;
}

async function tellPrivately(sql: Sql, log: Log, ids: Ids<Name>): Promise<void> {
  const rows = privateLines.map(([minutes, from, content, to], index) => {
    const [sendId, recvId] = [ids(from), ids(to)];
    const conversation = conversationOf(sendId, recvId);
    const isLast = !privateLines
      .slice(index + 1)
      .some(([, one, , other]) => conversationOf(ids(one), ids(other)) === conversation);
    return {
      ...log.placeOf(conversation, minutes),
      ...{ conversation, sendId, recvId, content, type: MessageType.TEXT },
      status: isLast ? MessageStatus.PENDING : MessageStatus.READED,
    };
  });
  await sql('im_private_message').insert(rows);
  const lines = rows.map((row) => ({ ...row, counts: true, people: [row.sendId, row.recvId] }));
  await tell(sql, log, lines, ({ conversation }, index) =>
    lines.slice(index + 1).every((line) => line.conversation !== conversation),
  );
}

async function tellGroups(sql: Sql, log: Log, ids: Ids<Name>, groupIds: Ids<string>): Promise<void> {
  const messages = groupLines.map(([minutes, from, content, group]) => {
    const groupId = groupIds(group);
    return {
      ...log.placeOf(conversationOfGroup(groupId), minutes),
      ...{ groupId, sendId: ids(from), sendNickName: nickNameOf(from), content, type: MessageType.TEXT },
      ...{ tmpId: null, recvIds: [], atUserIds: [], receipt: false, receiptOk: false },
      status: MessageStatus.PENDING,
    };
  });
  await sql('im_group_message').insert(messages.map(toRow));
  const lines = messages.map((message) => {
    return { ...message, conversation: conversationOfGroup(message.groupId), counts: true };
  });
  // All but the last line has been read by everybody, and that one by whoever wrote it.
  const last = lines.at(-1);
  await tell(sql, log, lines, (line) => line === last);
  for (const { groupId, id, sendId } of messages) {
    const readers = sql('im_group_member').where({ groupId });
    await (id === last?.id ? readers.andWhere({ userId: sendId }) : readers).update({ readId: id });
  }
}

interface Placed {
  readonly id: number;
  readonly number: number;
  readonly sendTime: number;
}

interface Log {
  readonly placeOf: (conversation: string, minutes: number) => Placed;
  readonly stampOf: (conversation: string) => number;
}

/** Gives messages their places, as the log does. */
function places(
  lanes: ReadonlyMap<number, LaneRow>,
  known: { readonly highest: number; readonly time: number },
): Log['placeOf'] {
  const last = new Map<string, number>();
  return (conversation, minutes) => {
    const lane = laneOf(conversation);
    const id = nextId(lane, { ...known, last: lanes.get(lane)?.lastId ?? 0 });
    const row = lanes.get(lane);
    if (row) row.lastId = id;
    const number = (last.get(conversation) ?? 0) + 1;
    last.set(conversation, number);
    return { id, number, sendTime: minutesAgo(minutes) };
  };
}

/** What the log writes beside messages. Of each conversation the last line may be one that others have not read. */
async function tell<Line extends StoredLine>(
  sql: Sql,
  { stampOf }: Log,
  lines: readonly Line[],
  isUnread: (line: Line, index: number) => boolean,
): Promise<void> {
  const unread = lines.filter(isUnread);
  const read = lines.filter((line) => !unread.includes(line));
  await storeLines(sql, read, { stampOf, before: new Map() });
  for (const { conversation, number: readNumber } of read)
    await sql('im_conversation_member')
      .where({ conversation })
      .update({ readNumber, ownAtRead: sql.ref('own') });
  const before = await findConversations(
    sql,
    unread.map(({ conversation }) => conversation),
  );
  await storeLines(sql, unread, { stampOf, before });
}

async function insertOne(sql: Sql, table: string, row: object): Promise<number> {
  const [id] = await sql(table).insert(row);
  return id ?? 0;
}

function nickNameOf(name: Name): string {
  return people.find(({ userName }) => userName === name)?.nickName ?? name;
}

function minutesAgo(minutes: number): number {
  return Date.now() - minutes * 60_000;
}
