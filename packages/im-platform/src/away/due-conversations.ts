import type { Knex } from 'knex';
import { askThere } from '../db/ask-there.ts';
import { changeAt } from '../db/by-lane-database.ts';
import { chunksOf } from '../db/chunks.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { LaneMoved } from '../db/lane-fences.ts';
import { laneCount, laneInSql, laneOf } from '../db/lanes.ts';
import { peopleOf } from '../conversations/place-keys.ts';
import { findRegisteredOf, isSomebodyRegistered, registeredMembers } from './registrations.ts';

// Which conversations somebody has to be told of. It follows the lanes as search does (search/word-indexer.ts): what has a stamp up to that
// of the lane is there, so a send pays nothing for it, and an instance that dies leaves everything where it is. One row for each
// conversation, however many members and messages: what is said within the wait is told together. Of several databases each has these rows
// of its own lanes, and they move with them; who wants to be told, and up to where they were, stands in the first.

export interface DueDeps {
  /** Whose lanes these are. */
  readonly at: LaneDatabase;
  /** Where registrations are. */
  readonly first: Pick<Database, 'sql'>;
  /** So long devices have to take it, and somebody to come back. */
  readonly afterMs: number;
}

/** A conversation that this instance is at, and nobody else until then. */
export interface Claimed {
  readonly conversation: string;
  readonly done: number;
  readonly until: number;
}

const usersPerQuestion = 500;

/** What is older is no news. */
export const newsForMs = 3_600_000;
/** Until another instance takes over from one that is dead; renewed while it lives (held.ts). */
export const leaseMs = 30_000;

export class DueConversations {
  readonly #deps: DueDeps;

  constructor(deps: DueDeps) {
    this.#deps = deps;
  }

  /** Of the database; the first has none. */
  get name(): string {
    return this.#deps.at.name;
  }

  /** Whatever was said since the last look. */
  async follow(): Promise<void> {
    const { at } = this.#deps;
    const rows = await at
      .sql('im_lane as l')
      .join('im_away_lane as a', 'a.lane', 'l.lane')
      .whereRaw('?? > ??', ['l.stamp', 'a.stamp'])
      .modify(this.#isHere('l.lane'))
      .orderBy('l.lane')
      .select<{ lane: number }[]>('l.lane');
    for (const { lane } of rows) await at.changeIn([lane], (sql) => this.#step(sql, lane));
  }

  /** Those that are due, each for this instance alone. */
  async claim(limit: number): Promise<Claimed[]> {
    const now = Date.now();
    const rows = await this.#deps.at
      .sql('im_away_conversation')
      .where('dueTime', '<=', now)
      .modify(this.#isHere(laneInSql('conversation')))
      .orderBy(['dueTime', 'conversation'])
      .limit(limit)
      .select<Row[]>('conversation', 'doneNumber', 'dueTime');
    const claimed: Claimed[] = [];
    for (const { conversation, doneNumber: done, dueTime } of rows) {
      const until = now + leaseMs;
      const isMine = await this.#change(conversation, (sql) =>
        sql('im_away_conversation').where({ conversation, dueTime }).update({ dueTime: until }),
      ).catch(noneIfMoved);
      if (isMine > 0) claimed.push({ conversation, done, until });
    }
    return claimed;
  }

  /** It takes longer. Undefined: somebody else is at it by now. */
  async renew({ conversation, done, until: dueTime }: Claimed): Promise<Claimed | undefined> {
    const until = Math.max(dueTime + 1, Date.now() + leaseMs);
    const isMine = await this.#change(conversation, (sql) =>
      sql('im_away_conversation').where({ conversation, dueTime }).update({ dueTime: until }),
    );
    return isMine > 0 ? { conversation, done, until } : undefined;
  }

  /** It is decided up to that number; with `againAt` not for everybody. What was said meanwhile is due in its time. */
  async finish(
    { conversation, done, until }: Claimed,
    upTo: number,
    againAt: number | undefined,
  ): Promise<void> {
    const next = Date.now() + this.#deps.afterMs;
    await this.#change(conversation, (sql) =>
      sql('im_away_conversation')
        .where({ conversation, dueTime: until })
        .update({
          doneNumber: againAt === undefined ? upTo : done,
          dueTime: againAt ?? sql.raw('case when ?? > ? then ? end', ['noticedNumber', upTo, next]),
        }),
    );
  }

