import type { Knex } from 'knex';
import { laneOf } from '../db/lanes.ts';
import type { Sql } from '../db/database.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import { copyTable, type Copying } from './copying.ts';
import { timeIn } from './times.ts';

// Columns of box-im may be null where its servers did not say them; there what its schema calls the default is meant (contract D).

export function copyUsers(name: string, copying: Copying): Promise<number> {
  const { from } = copying;
  const columns = [
    ...['id', 'userName', 'nickName', 'password', 'sex', 'isBanned', 'type'],
    ...texts(from, 'headImage', 'headImageThumb', 'reason', 'signature'),
    ...[timeIn(copying, 'lastLoginTime'), timeIn(copying, 'createdTime')],
  ];
  return copyTable(name, copying, {
    name: 'im_user',
    columns,
    write: (sql, rows) =>
      sql('im_user').insert(
        (rows as UserRow[]).map((row) => ({
          ...row,
          ...{ sex: row.sex ?? 0, isBanned: row.isBanned ?? 0, type: row.type ?? 1 },
          createdTime: row.createdTime ?? 0,
        })),
      ),
  });
}

interface WordRow {
  readonly id: number;
  readonly enabled: number | null;
  readonly createTime: number | null;
}

interface UserRow {
  readonly id: number;
  readonly sex: number | null;
  readonly isBanned: number | null;
  readonly type: number | null;
  readonly createdTime: number | null;
}

export function copyWords(name: string, copying: Copying): Promise<number> {
  return copyTable(name, copying, {
    name: 'im_sensitive_word',
    columns: ['id', 'content', 'enabled', 'creator', timeIn(copying, 'createTime')],
    async write(sql, rows) {
      // The same word may be there twice; once is enough.
      await sql('im_sensitive_word')
        .insert(
          (rows as WordRow[]).map((row) => ({
            ...row,
            enabled: row.enabled ?? 0,
            createTime: row.createTime ?? 0,
          })),
        )
        .onConflict('content')
        .ignore();
    },
  });
}

export function copyGroups(name: string, copying: Copying): Promise<number> {
  const { from } = copying;
  return copyTable(name, copying, {
    name: 'im_group',
    columns: [
      ...['id', 'name', 'ownerId', 'isBanned', 'dissolve'],
      ...texts(from, 'headImage', 'headImageThumb', 'notice', 'reason'),
      timeIn(copying, 'createdTime'),
    ],
    async write(sql, rows) {
      const groups = (rows as GroupRow[]).map((row) => ({
        ...row,
        ...{ isBanned: row.isBanned ?? 0, dissolve: row.dissolve ?? 0, createdTime: row.createdTime ?? 0 },
      }));
      await sql('im_group').insert(groups);
      await sql('im_conversation').insert(
        groups.map(({ id, createdTime: lastTime }) => {
          const conversation = conversationOfGroup(id);
          return { conversation, lane: laneOf(conversation), lastNumber: 0, lastId: 0, lastTime };
        }),
      );
    },
  });
}

interface GroupRow {
  readonly id: number;
  readonly isBanned: number | null;
  readonly dissolve: number | null;
  readonly createdTime: number | null;
}

/** Two who added each other at the same moment have two rows each. Whoever is a friend in one of them is one. */
export function copyFriends(name: string, copying: Copying): Promise<number> {
  return copyTable(name, copying, {
    name: 'im_friend',
    columns: [
      ...['id', 'userId', 'friendId', 'friendNickName', 'isDnd', 'deleted'],
      ...[...texts(copying.from, 'friendHeadImage'), timeIn(copying, 'createdTime')],
    ],
    async write(sql, rows) {
      await putOnce(sql, 'im_friend', {
        key: ['userId', 'friendId'],
        rows: (rows as FriendRow[]).map(({ id: _, ...row }) => ({
          ...row,
          ...{ deleted: row.deleted ?? 0, createdTime: row.createdTime ?? 0 },
        })),
        isOver: (row) => row.deleted === 1,
      });
      const muted = (rows as FriendRow[])
        .filter(({ isDnd }) => isDnd === 1)
        .map(({ userId, friendId }) => ({
          userId,
          conversation: conversationOf(userId, friendId),
          muted: 1,
        }));
      if (muted.length === 0) return;
      await sql('im_conversation_member')
        .insert(muted)
        .onConflict(['userId', 'conversation'])
        .merge(['muted']);
    },
  });
}

interface FriendRow {
  readonly id: number;
  readonly userId: number;
  readonly friendId: number;
  readonly isDnd: number | null;
  readonly deleted: number | null;
  readonly createdTime: number | null;
}

/** Who was invited by two at the same moment has two rows. Whoever is in the group in one of them is in it. */
export function copyMembers(name: string, copying: Copying): Promise<number> {
  return copyTable(name, copying, {
    name: 'im_group_member',
    columns: [
      ...['id', 'groupId', 'userId', 'isDnd', 'quit'],
      ...texts(copying.from, 'userNickName', 'remarkNickName', 'headImage', 'remarkGroupName'),
      ...[timeIn(copying, 'quitTime'), timeIn(copying, 'createdTime')],
    ],
    async write(sql, rows) {
      await putOnce(sql, 'im_group_member', {
        key: ['groupId', 'userId'],
        rows: (rows as MemberRow[]).map(({ id: _, ...row }) => {
          const quit = row.quit ?? 0;
          const createdTime = row.createdTime ?? 0;
          return { ...row, quit, createdTime, quitTime: quit === 1 ? (row.quitTime ?? createdTime) : null };
        }),
        isOver: (row) => row.quit === 1,
      });
      const places = (rows as MemberRow[]).map(({ groupId, userId, isDnd }) => ({
        ...{ userId, conversation: conversationOfGroup(groupId), muted: isDnd ?? 0 },
      }));
      await sql('im_conversation_member')
        .insert(places)
        .onConflict(['userId', 'conversation'])
        .merge(['muted']);
    },
  });
}

interface MemberRow {
  readonly id: number;
  readonly groupId: number;
  readonly userId: number;
  readonly isDnd: number | null;
  readonly quit: number | null;
  readonly quitTime: number | null;
  readonly createdTime: number | null;
}

interface Once<Row> {
  readonly key: readonly (keyof Row & string)[];
  readonly rows: readonly Row[];
  /** Whether another row with this key counts more. */
  readonly isOver: (row: Row) => boolean;
}

async function putOnce<Row extends object>(
  sql: Sql,
  table: string,
  { key, rows, isOver }: Once<Row>,
): Promise<void> {
  const keyOf = (row: Row): string => key.map((name) => String(row[name])).join();
  const over = new Map(rows.filter(isOver).map((row) => [keyOf(row), row]));
  const current = new Map(rows.filter((row) => !isOver(row)).map((row) => [keyOf(row), row]));
  if (over.size > 0)
    await sql(table)
      .insert([...over.values()])
      .onConflict([...key])
      .ignore();
  if (current.size > 0)
    await sql(table)
      .insert([...current.values()])
      .onConflict([...key])
      .merge();
}

/** Texts that are empty where they are null. */
function texts(sql: Knex, ...names: string[]): Knex.Raw[] {
  return names.map((name) => sql.raw('coalesce(??, ?) as ??', [name, '', name]));
}
