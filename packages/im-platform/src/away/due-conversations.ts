import type { Database, Sql } from '../db/database.ts';
import { laneCount } from '../db/lanes.ts';
import { isSomebodyRegistered } from './registrations.ts';

// Which conversations somebody has to be told of. It follows the lanes as search does (search/word-indexer.ts): what has a stamp up to that
// of the lane is there, so a send pays nothing for it, and an instance that dies leaves everything where it is. One row for each
// conversation, however many members and messages: what is said within the wait is told together.

export interface DueDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  /** So long devices have to take it, and somebody to come back. */
  readonly afterMs: number;
}

/** A conversation that this instance is at, and nobody else until then. */
export interface Claimed {
  readonly conversation: string;
  readonly done: number;
  readonly until: number;
}

/** What is older is no news. */
export const newsForMs = 3_600_000;
/** Until another instance takes over from one that is dead; renewed while it lives (held.ts). */
export const leaseMs = 30_000;

export class DueConversations {
  readonly #deps: DueDeps;

  constructor(deps: DueDeps) {
    this.#deps = deps;
  }

  /** Whatever was said since the last look. */
  async follow(): Promise<void> {
    const { database } = this.#deps;
    const rows = await database
      .sql('im_lane as l')
      .join('im_away_lane as a', 'a.lane', 'l.lane')
      .whereRaw('?? > ??', ['l.stamp', 'a.stamp'])
      .orderBy('l.lane')
      .select<{ lane: number }[]>('l.lane');
    for (const { lane } of rows) await database.transaction((sql) => this.#step(sql, lane));
  }

  /** Those that are due, each for this instance alone. */
  async claim(limit: number): Promise<Claimed[]> {
    const { sql } = this.#deps.database;
    const now = Date.now();
    const rows = await sql('im_away_conversation')
      .where('dueTime', '<=', now)
      .orderBy(['dueTime', 'conversation'])
      .limit(limit)
      .select<Row[]>('conversation', 'doneNumber', 'dueTime');
    const claimed: Claimed[] = [];
    for (const { conversation, doneNumber: done, dueTime } of rows) {
      const until = now + leaseMs;
      const isMine = await sql('im_away_conversation')
        .where({ conversation, dueTime })
        .update({ dueTime: until });
      if (isMine > 0) claimed.push({ conversation, done, until });
    }
    return claimed;
  }

  /** It takes longer. Undefined: somebody else is at it by now. */
  async renew({ conversation, done, until: dueTime }: Claimed): Promise<Claimed | undefined> {
    const until = Math.max(dueTime + 1, Date.now() + leaseMs);
    const isMine = await this.#deps.database
      .sql('im_away_conversation')
      .where({ conversation, dueTime })
      .update({ dueTime: until });
    return isMine > 0 ? { conversation, done, until } : undefined;
  }

  /** It is decided up to that number; with `againAt` not for everybody. What was said meanwhile is due in its time. */
  async finish(
    { conversation, done, until }: Claimed,
    upTo: number,
    againAt: number | undefined,
  ): Promise<void> {
    const { database, afterMs } = this.#deps;
    const { sql } = database;
    const next = Date.now() + afterMs;
    await sql('im_away_conversation')
      .where({ conversation, dueTime: until })
      .update({
        doneNumber: againAt === undefined ? upTo : done,
        dueTime: againAt ?? sql.raw('case when ?? > ? then ? end', ['noticedNumber', upTo, next]),
      });
  }

  async #step(sql: Sql, lane: number): Promise<void> {
    const known = await sql('im_away_lane').where({ lane }).forUpdate().first<Stamp | undefined>('stamp');
    // Before the conversations: whatever has a stamp up to this one is among them.
    const now = await sql('im_lane').where({ lane }).first<Stamp | undefined>('stamp');
    if (!known || !now || now.stamp <= known.stamp) return;
    const rows = await sql('im_conversation as c')
      .leftJoin('im_away_conversation as a', 'a.conversation', 'c.conversation')
      .where('c.lane', lane)
      .where('c.stamp', '>', known.stamp)
      .where('c.stamp', '<=', now.stamp)
      .where('c.lastTime', '>', Date.now() - newsForMs)
      .where(isSomebodyRegistered('c'))
      .select<Noticed[]>('c.conversation', 'c.lastNumber', 'a.noticedNumber');
    const dueTime = Date.now() + this.#deps.afterMs;
    for (const { conversation, lastNumber: noticedNumber, noticedNumber: before } of rows)
      if (before === null)
        await sql('im_away_conversation').insert({ conversation, noticedNumber, doneNumber: 0, dueTime });
      else if (before < noticedNumber)
        await sql('im_away_conversation')
          .where({ conversation })
          .update({ noticedNumber, dueTime: sql.raw('coalesce(??, ?)', ['dueTime', dueTime]) });
    await sql('im_away_lane').where({ lane }).update({ stamp: now.stamp });
  }
}

/** Nobody was registered until now, and nobody has followed: what was said before is no news. */
export async function followFromNow(sql: Sql): Promise<void> {
  const lanes = await sql('im_lane')
    .limit(laneCount)
    .select<(Stamp & { readonly lane: number })[]>('lane', 'stamp');
  for (const { lane, stamp } of lanes)
    await sql('im_away_lane').where({ lane }).where('stamp', '<', stamp).update({ stamp });
}

interface Row {
  readonly conversation: string;
  readonly doneNumber: number;
  readonly dueTime: number;
}

interface Stamp {
  readonly stamp: number;
}

interface Noticed {
  readonly conversation: string;
  readonly lastNumber: number;
  readonly noticedNumber: number | null;
}
