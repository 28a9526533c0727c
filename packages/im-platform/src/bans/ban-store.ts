import type { Database, Sql } from '../db/database.ts';
import { conversationOfGroup } from '../groups/group.ts';
import { MessageType } from '../wire/message-type.ts';

export interface Verdict {
  readonly isBanned: 0 | 1;
  readonly reason: string;
}

/** In one go; more follow with the next. */
const mostLifted = 500;

/** Sends what the platform says itself in groups. */
export const systemSender = 0;

export class BanStore {
  readonly #database: Pick<Database, 'sql' | 'of'>;
  readonly #sql: Database['sql'];

  constructor(database: Pick<Database, 'sql' | 'of'>) {
    this.#database = database;
    this.#sql = database.sql;
  }

  /** False when there is no such user. */
  async judgeUser(
    sql: Sql,
    id: number,
    verdict: Verdict & { readonly bannedUntil: number | null },
  ): Promise<boolean> {
    return (await sql('im_user').where({ id }).update(verdict)) > 0;
  }

  async usersBannedUntil(moment: number): Promise<number[]> {
    const rows = await this.#sql('im_user')
      .where('bannedUntil', '<=', moment)
      .limit(mostLifted)
      .select<{ id: number }[]>('id');
    return rows.map(({ id }) => id);
  }

  /** False when there is no such group. */
  async judgeGroup(sql: Sql, id: number, verdict: Verdict): Promise<boolean> {
    return (await sql('im_group').where({ id }).update(verdict)) > 0;
  }

  /** Whether the group is judged so already, and this was the last that its members were told about it. */
  async isTold(groupId: number, verdict: Verdict, tip: string): Promise<boolean> {
    const judged: unknown = await this.#sql('im_group')
      .where({ id: groupId, ...verdict })
      .first('id');
    if (judged === undefined) return false;
    const last = await this.#database
      .of(conversationOfGroup(groupId))
      .sql('im_group_message')
      .where({ sendId: systemSender, groupId, type: MessageType.TIP_TEXT })
      .orderBy('id', 'desc')
      .first<{ content: string } | undefined>('groupId', 'sendId', 'number', 'content');
    return last?.content === tip;
  }
}
