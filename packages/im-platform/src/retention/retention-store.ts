import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { laneOf } from '../db/lanes.ts';
import { lockLanes, putAside } from '../message-log/lane-rows.ts';

/** How long messages of a conversation are kept, as far as somebody has said it. Days; 0 is for ever. */
export interface Keeping {
  readonly adminDays: number | null;
  readonly ownerDays: number | null;
  /** Nothing of it is removed. */
  readonly isHeld: boolean;
}

type Row = Omit<Keeping, 'isHeld'> & { readonly isHeld: number };

const unsaid: Keeping = { adminDays: null, ownerDays: null, isHeld: false };

/** Undefined: for ever. An admin has the last word. */
export function daysOf(
  { adminDays, ownerDays, isHeld }: Keeping,
  usual: number | undefined,
): number | undefined {
  const days = adminDays ?? ownerDays ?? usual ?? 0;
  return isHeld || days === 0 ? undefined : days;
}

/** What is said of the conversation stays as it is until the transaction in the first database ends; where its lane is or was. */
export async function lockChoices(sql: Sql, conversation: string): Promise<void> {
  const lane = laneOf(conversation);
  await lockLanes(sql, [lane, putAside(lane)]);
}

/** Whoever has not gone on by then has died. */
const ownedForMs = 60_000;

/** What was said stands in the first database; each goes through its own conversations. */
export class RetentionStore {
  readonly #sql: Database['sql'];
  readonly #at: Pick<LaneDatabase, 'name' | 'sql'>;

  constructor({ sql }: Pick<Database, 'sql'>, at: Pick<LaneDatabase, 'name' | 'sql'> = { name: '', sql }) {
    this.#sql = sql;
    this.#at = at;
  }

  async find(conversation: string, sql: Sql = this.#sql): Promise<Keeping> {
    const row = (await sql('im_retention').where({ conversation }).first()) as Row | undefined;
    return row ? { ...row, isHeld: row.isHeld === 1 } : unsaid;
  }

  async set(sql: Sql, conversation: string, changes: Partial<Keeping>): Promise<void> {
    const { isHeld, ...days } = changes;
    const row = { ...days, ...(isHeld !== undefined && { isHeld: isHeld ? 1 : 0 }) };
    if (Object.keys(row).length === 0) return;
    await sql('im_retention')
      .insert({ conversation, ...row })
      .onConflict('conversation')
      .merge(Object.keys(row));
  }

  /** Conversations from the one after that on, in the order of their names: all, or those alone of which something was said. */
  async after(name: string, isForAll: boolean, limit: number): Promise<string[]> {
    const { name: place, sql } = this.#at;
    const isElsewhere = place !== '';
    const query =
      isElsewhere && !isForAll
        ? this.#sql('im_retention as c')
        : sql('im_conversation as c').whereRaw('c.first_number <= c.last_number');
    if (!isElsewhere && !isForAll) void query.join('im_retention as r', 'r.conversation', 'c.conversation');
    const rows = await query
      .where('c.conversation', '>', name)
      .orderBy('c.conversation')
      .limit(limit)
      .select<{ conversation: string }[]>('c.conversation');
    return rows.map(({ conversation }) => conversation);
  }

  /** The round, from where it was; it is the caller's for a while. Undefined: it is not due, or somebody else's. */
  async claim(): Promise<Round | undefined> {
    const now = Date.now();
    const round = await this.#at
      .sql('im_retention_round')
      .where({ id: 1 })
      .where('nextTime', '<=', now)
      .first<Round | undefined>('after', 'nextTime');
    return round && this.#goOn(round, { after: round.after, nextTime: now + ownedForMs });
  }

  /** Undefined: it is somebody else's by now. */
  goOn(round: Round, after: string): Promise<Round | undefined> {
    // Never the same as before, or nobody could tell the two apart.
    const nextTime = Math.max(Date.now() + ownedForMs, round.nextTime + 1);
    return this.#goOn(round, { after, nextTime });
  }

  /** All were looked at. */
  async finish(round: Round, nextTime: number): Promise<void> {
    await this.#goOn(round, { after: '', nextTime });
  }

  async #goOn({ nextTime }: Round, next: Round): Promise<Round | undefined> {
    const mine = await this.#at.sql('im_retention_round').where({ id: 1, nextTime }).update(next);
    return mine > 0 ? next : undefined;
  }
}

export interface Round {
  /** The last conversation that was looked at. */
  readonly after: string;
  readonly nextTime: number;
}
