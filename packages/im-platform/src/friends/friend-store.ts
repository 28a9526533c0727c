import { laneOf } from '../db/lanes.ts';
import { mutePlace } from '../conversations/places.ts';
import type { Database, Sql } from '../db/database.ts';
import { inKeys } from '../db/in-keys.ts';
import { Refusal } from '../http/refusal.ts';
import { conversationOf } from '../messages/private/private-message.ts';
import { friendColumns, type Friend } from './friend.ts';

/** Both directions: what the first keeps about the second, and the other way round. Absent: they never were friends. */
export type Friendship = readonly [mine: Friend | undefined, theirs: Friend | undefined];

export class FriendStore {
  readonly #database: Pick<Database, 'transaction' | 'ofLane'>;
  readonly #sql: Database['sql'];

  constructor(database: Pick<Database, 'sql' | 'transaction' | 'ofLane'>) {
    this.#database = database;
    this.#sql = database.sql;
  }

  /** Deleted ones too. */
  listOf(userId: number): Promise<Friend[]> {
    return this.#sql('im_friend')
      .where({ userId })
      .orderBy('id')
      .select(...friendColumns) as Promise<Friend[]>;
  }

  pageOf(userId: number, afterId: number, limit: number): Promise<Friend[]> {
    return this.#sql('im_friend')
      .where({ userId, deleted: 0 })
      .where('friendId', '>', afterId)
      .orderBy('friendId')
      .limit(limit)
      .select(...friendColumns) as Promise<Friend[]>;
  }

  find(userId: number, friendId: number): Promise<Friend | undefined> {
    return this.#sql('im_friend')
      .where({ userId, friendId })
      .first(...friendColumns) as Promise<Friend | undefined>;
  }

  async friendship(one: number, other: number, sql: Sql = this.#sql): Promise<Friendship> {
    const rows = await sql('im_friend')
      .modify(inKeys, ['userId', 'friendId'], bothWays(one, other))
      .select<Friend[]>(...friendColumns);
    return [rows.find(({ userId }) => userId === one), rows.find(({ userId }) => userId === other)];
  }

  async nickNameOf(sql: Sql, id: number): Promise<string> {
    const user: { nickName: string } | undefined = await sql('im_user').where({ id }).first('nickName');
    return user?.nickName ?? '';
  }

  async isBot(id: number): Promise<boolean> {
    const row = await this.#sql('im_user').where({ id, isBot: 1 }).first<object | undefined>('id');
    return row !== undefined;
  }

  /** Makes them friends, with each other's name and picture as they are now. Former rows are used again. */
  async bind(sql: Sql, one: number, other: number): Promise<void> {
    // Locked against a change of name, which copies it to the rows that it finds.
    const users = await sql('im_user')
      .whereIn('id', [one, other])
      .forShare()
      .select<ShownUser[]>('id', 'nickName', 'headImageThumb');
    const rows = users.map(({ id, nickName, headImageThumb }) => ({
      userId: id === one ? other : one,
      friendId: id,
      friendNickName: nickName,
      friendHeadImage: headImageThumb,
      deleted: 0,
      createdTime: Date.now(),
    }));
    if (rows.length < 2) throw new Refusal('userUnknown');
    await sql('im_friend')
      .insert(rows)
      .onConflict(['userId', 'friendId'])
      .merge(['friendNickName', 'friendHeadImage', 'deleted']);
  }

  async unbind(sql: Sql, one: number, other: number): Promise<void> {
    await sql('im_friend')
      .modify(inKeys, ['userId', 'friendId'], bothWays(one, other))
      .update({ deleted: 1 });
  }

  /** False when there is no such friend. */
  async setDnd(userId: number, friendId: number, isDnd: boolean): Promise<boolean> {
    const conversation = conversationOf(userId, friendId);
    const lane = laneOf(conversation);
    const place = this.#database.ofLane(lane);
    place.refuseStrays([lane]);
    const isThere = await this.#database.transaction(async (sql) => {
      const found = await sql('im_friend')
        .where({ userId, friendId })
        .update({ isDnd: isDnd ? 1 : 0 });
      if (found > 0 && !place.isOneOfSeveral) await mutePlace(sql, userId, conversation, isDnd);
      return found > 0;
    });
    // If it ends here, whoever asks again finishes it.
    if (isThere && place.isOneOfSeveral)
      await place.changeIn([lane], (sql) => mutePlace(sql, userId, conversation, isDnd));
    return isThere;
  }
}

interface ShownUser {
  readonly id: number;
  readonly nickName: string;
  readonly headImageThumb: string;
}

function bothWays(one: number, other: number): [number, number][] {
  return [
    [one, other],
    [other, one],
  ];
}
