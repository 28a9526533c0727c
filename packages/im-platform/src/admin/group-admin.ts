import type { Database } from '../db/database.ts';
import { shownNickName, type Group, type Membership } from '../groups/group.ts';
import { roleOf, type Role } from '../groups/role.ts';
import { Refusal } from '../http/refusal.ts';
import { beginsSo } from './prefix.ts';

/** A group, as those who run the platform see it. */
export interface AdminGroup extends Pick<
  Group,
  'id' | 'name' | 'ownerId' | 'notice' | 'isBanned' | 'reason' | 'dissolve'
> {
  readonly createdTime: number;
  readonly members?: number;
}

export interface AdminMember {
  readonly userId: number;
  readonly name: string;
  readonly role: Role;
  readonly joinedTime: number;
}

const columns = ['id', 'name', 'ownerId', 'notice', 'isBanned', 'reason', 'dissolve', 'createdTime'] as const;

/** What admins see of groups. */
export class GroupAdmin {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  async page(prefix: string, afterId: number, limit: number): Promise<AdminGroup[]> {
    return this.#sql('im_group')
      .modify((query) => beginsSo(query, prefix, { columns: ['name'], id: 'id' }))
      .where('id', '>', afterId)
      .orderBy('id')
      .limit(limit)
      .select<AdminGroup[]>(...columns);
  }

  async find(id: number): Promise<AdminGroup> {
    const group = await this.#sql('im_group')
      .where({ id })
      .first<AdminGroup | undefined>(...columns);
    if (!group) throw new Refusal('groupUnknown');
    const [row]: { members: number }[] = await this.#sql('im_group_member')
      .where({ groupId: id, quit: 0 })
      .count('* as members');
    return { ...group, members: row?.members ?? 0 };
  }

  async members(groupId: number, afterId: number, limit: number): Promise<AdminMember[]> {
    const { ownerId } = await this.find(groupId);
    const rows = await this.#sql('im_group_member')
      .where({ groupId, quit: 0 })
      .where('userId', '>', afterId)
      .orderBy('userId')
      .limit(limit)
      .select<MemberRow[]>('userId', 'userNickName', 'remarkNickName', 'role', 'createdTime as joinedTime');
    return rows.map(({ userId, role, joinedTime, ...names }) => ({
      ...{ userId, name: shownNickName(names), role: roleOf({ userId, ownerId, role }), joinedTime },
    }));
  }
}

type MemberRow = Pick<Membership, 'userId' | 'userNickName' | 'remarkNickName' | 'role' | 'joinedTime'>;
