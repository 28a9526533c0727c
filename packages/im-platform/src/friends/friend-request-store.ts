import type { Knex } from 'knex';
import type { Database, Sql } from '../db/database.ts';
import { requestLastsMs, type FriendRequest, type ShownRequest } from './friend-request.ts';

interface Row extends FriendRequest {
  readonly isDeclined: number;
  readonly isWithdrawn: number;
}

/**
 * Who asks whom to be friends, a row for each direction of a pair. What is declined or withdrawn keeps its row until its end: so nobody is
 * told of a second request within its time, and who is declined does not learn it.
 */
export class FriendRequestStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** Whether the second one could accept now. */
  async isOpen(fromId: number, toId: number, sql: Sql = this.#sql): Promise<boolean> {
    return (await open(sql).where({ fromId, toId }).first('fromId')) !== undefined;
  }

  /** Whether the first one has asked and it is not over, whatever became of it. */
  async hasAsked(fromId: number, toId: number): Promise<boolean> {
    const row: unknown = await this.#sql('im_friend_request')
      .where({ fromId, toId })
      .where('endTime', '>', Date.now())
      .first('fromId');
    return row !== undefined;
  }

  /** What somebody has asked, as they see it: what was declined, too. In the order of the others' ids. */
  async sentBy(userId: number, afterId: number, limit: number): Promise<ShownRequest[]> {
    const found: unknown = await shown(this.#sql, 'r.toId')
      .where({ 'r.fromId': userId, 'r.isWithdrawn': 0 })
      .where('r.toId', '>', afterId)
      .orderBy('r.toId')
      .limit(limit);
    return found as ShownRequest[];
  }

  /** What somebody may accept or decline; nothing of those whom they have blocked. */
  async receivedBy(userId: number, afterId: number, limit: number): Promise<ShownRequest[]> {
    const found: unknown = await shown(this.#sql, 'r.fromId')
      .leftJoin('im_block as b', { 'b.userId': 'r.toId', 'b.blockedId': 'r.fromId' })
      .where({ 'r.toId': userId, 'r.isWithdrawn': 0, 'r.isDeclined': 0 })
      .whereNull('b.userId')
      .where('r.fromId', '>', afterId)
      .orderBy('r.fromId')
      .limit(limit);
    return found as ShownRequest[];
  }

  /** Asks. False: it has been asked before, and is not told again. */
  async put(sql: Sql, { fromId, toId, text }: Pick<Row, 'fromId' | 'toId' | 'text'>): Promise<boolean> {
    const now = Date.now();
    const before = (await sql('im_friend_request').where({ fromId, toId }).forUpdate().first()) as
      Row | undefined;
    if (before && before.endTime > now) return false;
    await sql('im_friend_request').where({ fromId }).where('endTime', '<=', now).delete();
    await sql('im_friend_request').insert({
      ...{ fromId, toId, text, sentTime: now, endTime: now + requestLastsMs },
      ...{ isDeclined: 0, isWithdrawn: 0 },
    });
    return true;
  }

  /** What was withdrawn is asked again, and not told again. */
  async putBack(sql: Sql, { fromId, toId, text }: Pick<Row, 'fromId' | 'toId' | 'text'>): Promise<void> {
    await sql('im_friend_request').where({ fromId, toId, isWithdrawn: 1 }).update({ isWithdrawn: 0, text });
  }

  /** Accepts: it is over. False: there is none. */
  async take(sql: Sql, fromId: number, toId: number): Promise<boolean> {
    return (await open(sql).where({ fromId, toId }).delete()) > 0;
  }

  /** Nobody needs to ask any more. */
  async forget(sql: Sql, fromId: number, toId: number): Promise<void> {
    await sql('im_friend_request').where({ fromId, toId }).delete();
  }

  async decline(fromId: number, toId: number): Promise<void> {
    await this.#sql('im_friend_request').where({ fromId, toId }).update({ isDeclined: 1 });
  }

  async withdraw(fromId: number, toId: number): Promise<void> {
    await this.#sql('im_friend_request').where({ fromId, toId }).update({ isWithdrawn: 1 });
  }
}

function open(sql: Sql): Knex.QueryBuilder {
  return sql('im_friend_request').where({ isDeclined: 0, isWithdrawn: 0 }).where('endTime', '>', Date.now());
}

/** With the name and picture of the one at that end. */
function shown(sql: Sql, other: 'r.fromId' | 'r.toId'): Knex.QueryBuilder {
  return sql('im_friend_request as r')
    .join('im_user as u', 'u.id', other)
    .where('r.endTime', '>', Date.now())
    .select(
      ...['r.fromId', 'r.toId', 'r.text', 'r.sentTime', 'r.endTime'],
      ...['u.nickName', 'u.headImageThumb'],
    );
}
