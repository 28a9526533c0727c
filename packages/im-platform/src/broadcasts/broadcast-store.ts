import type { Database, Sql } from '../db/database.ts';

export const audiences = ['all', 'online'] as const;
export type Audience = (typeof audiences)[number];

/** Something that is said to everybody. */
export interface Broadcast {
  readonly id: number;
  readonly actorId: number;
  readonly audience: Audience;
  readonly content: string;
  readonly createdTime: number;
  /** The last user who was looked at, in the order of their ids. */
  readonly afterId: number;
  readonly told: number;
  /** Null: it is under way. */
  readonly finishedTime: number | null;
  /** From then on another instance may go on with it. */
  readonly nextAt: number;
}

/** Longer than a page takes. */
const ownedForMs = 60_000;

export class BroadcastStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  async add(sql: Sql, broadcast: Pick<Broadcast, 'actorId' | 'audience' | 'content'>): Promise<number> {
    const now = Date.now();
    const [id = 0] = await sql('im_broadcast').insert({ ...broadcast, createdTime: now, nextAt: now });
    return id;
  }

  find(id: number): Promise<Broadcast | undefined> {
    return this.#sql('im_broadcast').where({ id }).first() as Promise<Broadcast | undefined>;
  }

  /** The newest first. */
  before(id: number, limit: number): Promise<Broadcast[]> {
    return this.#sql('im_broadcast')
      .where('id', '<', id)
      .orderBy('id', 'desc')
      .limit(limit)
      .select() as Promise<Broadcast[]>;
  }

  /** One that nobody goes on with; it is the caller's from then on, for a while. */
  async claim(): Promise<Broadcast | undefined> {
    const now = Date.now();
    const due = (await this.#sql('im_broadcast')
      .whereNull('finishedTime')
      .where('nextAt', '<=', now)
      .orderBy('nextAt')
      .first()) as Broadcast | undefined;
    if (!due) return undefined;
    const { id, nextAt } = due;
    const mine = { ...due, nextAt: now + ownedForMs };
    const claimed = await this.#sql('im_broadcast').where({ id, nextAt }).update({ nextAt: mine.nextAt });
    return claimed > 0 ? mine : this.claim();
  }

  /** Undefined: it is somebody else's by now. */
  async goOn(
    { id, nextAt }: Broadcast,
    { afterId, told }: Pick<Broadcast, 'afterId' | 'told'>,
  ): Promise<Broadcast | undefined> {
    // Never the same as before, or nobody could tell the two apart.
    const later = Math.max(Date.now() + ownedForMs, nextAt + 1);
    const mine = await this.#sql('im_broadcast')
      .where({ id, nextAt })
      .update({ afterId, told, nextAt: later });
    return mine > 0 ? this.find(id) : undefined;
  }

  async finish({ id, nextAt }: Broadcast): Promise<void> {
    await this.#sql('im_broadcast').where({ id, nextAt }).update({ finishedTime: Date.now() });
  }

  /** Whom it is for, in the order of their ids. */
  async usersAfter(id: number, limit: number): Promise<number[]> {
    const rows = await this.#sql('im_user')
      .where('id', '>', id)
      .whereNull('deletedTime')
      .orderBy('id')
      .limit(limit)
      .select<{ id: number }[]>('id');
    return rows.map((row) => row.id);
  }
}
