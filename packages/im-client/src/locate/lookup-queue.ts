import type { DeviceAddress } from 'im-common';
import type { ServerView, Sighting } from './place.ts';

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

/** What waits to be looked up, in its order. */
export class LookupQueue {
  readonly #waiting: Lookup[] = [];

  add(lookup: Lookup): void {
    this.#waiting.push(lookup);
  }

  /** What goes into the next call, up to so many addresses. Empty when nothing waits. */
  next(most: number): Slice[] {
    this.#dropOver();
    const slices: Slice[] = [];
    for (let at = 0, taken = 0; taken < most; at += 1) {
      const lookup = this.#waiting[at];
      if (!lookup) break;
      if (lookup.isOver) continue;
      const from = lookup.asked;
      const to = Math.min(lookup.addresses.length, from + most - taken);
      slices.push({ lookup, from, to });
      lookup.asked = to;
      // A lookup for the servers alone counts as well.
      taken += Math.max(1, to - from);
    }
    return slices;
  }

  /** Those for which it is too late; `since` of the lookups rises. */
  overdue(isOverdue: (lookup: Lookup) => boolean): Lookup[] {
    const overdue: Lookup[] = [];
    for (const lookup of this.#waiting) {
      if (lookup.isOver) continue;
      if (!isOverdue(lookup)) break;
      overdue.push(lookup);
    }
    return overdue;
  }

  /** The one that has waited longest. */
  get oldest(): Lookup | undefined {
    this.#dropOver();
    return this.#waiting[0];
  }

  #dropOver(): void {
    let over = 0;
    while (this.#waiting[over]?.isOver) over += 1;
    if (over > 0) this.#waiting.splice(0, over);
  }
}
