import type { Knex } from 'knex';
import type { Database } from '../db/database.ts';
import { groupAsItIs } from '../groups/who-left.ts';

/** How far the members of a group have read it: the id of a message by the id of a user. */
export type Positions = (groupId: number) => Promise<ReadonlyMap<number, number>>;

/** Who has left sees the group as it is now: how it was then box-im does not keep. */
export async function keepWhenLeft({ sql }: Pick<Database, 'sql'>): Promise<void> {
  const left = sql('im_group_member').where({ quit: 1 }).whereNull('groupWhenLeft');
  for (const { groupId } of await left.clone().distinct<{ groupId: number }[]>('groupId')) {
    await left
      .clone()
      .where({ groupId })
      .update({ groupWhenLeft: await groupAsItIs(sql, groupId) });
  }
}

/** Returns what became of it, for whoever waits. */
export async function readPositions(
  { sql }: Pick<Database, 'sql'>,
  positions: Positions | undefined,
): Promise<string> {
  const groups = await sql('im_group_member').where({ quit: 0 }).distinct<{ groupId: number }[]>('groupId');
  let moved = 0;
  for (const { groupId } of groups) {
    const present = (): Knex.QueryBuilder => sql('im_group_member').where({ groupId, quit: 0 });
    if (positions) {
      for (const [userId, readId] of await positions(groupId))
        moved += await present().where({ userId }).where('readId', '<', readId).update({ readId });
      continue;
    }
    const [last] = await sql('im_group_message')
      .where({ groupId })
      .select<{ lastId: number | null }[]>(sql.raw('max(id) as last_id'));
    const readId = last?.lastId ?? 0;
    moved += await present().where('readId', '<', readId).update({ readId });
  }
  return positions
    ? `${moved} of Redis`
    : `${moved}; without --from-redis everything in groups counts as read`;
}
