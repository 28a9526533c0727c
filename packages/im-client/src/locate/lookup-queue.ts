import type { DeviceAddress, MessageKind } from 'im-common';
import type { ServerView, Sighting } from './place.ts';

/** Lookups of one lane are answered in their order, so that messages of one kind keep theirs; lanes take turns. */
export type Lane = MessageKind | 'question';

/** Where some devices are. It may be asked in several calls, and then has the answer to the first part for a while. */
export interface Lookup {
  readonly addresses: readonly DeviceAddress[];
  readonly fresh: boolean;
  readonly since: number;
  readonly resolve: (sightings: readonly Sighting[], servers: ServerView) => void;
  readonly reject: (error: unknown) => void;
  /** The answer so far, to one that goes into several calls. */
  sightings: Sighting[] | undefined;
  /** So many of its addresses were asked for, or are in the call that is under way. */
  asked: number;
  /** Answered, or given up. */
  isOver: boolean;
}

/** The part of a lookup that goes into one call. */
export interface Slice {
  readonly lookup: Lookup;
  readonly from: number;
  readonly to: number;
}

/** What a lane may ask for before the next one, while several have lookups. */
const addressesPerLane = 250;

/** What waits, by lanes. */
export class LookupQueue {
  readonly #lanes = new Map<Lane, Lookup[]>();
  /** Begins the next call, so that none is always the last one. */
  #first = 0;

  add(lane: Lane, lookup: Lookup): void {
    const waiting = this.#lanes.get(lane);
    if (waiting) waiting.push(lookup);
    else this.#lanes.set(lane, [lookup]);
  }

  /** What goes into the next call: of each lane in turn a part, up to so many addresses. Empty when nothing waits. */
  next(most: number): Slice[] {
    const lanes = this.#waitingLanes();
    const slices: Slice[] = [];
    const [only] = lanes;
    if (lanes.length === 1 && only) {
      takeFrom(only, { at: 0 }, most, slices);
      return slices;
    }
    this.#first += 1;
    const cursors = lanes.map(() => ({ at: 0 }));
    let taken = 0;
    for (let round = this.#first, idle = 0; taken < most && idle < lanes.length; round += 1) {
      const index = round % lanes.length;
      const some = takeFrom(
        lanes[index] ?? [],
        cursors[index] ?? { at: 0 },
        Math.min(addressesPerLane, most - taken),
        slices,
      );
      taken += some;
      idle = some === 0 ? idle + 1 : 0;
    }
    return slices;
  }

  /** Removes and returns those for which it is too late; `since` of each lane's lookups rises. */
  overdue(isOverdue: (lookup: Lookup) => boolean): Lookup[] {
    const overdue: Lookup[] = [];
    for (const waiting of this.#waitingLanes()) {
      for (const lookup of waiting) {
        if (lookup.isOver) continue;
        if (!isOverdue(lookup)) break;
        overdue.push(lookup);
      }
    }
    return overdue;
  }

  /** The one that has waited longest. */
  get oldest(): Lookup | undefined {
    let oldest: Lookup | undefined;
    for (const [first] of this.#waitingLanes()) {
      if (first && (!oldest || first.since < oldest.since)) oldest = first;
    }
    return oldest;
  }

  #waitingLanes(): Lookup[][] {
    const lanes: Lookup[][] = [];
    for (const waiting of this.#lanes.values()) {
      dropOver(waiting);
      if (waiting.length > 0) lanes.push(waiting);
    }
    return lanes;
  }
}

function dropOver(waiting: Lookup[]): void {
  let over = 0;
  while (waiting[over]?.isOver) over += 1;
  if (over > 0) waiting.splice(0, over);
}

/** Cuts slices off what waits, from the cursor on. Returns for how many addresses. */
function takeFrom(waiting: readonly Lookup[], cursor: { at: number }, most: number, slices: Slice[]): number {
  let taken = 0;
  while (taken < most) {
    const lookup = waiting[cursor.at];
    if (!lookup) break;
    if (!lookup.isOver) {
      const from = lookup.asked;
      const to = Math.min(lookup.addresses.length, from + most - taken);
      slices.push({ lookup, from, to });
      lookup.asked = to;
      // A lookup for the servers alone counts as well.
      taken += Math.max(1, to - from);
      if (to < lookup.addresses.length) break;
    }
    cursor.at += 1;
  }
  return taken;
}
