import type { Sql } from '../db/database.ts';
import { LaneMoved } from '../db/lane-fences.ts';
import { laneCount } from '../db/lanes.ts';
import { timeOf } from '../db/time.ts';
import { ask, type Query } from '../db/together.ts';

/** How far a lane has come. */
export interface LaneRow {
  readonly lane: number;
  /** The last id that was given out. */
  lastId: number;
  /** And the time of its message. */
  lastTime: number;
  /** Of the last change of one of its conversations. */
  stamp: number;
}

/** Locks them until the transaction ends, in one order for everybody. */
export async function lockLanes(sql: Sql, lanes: Iterable<number>): Promise<Map<number, LaneRow>> {
  const rows = await ask<LaneRow>(
    sql,
    sql('im_lane')
      .whereIn('lane', [...new Set(lanes)])
      .orderBy('lane')
      .forUpdate()
      .select('lane', 'lastId', 'lastTime', 'stamp'),
  );
  return new Map(rows.map((row) => [row.lane, row]));
}

/**
 * What the row of a lane is called in the first database while the lane is elsewhere (lanes/move-lanes.ts), so that an instance that knows one
 * database only, and looks at no fence, finds no row to lock and stores nothing there.
 */
export function putAside(lane: number): number {
  return lane + laneCount;
}

/** The row of a lane that was locked. */
export function rowIn(rows: ReadonlyMap<number, LaneRow>, lane: number): LaneRow {
  const row = rows.get(lane);
  if (!row) throw new LaneMoved([lane], '');
  return row;
}

export function storeLanes(sql: Sql, rows: Iterable<LaneRow>): Query {
  return sql('im_lane')
    .insert([...rows])
    .onConflict('lane')
    .merge(['lastId', 'lastTime', 'stamp']);
}

/** The highest id that is there, and the time of the database. */
export async function highestId(sql: Sql): Promise<{ readonly highest: number; readonly time: number }> {
  const [row] = await ask<{ highest: number; time: number }>(
    sql,
    sql('im_lane').select(sql.raw('max(last_id) as highest'), sql.raw(`${timeOf(sql)} as time`)),
  );
  return row ?? { highest: 0, time: Date.now() };
}

export interface Stamps {
  /** Of each lane, as far as changes can be seen: those that come later have higher ones. */
  readonly lanes: readonly number[];
  /** Another one since the database was put back to an earlier state (restoring/). */
  readonly epoch: number;
}

export async function findStamps(sql: Sql): Promise<Stamps> {
  const rows = await sql('im_lane').select<(Pick<LaneRow, 'lane' | 'stamp'> & { epoch: number })[]>(
    ...['lane', 'stamp', 'epoch'],
  );
  const lanes: number[] = [];
  // Also of those that were put aside, which are read on until they are elsewhere.
  for (const { lane, stamp } of rows) lanes[lane % laneCount] = stamp;
  return { lanes, epoch: rows[0]?.epoch ?? 0 };
}