  #change<T>(conversation: string, work: (sql: Sql) => Promise<T>): Promise<T> {
    return changeAt(this.#deps.at, [laneOf(conversation)], work);
  }

  /** A lane that has moved may have left rows of its own. */
  #isHere(lane: string) {
    const { isOneOfSeveral } = this.#deps.at;
    return (query: Knex.QueryBuilder): void => {
      if (isOneOfSeveral)
        void query.whereRaw(`${lane} in (select f.lane from im_lane_fence f where f.is_open = 1)`);
    };
  }

  async #step(sql: Sql, lane: number): Promise<void> {
    const known = await sql('im_away_lane').where({ lane }).forUpdate().first<Stamp | undefined>('stamp');
    // Before the conversations: whatever has a stamp up to this one is among them.
    const now = await sql('im_lane').where({ lane }).first<Stamp | undefined>('stamp');
    if (!known || !now || now.stamp <= known.stamp) return;
    const { at, afterMs } = this.#deps;
    const changed = await sql('im_conversation as c')
      .leftJoin('im_away_conversation as a', 'a.conversation', 'c.conversation')
      .where('c.lane', lane)
      .where('c.stamp', '>', known.stamp)
      .where('c.stamp', '<=', now.stamp)
      .where('c.lastTime', '>', Date.now() - newsForMs)
      .modify((query) => void (at.name === '' && query.where(isSomebodyRegistered('c'))))
      .select<Noticed[]>('c.conversation', 'c.lastNumber', 'a.noticedNumber');
    const rows = at.name === '' ? changed : await this.#ofRegistered(changed);
    const dueTime = Date.now() + afterMs;
    for (const { conversation, lastNumber: noticedNumber, noticedNumber: before } of rows)
      if (before === null)
        await sql('im_away_conversation').insert({ conversation, noticedNumber, doneNumber: 0, dueTime });
      else if (before < noticedNumber)
        await sql('im_away_conversation')
          .where({ conversation })
          .update({ noticedNumber, dueTime: sql.raw('coalesce(??, ?)', ['dueTime', dueTime]) });
    await sql('im_away_lane').where({ lane }).update({ stamp: now.stamp });
  }

  /** Who is registered stands in the first database. Of two their names say who they are. */
  async #ofRegistered(noticed: readonly Noticed[]): Promise<Noticed[]> {
    const ofTwo = [...new Set(noticed.flatMap(({ conversation }) => peopleOf(conversation)))];
    const registered = new Set<number>();
    for (const some of chunksOf(ofTwo, usersPerQuestion))
      for (const userId of await findRegisteredOf(this.#deps.first, some)) registered.add(userId);
    const found: Noticed[] = [];
    for (const one of noticed) {
      const people = peopleOf(one.conversation);
      if (people.length === 0 ? await this.#hasRegistered(one) : people.some((id) => registered.has(id)))
        found.push(one);
    }
    return found;
  }

  async #hasRegistered({ conversation }: Noticed): Promise<boolean> {
    const { at, first } = this.#deps;
    const { done } = await registeredMembers(at, first, conversation).next();
    return done !== true;
  }
}

/**
 * Nobody was registered until now, and nobody has followed: what was said before is no news. In a database that is away it is, for as long as
 * anything is.
 */
export async function followFromNow(sql: Sql, places: Pick<Database, 'laneDatabases'>): Promise<void> {
  await askThere(places, (at) => fromNow(at.name === '' ? sql : at.sql));
}

async function fromNow(sql: Sql): Promise<void> {
  const lanes = await sql('im_lane')
    .limit(laneCount)
    .select<(Stamp & { readonly lane: number })[]>('lane', 'stamp');
  for (const { lane, stamp } of lanes)
    await sql('im_away_lane').where({ lane }).where('stamp', '<', stamp).update({ stamp });
}

function noneIfMoved(error: unknown): 0 {
  if (error instanceof LaneMoved) return 0;
  throw error;
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
