import type { Knex } from 'knex';
import type { Sql } from '../db/database.ts';

/** Whom it is for: those for whom all of it holds. */
export interface Segment {
  readonly everybody?: true | undefined;
  readonly tags?: readonly string[] | undefined;
  /** Each is one of those. */
  readonly attributes?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly seenWithinDays?: number | undefined;
  /** Also those who were never seen. */
  readonly notSeenForDays?: number | undefined;
  /** A list of ids that was uploaded. */
  readonly listId?: number | undefined;
}

const dayMs = 86_400_000;

/** Ids of users in their order, from that one on. */
export async function membersAfter(
  sql: Sql,
  segment: Segment,
  { after, limit, now }: { readonly after: number; readonly limit: number; readonly now: number },
): Promise<number[]> {
  const { query, id } = members(sql, segment, now);
  const rows = await query
    .where(id, '>', after)
    .orderBy(id)
    .limit(limit)
    .select<{ userId: number }[]>(`${id} as userId`);
  return rows.map(({ userId }) => userId);
}

export async function countMembers(sql: Sql, segment: Segment, now: number): Promise<number> {
  const row = await members(sql, segment, now).query.count<{ members: number }[]>('* as members');
  return row[0]?.members ?? 0;
}

interface Members {
  readonly query: Knex.QueryBuilder;
  /** The column by which they are in order: that of the index that is read. */
  readonly id: string;
}

/** What is most special is read first, the rest is asked of each. */
function members(sql: Sql, segment: Segment, now: number): Members {
  const { listId, tags = [], attributes = {}, seenWithinDays, notSeenForDays } = segment;
  const wanted = [
    ...tags.map((name) => ({ name, values: [''] })),
    ...Object.entries(attributes).map(([name, values]) => ({ name, values: [...values] })),
  ];
  const first = listId === undefined ? wanted.findIndex(({ values }) => values.length === 1) : -1;
  const { query, id } = start(sql, listId, wanted[first]);
  for (const [index, { name, values }] of wanted.entries())
    if (index !== first)
      void query.whereExists(
        sql('im_user_attribute as o')
          .whereRaw('?? = ??', ['o.userId', id])
          .where({ 'o.name': name })
          .whereIn('o.value', values)
          .select(sql.raw('1')),
      );
  const seenAfter = (time: number): Knex.QueryBuilder =>
    sql('im_last_seen as l')
      .whereRaw('?? = ??', ['l.userId', id])
      .where('l.seenTime', '>', time)
      .select(sql.raw('1'));
  if (seenWithinDays !== undefined) void query.whereExists(seenAfter(now - seenWithinDays * dayMs));
  if (notSeenForDays !== undefined) void query.whereNotExists(seenAfter(now - notSeenForDays * dayMs));
  return { query, id };
}

function start(
  sql: Sql,
  listId: number | undefined,
  first: { readonly name: string; readonly values: readonly string[] } | undefined,
): Members {
  const theirs = { 'u.deletedTime': null, 'u.isBanned': 0, 'u.isBot': 0 };
  if (listId !== undefined) {
    const query = sql('im_campaign_list_user as f').join('im_user as u', 'u.id', 'f.userId');
    return { query: query.where({ ...theirs, 'f.listId': listId }), id: 'f.userId' };
  }
  if (first) {
    const query = sql('im_user_attribute as f').join('im_user as u', 'u.id', 'f.userId');
    return {
      query: query.where({ ...theirs, 'f.name': first.name, 'f.value': first.values[0] ?? '' }),
      id: 'f.userId',
    };
  }
  return { query: sql('im_user as u').where(theirs), id: 'u.id' };
}
