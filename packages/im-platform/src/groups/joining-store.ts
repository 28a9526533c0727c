import type { Sql } from '../db/database.ts';
import type { Group } from './group.ts';
import { joiningModes, type Joining } from './joining.ts';
import { MemberRole } from './role.ts';

/** Somebody as those see them who are to let them in. */
export interface Asking {
  readonly nickName: string;
  readonly headImageThumb: string;
}

/** What of groups says who comes into them by a link. */
export const joiningStore = {
  async setMode(sql: Sql, id: number, mode: Joining): Promise<void> {
    await sql('im_group')
      .where({ id })
      .update({ joining: joiningModes.indexOf(mode) });
  },

  /** Those who left in this moment did not want to. */
  async markPutOut(sql: Sql, groupId: number, userIds: readonly number[]): Promise<void> {
    await sql('im_group_member')
      .where({ groupId, quit: 1 })
      .whereIn('userId', [...userIds])
      .update({ putOut: 1 });
  },

  /** Whether somebody is to be asked about this one in any case: who was put out, and whom the owner has blocked. */
  async mustAsk(sql: Sql, { id: groupId, ownerId }: Group, userId: number): Promise<boolean> {
    const place: unknown = await sql('im_group_member').where({ groupId, userId, putOut: 1 }).first('id');
    if (place !== undefined) return true;
    const block: unknown = await sql('im_block')
      .where({ userId: ownerId, blockedId: userId })
      .first('userId');
    return block !== undefined;
  },

  /** The owner and the admins. */
  async managersOf(sql: Sql, { id: groupId, ownerId }: Group): Promise<number[]> {
    const rows = await sql('im_group_member')
      .where({ groupId, quit: 0, role: MemberRole.ADMIN })
      .select<{ userId: number }[]>('userId');
    return [...new Set([ownerId, ...rows.map(({ userId }) => userId)])];
  },

  /** Asks and answers of one person come one after the other, until the transaction ends. */
  async holdAsking(sql: Sql, userId: number): Promise<Asking> {
    const user = await sql('im_user')
      .where({ id: userId })
      .forUpdate()
      .first<Asking | undefined>('nickName', 'headImageThumb');
    return user ?? { nickName: '', headImageThumb: '' };
  },

  /** Those who ask for one group come one after the other, so that all who have asked are counted. */
  async holdAsked(sql: Sql, groupId: number): Promise<void> {
    await sql('im_group').where({ id: groupId }).forUpdate().first('id');
  },

  /** Nobody needs to ask for them any more. */
  async forgetRequests(sql: Sql, groupId: number, userIds: readonly number[]): Promise<void> {
    await sql('im_join_request')
      .where({ groupId })
      .whereIn('userId', [...userIds])
      .delete();
  },
};
