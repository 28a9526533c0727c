import { chunksOf } from '../db/chunks.ts';
import type { Sql } from '../db/database.ts';

/** What another back end knows a user by. */
export interface ToldUser {
  readonly id: string;
  readonly externalId: string | null;
  readonly userName: string;
  readonly nickName: string;
  /** A program speaks as them: two that answer each other do not end. */
  readonly isBot: boolean;
}

const usersPerStatement = 500;

type Row = Omit<ToldUser, 'id' | 'isBot'> & { readonly id: number; readonly isBot: number };

/** What they are called now. */
export async function findToldUsers(sql: Sql, ids: readonly number[]): Promise<Map<number, ToldUser>> {
  const users = new Map<number, ToldUser>();
  for (const some of chunksOf(ids, usersPerStatement)) {
    const rows = await sql('im_user')
      .whereIn('id', some)
      .select<Row[]>('id', 'externalId', 'userName', 'nickName', 'isBot');
    for (const { id, isBot, ...row } of rows) users.set(id, { id: String(id), ...row, isBot: isBot === 1 });
  }
  return users;
}
