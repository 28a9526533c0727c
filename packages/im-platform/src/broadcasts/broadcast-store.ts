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

/** Somebody who could not be told, as that database was away. */
export interface Left {
  readonly userId: number;
  /** Of several; empty: their lane was just being moved out of the first. */
  readonly place: string;
}

/** Longer than a page takes. */
const ownedForMs = 60_000;

export class BroadcastStore {
  readonly #sql: Database['sql'];
  readonly #transaction: Database['transaction'];

  constructor({ sql, transaction }: Pick<Database, 'sql' | 'transaction'>) {
    this.#sql = sql;
    this.#transaction = transaction;
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

  /** With those who are told later. Undefined: it is somebody else's by now. */
  goOn(
    mine: Broadcast,
    { afterId, told }: Pick<Broadcast, 'afterId' | 'told'>,
    left: readonly Left[],
  ): Promise<Broadcast | undefined> {
    return this.#change(mine, { afterId, told }, async (sql) => {
      if (left.length > 0)
        await sql('im_broadcast_left').insert(left.map((one) => ({ ...one, broadcastId: mine.id })));
    });
  }

  /** Those who were left are told by now. */
  goOnWithLeft(mine: Broadcast, userIds: readonly number[]): Promise<Broadcast | undefined> {
    return this.#change(mine, { told: mine.told + userIds.length }, async (sql) => {
      await sql('im_broadcast_left')
        .where({ broadcastId: mine.id })
        .whereIn('userId', [...userIds])
        .delete();
    });
  }

  /** It is nobody's until then. */
  async waitUntil({ id, nextAt }: Broadcast, until: number): Promise<void> {
    await this.#sql('im_broadcast').where({ id, nextAt }).update({ nextAt: until });
  }

  /** Of those who are left, after that user, but for those of these databases. */
  async left(id: number, after: number, without: Iterable<string>, limit: number): Promise<number[]> {
    const rows = await this.#sql('im_broadcast_left')
      .where({ broadcastId: id })
      .where('userId', '>', after)
      .whereNotIn('place', [...without])
      .orderBy('userId')
      .limit(limit)
      .select<{ userId: number }[]>('userId');
    return rows.map(({ userId }) => userId);
  }

  /** How many are left, of each broadcast that has some. */
  async countLeft(ids: readonly number[]): Promise<Map<number, number>> {
    const rows = await this.#sql('im_broadcast_left')
      .whereIn('broadcastId', [...ids])
      .groupBy('broadcastId')
      .select<{ broadcastId: number; users: number }[]>('broadcastId', this.#sql.raw('count(*) as users'));
    return new Map(rows.map(({ broadcastId, users }) => [broadcastId, users]));
  }

  async #change(
    { id, nextAt }: Broadcast,
    row: Partial<Broadcast>,
    also: (sql: Sql) => Promise<void>,
  ): Promise<Broadcast | undefined> {
    // Never the same as before, or nobody could tell the two apart.
    const later = Math.max(Date.now() + ownedForMs, nextAt + 1);
    const isMine = await this.#transaction(async (sql) => {
      const changed = await sql('im_broadcast')
        .where({ id, nextAt })
        .update({ ...row, nextAt: later });
      if (changed > 0) await also(sql);
      return changed > 0;
    });
    return isMine ? this.find(id) : undefined;
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
