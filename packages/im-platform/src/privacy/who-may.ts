import type { Sql } from '../db/database.ts';
import { inKeys } from '../db/in-keys.ts';
import { ask } from '../db/together.ts';
import { Refusal } from '../http/refusal.ts';
import type { TextKey } from '../http/texts.ts';

/** What somebody may want to do to somebody else. */
export type Contact = 'write' | 'call' | 'add';

export type Pair = readonly [from: number, to: number];

/** Why they may not. */
export type Hindrance = Extract<TextKey, 'notFriends' | 'unblockFirst' | 'blockedByUser' | 'notWanted'>;

const columns = { write: 'mayWrite', call: 'mayCall', add: 'mayAdd' } as const;

/** Of those of the pairs in question who may not: why not, by `{from}:{to}`. One question, unless some of them are no friends. */
export async function findHindrances(
  sql: Sql,
  contact: Contact,
  pairs: readonly Pair[],
): Promise<Map<string, Hindrance>> {
  const hindrances = new Map<string, Hindrance>(pairs.map((pair) => [keyOf(pair), 'notFriends']));
  if (pairs.length === 0) return hindrances;
  for (const friend of await findFriends(sql, contact, pairs)) {
    const hindrance = hindranceOf(friend);
    const key = keyOf([friend.userId, friend.friendId]);
    if (hindrance) hindrances.set(key, hindrance);
    else hindrances.delete(key);
  }
  const strangers = pairs.filter((pair) => hindrances.get(keyOf(pair)) === 'notFriends');
  if (strangers.length > 0) await judgeStrangers(sql, contact, strangers, hindrances);
  return hindrances;
}

export function keyOf([from, to]: Pair): string {
  return `${from}:${to}`;
}

interface FoundFriend {
  readonly userId: number;
  readonly friendId: number;
  readonly hasBlocked: number | null;
  readonly isBlockedBy: number | null;
  readonly wants: string | null;
}

function findFriends(sql: Sql, contact: Contact, pairs: readonly Pair[]): Promise<FoundFriend[]> {
  const query = sql('im_friend as f')
    .leftJoin('im_block as mine', { 'mine.userId': 'f.userId', 'mine.blockedId': 'f.friendId' })
    .leftJoin('im_block as theirs', { 'theirs.userId': 'f.friendId', 'theirs.blockedId': 'f.userId' })
    .leftJoin('im_privacy as p', { 'p.userId': 'f.friendId' })
    .modify(inKeys, ['f.userId', 'f.friendId'], pairs)
    .where({ 'f.deleted': 0 })
    .select(
      ...['f.userId', 'f.friendId', 'mine.userId as hasBlocked', 'theirs.userId as isBlockedBy'],
      `p.${columns[contact]} as wants`,
    );
  return ask<FoundFriend>(sql, query);
}

function hindranceOf({ hasBlocked, isBlockedBy, wants }: FoundFriend): Hindrance | undefined {
  if (hasBlocked !== null) return 'unblockFirst';
  if (isBlockedBy !== null) return 'blockedByUser';
  return wants === 'nobody' ? 'notWanted' : undefined;
}

/** Strangers may where everybody may, unless one of the two has blocked the other. */
async function judgeStrangers(
  sql: Sql,
  contact: Contact,
  pairs: readonly Pair[],
  hindrances: Map<string, Hindrance>,
): Promise<void> {
  const rows = await sql('im_privacy')
    .whereIn('userId', [...new Set(pairs.map(([, to]) => to))])
    .where({ [columns[contact]]: 'everybody' })
    .select<{ userId: number }[]>('userId');
  const open = new Set(rows.map(({ userId }) => userId));
  const welcome = pairs.filter(([from, to]) => open.has(to) && from !== to);
  if (welcome.length === 0) return;
  const blocks = await findBlocks(sql, [...welcome, ...welcome.map(([from, to]): Pair => [to, from])]);
  for (const [from, to] of welcome) {
    const key = keyOf([from, to]);
    if (blocks.has(key)) hindrances.set(key, 'unblockFirst');
    else if (blocks.has(keyOf([to, from]))) hindrances.set(key, 'blockedByUser');
    else hindrances.delete(key);
  }
}

/** Refuses what the one wants of the other while one of them has blocked the other. */
export async function refuseBlocked(sql: Sql, userId: number, otherId: number): Promise<void> {
  const blocks = await findBlocks(sql, [
    [userId, otherId],
    [otherId, userId],
  ]);
  if (blocks.size > 0)
    throw new Refusal(blocks.has(keyOf([userId, otherId])) ? 'unblockFirst' : 'blockedByUser');
}

/** Which of the first ones have blocked the second. */
async function findBlocks(sql: Sql, pairs: readonly Pair[]): Promise<Set<string>> {
  const rows = await sql('im_block')
    .modify(inKeys, ['userId', 'blockedId'], pairs)
    .forShare()
    .select<{ userId: number; blockedId: number }[]>('userId', 'blockedId');
  return new Set(rows.map(({ userId, blockedId }) => keyOf([userId, blockedId])));
}
