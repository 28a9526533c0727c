import type { Database, Sql } from '../db/database.ts';

/** Something that an admin did, or looked at. */
export interface Deed {
  /** Null: a command, of whoever runs the machine. */
  readonly actorId: number | null;
  readonly action: string;
  /** What it was done to: `user:7`, `group:5`. */
  readonly subject: string;
  readonly network: string;
  readonly details: object;
}

export interface TrailRow extends Omit<Deed, 'details'> {
  readonly id: number;
  readonly time: number;
  /** As JSON. */
  readonly details: string;
}

type About = { readonly [Name in 'actorId' | 'action' | 'subject']?: Deed[Name] | undefined };

/** What admins did, for ever: it is added to, and nothing of it changes or goes. */
export class Trail {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** In the transaction of the deed: neither is there without the other. */
  async add(sql: Sql, { details, ...deed }: Deed): Promise<void> {
    await sql('im_audit_trail').insert({ ...deed, time: Date.now(), details: JSON.stringify(details) });
  }

  /** The newest first, from the one before that id on; only those about what is named. */
  before(id: number, limit: number, about: About = {}): Promise<TrailRow[]> {
    return this.#sql('im_audit_trail')
      .modify((query) => {
        for (const [column, value] of Object.entries(about))
          if (value !== undefined) void query.where({ [column]: value });
      })
      .where('id', '<', id)
      .orderBy('id', 'desc')
      .limit(limit)
      .select() as Promise<TrailRow[]>;
  }

  /** The oldest first, from the one after that id on. */
  after(id: number, limit: number): Promise<TrailRow[]> {
    return this.#sql('im_audit_trail').where('id', '>', id).orderBy('id').limit(limit).select() as Promise<
      TrailRow[]
    >;
  }
}
