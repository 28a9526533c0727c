import type { Database, LaneDatabase, Sql } from './database.ts';
import { laneOfId } from './lanes.ts';

/** Things of conversations, by the database that these are in. */
export function byLaneDatabase<Thing extends { readonly conversation: string }, Place>(
  places: { of(conversation: string): Place },
  things: readonly Thing[],
): Map<Place, Thing[]> {
  const found = new Map<Place, Thing[]>();
  for (const thing of things) {
    const place = places.of(thing.conversation);
    const others = found.get(place);
    if (others) others.push(thing);
    else found.set(place, [thing]);
  }
  return found;
}

/** What `ask` finds in each of these databases, of what is in it; together. */
export async function askEach<Thing extends { readonly conversation: string }, Place, Found>(
  places: { of(conversation: string): Place },
  things: readonly Thing[],
  ask: (place: Place, things: readonly Thing[]) => Promise<readonly Found[]>,
): Promise<Found[]> {
  const asked = Array.from(byLaneDatabase(places, things), ([place, some]) => ask(place, some));
  return (await Promise.all(asked)).flat();
}

/** Changes what is in these lanes. Where there is one database nobody has to look whether they are in it, and `work` has no transaction. */
export function changeAt<T>(
  place: LaneDatabase,
  lanes: Iterable<number>,
  work: (sql: Sql) => Promise<T>,
): Promise<T> {
  if (place.isOneOfSeveral) return place.changeIn(lanes, work);
  place.refuseStrays(lanes);
  return work(place.sql);
}

/** Ids of messages, by the database that their lanes are in. */
export function byIdDatabase(
  places: Pick<Database, 'ofLane'>,
  ids: Iterable<number>,
): Map<LaneDatabase, number[]> {
  const found = new Map<LaneDatabase, number[]>();
  for (const id of ids) {
    const place = places.ofLane(laneOfId(id));
    const others = found.get(place);
    if (others) others.push(id);
    else found.set(place, [id]);
  }
  return found;
}
