import type { Sql } from '../db/database.ts';
import type { MemberRole } from './role.ts';

/** What roles of a group are kept in; within the log of group messages, as all changes of members. */
export const roleStore = {
  async setOwner(sql: Sql, groupId: number, ownerId: number): Promise<void> {
    await sql('im_group').where({ id: groupId }).update({ ownerId });
  },

  async setRole(
    sql: Sql,
    { groupId, userId }: { readonly groupId: number; readonly userId: number },
    role: (typeof MemberRole)[keyof typeof MemberRole],
  ): Promise<void> {
    await sql('im_group_member').where({ groupId, userId }).update({ role });
  },

  async mute(
    sql: Sql,
    { groupId, userId }: { readonly groupId: number; readonly userId: number },
    mutedUntil: number,
  ): Promise<void> {
    await sql('im_group_member').where({ groupId, userId }).update({ mutedUntil });
  },

  async setOnlyAdminsWrite(sql: Sql, id: number, onlyAdminsWrite: boolean): Promise<void> {
    await sql('im_group')
      .where({ id })
      .update({ onlyAdminsWrite: onlyAdminsWrite ? 1 : 0 });
  },
};
