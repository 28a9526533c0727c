import { isDuplicate, type Sql } from '../db/database.ts';

/**
 * In the transaction in which the account ends, before it is forgotten: of this person nothing is to be left. It is done by erasure/, which needs to know
 * what they were called, as that stands in what others were told of them. Asked again it changes nothing. Resolves with its id.
 */
export async function orderErasure(sql: Sql, userId: number, askedBy: string): Promise<number> {
  const before = await findErasureOf(sql, userId);
  if (before !== undefined) return before;
  const now = Date.now();
  const row = { userId, state: 'waiting', askedBy, askedTime: now, nextTime: now, counts: '{}' };
  try {
    await sql('im_erasure').insert({ ...row, names: JSON.stringify(await namesOf(sql, userId)) });
  } catch (error) {
    if (!isDuplicate(error)) throw error;
  }
  return (await findErasureOf(sql, userId)) ?? 0;
}

async function findErasureOf(sql: Sql, userId: number): Promise<number | undefined> {
  const row = await sql('im_erasure').where({ userId }).first<{ id: number } | undefined>('id');
  return row?.id;
}

/** Of an account that has ended before nothing is known. */
async function namesOf(sql: Sql, userId: number): Promise<string[]> {
  const users = await sql('im_user')
    .where({ id: userId, deletedTime: null })
    .select<{ userName: string; nickName: string }[]>('userName', 'nickName');
  if (users.length === 0) return [];
  const inGroups: { userNickName: string; remarkNickName: string }[] = [];
  for (const table of ['im_group_member', 'im_group_member_past'])
    inGroups.push(
      ...(await sql(table)
        .where({ userId })
        .select<{ userNickName: string; remarkNickName: string }[]>('userNickName', 'remarkNickName')),
    );
  const names = [
    ...users.flatMap(({ userName, nickName }) => [userName, nickName]),
    ...inGroups.flatMap(({ userNickName, remarkNickName }) => [userNickName, remarkNickName]),
  ];
  return [...new Set(names)].filter((name) => name !== '');
}
