import { idsPerMs as perMs, laneCount, laneOfId } from '../db/lanes.ts';

// The id of a message is a number of 53 bits, as box-im's pages and JSON have it: 41 of milliseconds since 2024, 6 of the lane, 6 that
// count. Not by shifts, which cut off at 32 bits. Ids of a lane rise, as its row is locked while they are given out; those of another
// lane are only about as high, so who asks for "all above this one" is told what is a little below it as well (messages/pull.ts).

const perTick = laneCount * perMs;

export const idEpoch: number = Date.UTC(2024, 0, 1);

/** From here on ids are made of times. Counters of before never came so far, and no clock goes back so far. */
const firstTick = Date.UTC(2024, 6, 1) - idEpoch;

/** How many ids are between two moments. */
export function idsWithin(ms: number): number {
  return ms * perTick;
}

/** Lower ones are of before there were lanes, and say none. */
export const firstTimedId: number = firstTick * perTick;

export function isTimed(id: number): boolean {
  return id >= firstTimedId;
}

/**
 * The next id of a lane: above its last one and above all others that are known, whatever the clock says. When that is behind, or more
 * than 64 are wanted in a millisecond, it comes from the next one.
 */
export function nextId(lane: number, { last, highest, time }: Known): number {
  const above = Math.max(last, highest);
  const tick = time - idEpoch;
  if (tick > tickOf(above)) return idAt(tick, lane);
  if (laneOfId(above) === lane && above % perMs < perMs - 1) return above + 1;
  return idAt(tickOf(above) + (laneOfId(above) < lane ? 0 : 1), lane);
}

interface Known {
  /** The last id of the lane. */
  readonly last: number;
  /** The highest of all lanes, when the transaction began. */
  readonly highest: number;
  /** By the clock of the database. */
  readonly time: number;
}

function tickOf(id: number): number {
  return Math.floor(id / perTick);
}

function idAt(tick: number, lane: number): number {
  return tick * perTick + lane * perMs;
}
