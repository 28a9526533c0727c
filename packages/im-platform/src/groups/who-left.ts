import type { Knex } from 'knex';
import type { Sql } from '../db/database.ts';
import type { Group } from './group.ts';
import type { GroupMember } from './group-member.ts';

// Whoever left a group sees it as it was when they left. The group itself is written into their place as it was. Its members are
// not: many may leave a large group. Of them it is kept how they were before each change since somebody left, so that
// there are at most as many rows of a member as people have left, and none where nobody has.

/** A group that somebody left stays in their list, and its members can be looked at, for so long. */
export const leftIsShownMs: number = 30 * 24 * 3_600_000;

const groupColumns = [
  'name',
  'ownerId',
  'headImage',
  'headImageThumb',
  'notice',
  'dissolve',
  'isBanned',
  'reason',
  'onlyAdminsWrite',
] as const;

export type GroupWhenLeft = Pick<Group, (typeof groupColumns)[number]>;

/** The group as it is now, as a text to be kept. */
export async function groupAsItIs(sql: Sql, groupId: number): Promise<string> {
  const group = await sql('im_group')
    .where({ id: groupId })
    .first<GroupWhenLeft>(...groupColumns);
  return JSON.stringify(group);
}

export function parseGroupWhenLeft(text: string): GroupWhenLeft {
  return JSON.parse(text) as GroupWhenLeft;
}

/** A member as they were until that moment. */
interface PastMember extends Pick<
  GroupMember,
  'groupId' | 'userId' | 'userNickName' | 'remarkNickName' | 'headImage' | 'joinedTime' | 'quitTime'
> {
  readonly until: number;
}

const pastColumns = [
  'userNickName',
  'remarkNickName',
  'headImage',
  'joinedTime',
  'quitTime',
  'userId',
  'groupId',
];

/** Before places in groups change: keeps them as they are, wherever somebody has left since the last change. */
export async function keepAsTheyWere(
  sql: Sql,
  ofThem: (places: Knex.QueryBuilder) => void,
  until: number,
): Promise<void> {
  const lastChange = sql('im_group_member_past as past')
    .whereRaw('past.group_id = place.group_id and past.user_id = place.user_id')
    .max('past.until');
  const someoneLeft = sql('im_group_member as gone')
    .whereRaw('gone.group_id = place.group_id and gone.user_id <> place.user_id and gone.quit = 1')
    .where('gone.quitTime', '>', sql.raw('coalesce(?, 0)', [lastChange]));
  const kept = await sql('im_group_member as place')
    .where(ofThem)
    .whereExists(someoneLeft)
    .select<Omit<PastMember, 'until'>[]>(
      'groupId',
      'userId',
      'userNickName',
      'remarkNickName',
      'headImage',
      'quitTime',
      'createdTime as joinedTime',
    );
  if (kept.length > 0) await sql('im_group_member_past').insert(kept.map((member) => ({ ...member, until })));
}

/** What nobody is shown any more. */
export async function forgetPast(sql: Sql, groupId: number, now: number): Promise<void> {
  await sql('im_group_member_past')
    .where({ groupId })
    .where('until', '<', now - leftIsShownMs)
    .delete();
}

/** The members as they were at a moment: `current` holds them as they are now. */
export async function membersAt(
  sql: Knex,
  groupId: number,
  moment: number,
  current: readonly GroupMember[],
): Promise<GroupMember[]> {
  const changed = await sql('im_group_member_past')
    .where({ groupId })
    .where('until', '>', moment)
    .orderBy('until', 'desc')
    .select<PastMember[]>(...pastColumns);
  // The last one that is put in is the first change after the moment.
  const before = new Map(changed.map((member) => [member.userId, member]));
  return current.flatMap((now) => {
    const then = { ...now, ...before.get(now.userId) };
    if (then.joinedTime > moment) return [];
    return [{ ...then, quit: then.quitTime !== null && then.quitTime <= moment ? 1 : 0 }];
  });
}
