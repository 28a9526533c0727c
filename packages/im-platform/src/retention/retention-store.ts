import type { Database, Sql } from '../db/database.ts';

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

/** A conversation of which something may be too old. */
export interface Kept extends Keeping {
  readonly conversation: string;
}

/** Whoever has not gone on by then has died. */
const ownedForMs = 60_000;

export class RetentionStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
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
  async after(name: string, isForAll: boolean, limit: number): Promise<Kept[]> {
    const query = this.#sql('im_conversation as c')
      .where('c.conversation', '>', name)
      .whereRaw('c.first_number <= c.last_number')
      .orderBy('c.conversation')
      .limit(limit)
      .select<(Row & Pick<Kept, 'conversation'>)[]>(
        ...['c.conversation', 'r.adminDays', 'r.ownerDays', 'r.isHeld'],
      );
    const joined = ['im_retention as r', 'r.conversation', 'c.conversation'] as const;
    const rows = await (isForAll ? query.leftJoin(...joined) : query.join(...joined));
    return rows.map((row) => ({ ...row, isHeld: row.isHeld === 1 }));
  }

  /** The round, from where it was; it is the caller's for a while. Undefined: it is not due, or somebody else's. */
  async claim(): Promise<Round | undefined> {
    const now = Date.now();
    const round = await this.#sql('im_retention_round')
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
    const mine = await this.#sql('im_retention_round').where({ id: 1, nextTime }).update(next);
    return mine > 0 ? next : undefined;
  }
}

export interface Round {
  /** The last conversation that was looked at. */
  readonly after: string;
  readonly nextTime: number;
}
