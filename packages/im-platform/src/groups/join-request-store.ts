import type { Knex } from 'knex';
import type { Database, Sql } from '../db/database.ts';
import type { JoinRequest, ShownJoinRequest } from './joining.ts';

/** Who has been declined, or has withdrawn, cannot ask again before; and does not learn which it was. */
const lastsMs = 14 * 86_400_000;

/** What somebody has asked, with the name of the group. */
export interface OwnJoinRequest extends JoinRequest {
  readonly groupName: string;
}

export class JoinRequestStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** Whether somebody has asked and it is not over, whatever became of it; withdrawn ones do not count. */
  async hasAsked(groupId: number, userId: number, sql: Sql = this.#sql): Promise<boolean> {
    const row: unknown = await lasting(sql)
      .where({ 'r.groupId': groupId, 'r.userId': userId, 'r.isWithdrawn': 0 })
      .first('r.userId');
    return row !== undefined;
  }

  /** Asks. False: it was asked before, and nobody need be told again. */
  async put(sql: Sql, request: JoinRequest): Promise<boolean> {
    const { groupId, userId, text, sentTime } = request;
    const before: unknown = await lasting(sql)
      .where({ 'r.groupId': groupId, 'r.userId': userId })
      .forUpdate()
      .first('r.userId');
    if (before !== undefined) {
      await sql('im_join_request').where({ groupId, userId }).update({ text, isWithdrawn: 0 });
      return false;
    }
    await sql('im_join_request').where({ userId }).where('endTime', '<=', Date.now()).delete();
    await sql('im_join_request').insert({ groupId, userId, text, sentTime, endTime: sentTime + lastsMs });
    return true;
  }

  async countOpen(sql: Sql, groupId: number): Promise<number> {
    const rows: { all: number }[] = await open(sql).where({ 'r.groupId': groupId }).count('* as all');
    return rows[0]?.all ?? 0;
  }

  /** Those of a group that somebody may answer, in the order of the users' ids. */
  async pageOf(groupId: number, afterId: number, limit: number): Promise<ShownJoinRequest[]> {
    const found: unknown = await open(this.#sql)
      .join('im_user as u', 'u.id', 'r.userId')
      .where({ 'r.groupId': groupId })
      .where('r.userId', '>', afterId)
      .orderBy('r.userId')
      .limit(limit)
      .select('r.groupId', 'r.userId', 'r.text', 'r.sentTime', 'u.nickName', 'u.headImageThumb');
    return found as ShownJoinRequest[];
  }

  /** What somebody has asked, as they see it: what was declined, too. */
  async sentBy(userId: number, afterGroupId: number, limit: number): Promise<OwnJoinRequest[]> {
    const found: unknown = await lasting(this.#sql)
      .join('im_group as g', 'g.id', 'r.groupId')
      .where({ 'r.userId': userId, 'r.isWithdrawn': 0 })
      .where('r.groupId', '>', afterGroupId)
      .orderBy('r.groupId')
      .limit(limit)
      .select('r.groupId', 'r.userId', 'r.text', 'r.sentTime', 'g.name as groupName');
    return found as OwnJoinRequest[];
  }

  /** Accepts: it is over. False: there is none. */
  async take(sql: Sql, groupId: number, userId: number): Promise<boolean> {
    const taken = await sql('im_join_request')
      .where({ groupId, userId, isDeclined: 0, isWithdrawn: 0 })
      .where('endTime', '>', Date.now())
      .delete();
    return taken > 0;
  }

  async decline(groupId: number, userId: number): Promise<void> {
    await this.#sql('im_join_request').where({ groupId, userId }).update({ isDeclined: 1 });
  }

  async withdraw(groupId: number, userId: number): Promise<void> {
    await this.#sql('im_join_request').where({ groupId, userId }).update({ isWithdrawn: 1 });
  }
}

function lasting(sql: Sql): Knex.QueryBuilder {
  return sql('im_join_request as r').where('r.endTime', '>', Date.now());
}

function open(sql: Sql): Knex.QueryBuilder {
  return lasting(sql).where({ 'r.isDeclined': 0, 'r.isWithdrawn': 0 });
}
