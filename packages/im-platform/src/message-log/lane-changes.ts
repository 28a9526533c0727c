import { laneOf } from '../db/lanes.ts';
import { isUnavailable, type Database, type Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { Moment } from './entries.ts';
import { lockLanes, rowIn, type LaneRow } from './lane-rows.ts';

// What becomes of messages that are there: edited, reacted to, pinned. It stores no message, so it needs no place in the order of pushes,
// and takes the row of its lane alone, not the lane's name: the log waits for it no longer than a transaction takes, and it for the log.

/** What a change comes to. Nothing: it was so before. */
export interface Changed<T> {
  readonly value: T;
  /** The numbers of what was changed, of which everybody in the conversation is to hear. */
  readonly numbers: readonly number[];
}

/** Refuses before it writes anything: others are in its transaction. */
export type Change<T> = (sql: Sql, moment: Moment) => Promise<Changed<T>>;

interface Waiting {
  readonly conversation: string;
  readonly run: Change<unknown>;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

/** Enough for a burst to be cheap, few enough for nobody to wait long. */
const mostAtOnce = 100;
/** Of a database, so that a burst in many conversations leaves connections to others. */
const lanesAtOnce = 2;
const mostWaiting = 5_000;

/** Changes messages after they were sent: one change after the other in each lane, several in a transaction. */
export class LaneChanges {
  readonly #database: Pick<Database, 'ofLane'>;
  /** By lanes; the one that has waited longest comes first. */
  readonly #waiting = new Map<number, Waiting[]>();
  readonly #busy = new Set<number>();
  #count = 0;

  constructor(database: Pick<Database, 'ofLane'>) {
    this.#database = database;
  }

  /** Resolves when it is committed. Rejects with what it refused itself for. */
  run<T>(conversation: string, run: Change<T>): Promise<T> {
    if (this.#count >= mostWaiting) return Promise.reject(new Refusal('unavailable', { code: 503 }));
    const lane = laneOf(conversation);
    return new Promise<T>((resolve, reject) => {
      const waiting = this.#waiting.get(lane);
      const one = { conversation, run, resolve, reject } as Waiting;
      if (waiting) waiting.push(one);
      else this.#waiting.set(lane, [one]);
      this.#count += 1;
      this.#begin();
    });
  }

  #begin(): void {
    for (const [lane, waiting] of this.#waiting) {
      if (this.#busy.has(lane) || this.#isFull(this.#database.ofLane(lane).name)) continue;
      const some = waiting.splice(0, mostAtOnce);
      this.#waiting.delete(lane);
      if (waiting.length > 0) this.#waiting.set(lane, waiting);
      this.#count -= some.length;
      this.#busy.add(lane);
      void this.#settle(lane, some).then(() => {
        this.#busy.delete(lane);
        this.#begin();
      });
    }
  }

  /** One that hangs holds up no other. */
  #isFull(name: string): boolean {
    const busy = [...this.#busy].filter((lane) => this.#database.ofLane(lane).name === name);
    return busy.length >= lanesAtOnce;
  }

  async #settle(lane: number, some: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#database.ofLane(lane).changeIn([lane], (sql) => runAll(sql, lane, some));
      for (const [index, one] of some.entries()) {
        const outcome = outcomes[index];
        if (outcome && 'value' in outcome) one.resolve(outcome.value as never);
        else one.reject(outcome?.refused);
      }
    } catch (error) {
      // What one of them broke is done again for each alone.
      if (some.length === 1 || isUnavailable(error)) for (const { reject } of some) reject(error);
      else for (const one of some) await this.#settle(lane, [one]);
    }
  }
}

type Outcome = { readonly value: unknown } | { readonly refused: Refusal };

async function runAll(sql: Sql, lane: number, some: readonly Waiting[]): Promise<Outcome[]> {
  const row = rowIn(await lockLanes(sql, [lane]), lane);
  const stamp = row.stamp + 1;
  const moment = { sendTime: Date.now(), stamp };
  const changed = new Map<string, Set<number>>();
  const outcomes: Outcome[] = [];
  for (const { conversation, run } of some) {
    try {
      const { value, numbers } = await run(sql, moment);
      const before = changed.get(conversation) ?? new Set();
      for (const number of numbers) changed.set(conversation, before.add(number));
      outcomes.push({ value });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      outcomes.push({ refused: error });
    }
  }
  if (changed.size > 0) await lift(sql, { lane, stamp }, changed);
  return outcomes;
}

async function lift(
  sql: Sql,
  { lane, stamp }: Pick<LaneRow, 'lane' | 'stamp'>,
  changed: ReadonlyMap<string, ReadonlySet<number>>,
): Promise<void> {
  await sql('im_lane').where({ lane }).update({ stamp });
  await sql('im_conversation')
    .whereIn('conversation', [...changed.keys()])
    .update({ stamp });
  await sql('im_message_change').insert(
    [...changed].flatMap(([conversation, numbers]) =>
      [...numbers].map((number) => ({ conversation, stamp, number })),
    ),
  );
}
