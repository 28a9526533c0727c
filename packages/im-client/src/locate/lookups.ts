import type { DeviceAddress, MessageKind } from 'im-common';
import type { ServerView, Sighting } from './place.ts';

/** Questions of one lane are answered in their order, so that messages of one kind keep theirs; lanes take turns. */
export type Lane = MessageKind | 'question';

/** Where some devices are. It may be asked in several calls, and then has the answer to the first part for a while. */
export interface Question {
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

/** The part of a question that goes into one call. */
export interface Slice {
  readonly question: Question;
  readonly from: number;
  readonly to: number;
}

/** What a lane may ask for before it is the next one's turn, while several have questions. */
const addressesPerTurn = 250;

/** What waits, by lanes. */
export class Questions {
  readonly #lanes = new Map<Lane, Question[]>();
  /** Begins the next call, so that none is always the last one. */
  #first = 0;

  add(lane: Lane, question: Question): void {
    const waiting = this.#lanes.get(lane);
    if (waiting) waiting.push(question);
    else this.#lanes.set(lane, [question]);
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
    for (let turn = this.#first, idle = 0; taken < most && idle < lanes.length; turn += 1) {
      const index = turn % lanes.length;
      const some = takeFrom(
        lanes[index] ?? [],
        cursors[index] ?? { at: 0 },
        Math.min(addressesPerTurn, most - taken),
        slices,
      );
      taken += some;
      idle = some === 0 ? idle + 1 : 0;
    }
    return slices;
  }

  /** Removes and returns those for which it is too late; `since` of each lane's questions rises. */
  overdue(isOverdue: (question: Question) => boolean): Question[] {
    const overdue: Question[] = [];
    for (const waiting of this.#waitingLanes()) {
      for (const question of waiting) {
        if (question.isOver) continue;
        if (!isOverdue(question)) break;
        overdue.push(question);
      }
    }
    return overdue;
  }

  /** The one that has waited longest. */
  get oldest(): Question | undefined {
    let oldest: Question | undefined;
    for (const [first] of this.#waitingLanes()) {
      if (first && (!oldest || first.since < oldest.since)) oldest = first;
    }
    return oldest;
  }

  #waitingLanes(): Question[][] {
    const lanes: Question[][] = [];
    for (const waiting of this.#lanes.values()) {
      dropOver(waiting);
      if (waiting.length > 0) lanes.push(waiting);
    }
    return lanes;
  }
}

function dropOver(waiting: Question[]): void {
  let over = 0;
  while (waiting[over]?.isOver) over += 1;
  if (over > 0) waiting.splice(0, over);
}

/** Cuts slices off what waits, from the cursor on. Returns for how many addresses. */
function takeFrom(
  waiting: readonly Question[],
  cursor: { at: number },
  most: number,
  slices: Slice[],
): number {
  let taken = 0;
  while (taken < most) {
    const question = waiting[cursor.at];
    if (!question) break;
    if (!question.isOver) {
      const from = question.asked;
      const to = Math.min(question.addresses.length, from + most - taken);
      slices.push({ question, from, to });
      question.asked = to;
      // A question for the servers alone counts as well.
      taken += Math.max(1, to - from);
      if (to < question.addresses.length) break;
    }
    cursor.at += 1;
  }
  return taken;
}
