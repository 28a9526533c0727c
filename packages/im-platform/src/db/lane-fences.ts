import type { Knex } from 'knex';
import { laneInSql } from './lanes.ts';

// Where a lane is stands in the first database, and each database has a fence for each lane: whoever changes what is in a lane reads its
// fence first, shared, in the same transaction. Who moves the lane closes it, which waits for all of them, and from then on nobody
// changes anything there, however old what they know of places is. Not the row of the lane itself: every send locks that alone.

/** A lane is not in this database, or not any more, or is just being moved. */
export class LaneMoved extends Error {
  readonly lanes: readonly number[];

  constructor(lanes: readonly number[], name: string) {
    const where = name === '' ? 'the first database' : `the database ${name}`;
    super(`Lanes ${lanes.join(', ')} are not in ${where}, or are just being moved`);
    this.lanes = lanes;
  }
}

/** Refuses, unless all of them are here; until the transaction ends they stay so. */
export async function holdLanes(sql: Knex, lanes: Iterable<number>, name: string): Promise<void> {
  const wanted = [...new Set(lanes)].sort((one, other) => one - other);
  const rows = await fencesOf(sql, wanted);
  refuseMoved(wanted, rows, name);
}

/** The fences that are open, for whoever asks more with it. */
export function fencesOf(sql: Knex, lanes: readonly number[]) {
  return sql('im_lane_fence')
    .whereIn('lane', [...lanes])
    .where({ isOpen: 1 })
    .orderBy('lane')
    .forShare()
    .select<{ lane: number }[]>('lane');
}

export function refuseMoved(
  lanes: readonly number[],
  open: readonly { readonly lane: number }[],
  name: string,
): void {
  const here = new Set(open.map(({ lane }) => lane));
  const gone = lanes.filter((lane) => !here.has(lane));
  if (gone.length > 0) throw new LaneMoved(gone, name);
}

/** Rows of conversations whose lanes may be changed there: one that has moved may have left some of its own. */
export function isOpenAt({ isOneOfSeveral }: { readonly isOneOfSeveral: boolean }, conversation: string) {
  return (query: Knex.QueryBuilder): void => {
    if (isOneOfSeveral) void query.whereRaw(`${laneInSql(conversation)} in (${openLanes})`);
  };
}

const openLanes = 'select f.lane from im_lane_fence f where f.is_open = 1';

/** The other ones. */
export function isClosedAt(conversation: string) {
  return (query: Knex.QueryBuilder): void =>
    void query.whereRaw(`${laneInSql(conversation)} not in (${openLanes})`);
}

/** The names of the databases that lanes are in, if it is not the first. */
export async function findPlaces(sql: Knex): Promise<Map<number, string>> {
  const rows = await sql('im_lane_place').select<{ lane: number; place: string }[]>('lane', 'place');
  return new Map(rows.map(({ lane, place }) => [lane, place]));
}
