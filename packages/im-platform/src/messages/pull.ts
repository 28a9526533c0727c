import type { Knex } from 'knex';
import { laneOfId } from '../db/lanes.ts';
import { idsWithin, isTimed } from '../message-log/ids.ts';
import { windowMs } from '../message-log/latecomers.ts';
import type { Sql } from '../db/database.ts';

// What the pulls of private and of group messages share. A pull must answer fast and may not fail (contract 0.1.8), so
// it reads what an index has in order, newest first, and stops at a limit.

/** How far back a pull goes. */
export const pulledBackMs: number = 30 * 24 * 60 * 60 * 1000;
/** Messages of one pull at most; the newest ones. */
export const mostPulled = 20_000;

/** The first id that may be missing where `minId` is the highest: other lanes may have been handed over a little later. */
export function firstIdBehind(minId: number): number {
  return isTimed(minId) ? minId + 1 - idsWithin(windowMs) : minId + 1;
}

/** Within a lane there is nothing below that was not there before. */
export function mayBeMissing(id: number, minId: number): boolean {
  return id > minId || (isTimed(minId) && laneOfId(id) !== laneOfId(minId));
}

/** How far ids of different lanes may be out of the order of times: more than clocks ever are apart. */
const outOfOrderMs = 3_600_000;

/** The id before which no message is since that moment, or hardly any: in a lane ids and times rise together. Undefined: there is none. */
export async function firstIdSince(
  sql: Sql,
  table: 'im_private_message' | 'im_group_message',
  since: number,
): Promise<number | undefined> {
  const first = await sql(table)
    .where('sendTime', '>=', since)
    .orderBy(['sendTime', 'id'])
    .first<{ id: number } | undefined>('id');
  return first && (isTimed(first.id) ? first.id - idsWithin(outOfOrderMs) : first.id);
}

/** The rows of queries that have an order and a limit of their own, which SQLite takes in a union only wrapped. */
export function unionOf(
  sql: Sql,
  columns: readonly string[],
  branches: readonly Knex.QueryBuilder[],
): Knex.QueryBuilder {
  const wrapped = branches.map((branch) => sql.select(columns).from(branch.as('branch')));
  const [first, ...others] = wrapped;
  if (!first) throw new Error('A union needs a branch');
  return others.length === 0 ? first : first.unionAll(others);
}
