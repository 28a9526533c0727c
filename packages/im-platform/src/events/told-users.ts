import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';

/** What another back end knows a user by. */
export interface ToldUser {
  readonly id: string;
  readonly externalId: string | null;
  readonly userName: string;
  readonly nickName: string;
}

const usersPerStatement = 500;

/** What they are called now. */
export async function findToldUsers(sql: Sql, ids: readonly number[]): Promise<Map<number, ToldUser>> {
  const users = new Map<number, ToldUser>();
  for (const some of chunksOf(ids, usersPerStatement)) {
    const rows = await sql('im_user')
      .whereIn('id', some)
      .select<(Omit<ToldUser, 'id'> & { id: number })[]>('id', 'externalId', 'userName', 'nickName');
    for (const { id, ...row } of rows) users.set(id, { id: String(id), ...row });
  }
  return users;
}
