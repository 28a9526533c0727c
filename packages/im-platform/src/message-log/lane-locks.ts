import type { LaneDatabase, Sql } from '../db/database.ts';
import type { Session, Sessions } from '../db/sessions.ts';
import { highestId } from './lane-rows.ts';

/** Lanes that an instance has for itself. */
export interface HeldLanes {
  readonly lanes: { has(lane: number): boolean };
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** Lets others have them. Resolves with the highest id that is there by then. */
  release(): Promise<number>;
}

/** Lets one instance at a time append to a lane and push what is in it, so that pushes leave in the order of the commits. */
export interface LaneLocks {
  /** Whether other instances want them, and may go on only when what was stored in them is on the bus. */
  readonly areShared: boolean;
  /** How many turns there may be, most of which stand still. */
  readonly mostTurns: number;
  /** How many lanes it is good to ask for. */
  readonly lanesPerTurn: number;
  /** Waits for the first one, and takes of the others what is free. */
  take(lanes: readonly number[]): Promise<HeldLanes>;
  close(): Promise<void>;
}

/** `longestWaitMs`: how long an instance waits for a lane. After that it works without, and from then on waits only briefly: the holder hangs. */
export function openLaneLocks(database: LaneDatabase, longestWaitMs: number): LaneLocks {
  return database.dialect === 'sqlite' ? new OnlyInstance(database) : new NamedLocks(database, longestWaitMs);
}

const every = { has: () => true };

/** SQLite belongs to one process, and does one thing at a time anyway. */
class OnlyInstance implements LaneLocks {
  readonly areShared = false;
  readonly mostTurns = 1;
  readonly lanesPerTurn = Infinity;
  readonly #database: LaneDatabase;

  constructor(database: LaneDatabase) {
    this.#database = database;
  }

  async take(): Promise<HeldLanes> {
    const database = this.#database;
    return {
      lanes: every,
      transaction: (work) => database.transaction(work),
      release: async () => (await highestId(database.sql)).highest,
    };
  }

  async close(): Promise<void> {}
}

const waitForHungHolderS = 0.05;
/** How long after another instance was met in a lane lanes are still shared with it. */
const sharedMs = 10_000;
/** Each has a connection. */
const mostTurns = 4;
/** Half of those of a kind, so that two instances each find some that are free. */
const lanesPerTurnWhenShared = 16;
/** Of a transaction that waits for the rows of a lane whose holder hangs, beside the wait for its name. */
const longestRowWaitS = 3;
/** How long a connection may be silent with lanes locked, beside the time that a slow bus may take: then the database ends it. */
const longestSilenceMs = 6_000;

/**
 * Named locks of MySQL, on the connection of the transactions that they order: whatever ends it ends both. They order pushes and guard
 * nothing: ids are guarded by the rows of the lanes, so a lock that is lost costs the order of two batches at most. Nobody
 * waits for one while holding another, so nobody waits in a circle.
 */
class NamedLocks implements LaneLocks {
  readonly areShared = true;
  readonly mostTurns = mostTurns;
  readonly #database: LaneDatabase;
  readonly #sessions: Sessions;
  readonly #longestWaitMs: number;
  readonly #hanging = new Set<number>();
  #sharedUntil = 0;

  constructor(database: LaneDatabase, longestWaitMs: number) {
    this.#database = database;
    this.#longestWaitMs = longestWaitMs;
    const silenceMs = Math.max(longestWaitMs, 4_000) + longestSilenceMs;
    this.#sessions = database.openSessions({
      max: mostTurns,
      // Whole, or the pool refuses it.
      idleMs: Math.round(silenceMs / 2),
      settings: [
        `wait_timeout = ${Math.ceil(silenceMs / 1_000)}`,
        `innodb_lock_wait_timeout = ${longestRowWaitS}`,
        // Rows of lanes say who may write. Locks of gaps beside would let lanes wait for one another.
        'transaction isolation level read committed',
      ],
    });
  }

  get lanesPerTurn(): number {
    return performance.now() < this.#sharedUntil ? lanesPerTurnWhenShared : Infinity;
  }

  async take(lanes: readonly number[]): Promise<HeldLanes> {
    const session = await this.#sessions.open();
    try {
      const mine = await this.#lock(session, lanes);
      return {
        lanes: new Set(mine),
        transaction: (work) => session.transaction(work),
        release: () => this.#release(session, mine),
      };
    } catch (error) {
      session.letGo();
      throw error;
    }
  }

  close(): Promise<void> {
    return this.#sessions.close();
  }

  async #lock(session: Session, lanes: readonly number[]): Promise<number[]> {
    const [first = 0] = lanes;
    const waitS = this.#hanging.has(first) ? waitForHungHolderS : this.#longestWaitMs / 1_000;
    const columns = lanes.map(
      (lane, index) => `get_lock(${nameOf(lane)}, ${index === 0 ? waitS : 0}) as l${lane}`,
    );
    const answer = await session.ask<Record<string, unknown>>(
      `select is_used_lock(${nameOf(first)}) as holder, ${columns.join()}`,
      [],
      2 * this.#longestWaitMs,
    );
    const isMine = (lane: number): boolean => answer?.[`l${lane}`] === 1;
    if (isMine(first)) this.#hanging.delete(first);
    else this.#hanging.add(first);
    const mine = lanes.filter((lane, index) => index === 0 || isMine(lane));
    const met = answer?.['holder'] !== null || mine.length < lanes.length;
    if (met) this.#sharedUntil = performance.now() + sharedMs;
    return mine;
  }

  async #release(session: Session, lanes: readonly number[]): Promise<number> {
    try {
      const columns = lanes.map((lane) => `release_lock(${nameOf(lane)}) as l${lane}`);
      const answer = await session.ask<{ highest: number }>(
        `select ${columns.join()}, (select max(last_id) from im_lane) as highest`,
        [],
        2 * this.#longestWaitMs,
      );
      if (answer) return answer.highest;
    } catch {
      // The connection is gone, and with it the locks.
    } finally {
      session.letGo();
    }
    return (await highestId(this.#database.sql)).highest;
  }
}

function nameOf(lane: number): string {
  return `concat(left(database(), 50), ':lane:${lane}')`;
}
