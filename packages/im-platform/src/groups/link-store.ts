import type { Knex } from 'knex';
import type { Database, Sql } from '../db/database.ts';
import type { GroupLink } from './joining.ts';

const columns = ['code', 'groupId', 'creatorId', 'createdTime', 'endTime', 'usesLeft'] as const;

export class LinkStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** Those of the group that are over are forgotten. */
  async add(link: GroupLink): Promise<void> {
    const { groupId } = link;
    await this.#sql('im_group_link').where({ groupId }).where('endTime', '<', Date.now()).delete();
    await this.#sql('im_group_link').where({ groupId, usesLeft: 0 }).delete();
    await this.#sql('im_group_link').insert(link);
  }

  /** One that is good still. */
  find(code: string, sql: Sql = this.#sql): Promise<GroupLink | undefined> {
    return good(sql)
      .where({ code })
      .first(...columns) as Promise<GroupLink | undefined>;
  }

  /** The good ones of a group, in the order of their codes. */
  pageOf(groupId: number, afterCode: string, limit: number): Promise<GroupLink[]> {
    return good(this.#sql)
      .where({ groupId })
      .where('code', '>', afterCode)
      .orderBy('code')
      .limit(limit)
      .select(...columns) as Promise<GroupLink[]>;
  }

  /** Takes one of its uses. False: it is over. */
  async use(sql: Sql, code: string): Promise<boolean> {
    // Null less one is null.
    return (await good(sql).where({ code }).decrement('usesLeft', 1)) > 0;
  }

  async remove(groupId: number, code: string): Promise<void> {
    await this.#sql('im_group_link').where({ groupId, code }).delete();
  }
}

function good(sql: Sql): Knex.QueryBuilder {
  return sql('im_group_link')
    .where((lasting) => void lasting.whereNull('endTime').orWhere('endTime', '>', Date.now()))
    .where((usable) => void usable.whereNull('usesLeft').orWhere('usesLeft', '>', 0));
}
