import type { Database, Sql } from '../db/database.ts';

// A message in a lane that is in another database may follow from something in the first one: two are friends, a call is over. No transaction
// has both. So the first one is committed with an order that says which message is to be stored, and whoever finds the order has it
// stored, as often as it takes: the message's dedupe key makes it one.

/** An order that nobody is carrying out. */
export interface DueOrder {
  readonly id: number;
  readonly conversation: string;
  readonly nextTime: number;
}

export interface LaneOrder<Draft> {
  readonly id: number;
  readonly conversation: string;
  readonly draft: Draft;
}

/** Whoever has not carried it out by then has died, or hangs. */
const ownedForMs = 15_000;
const atOnce = 1_000;
const inTurnAtOnce = 100;

/** The orders that are not carried out yet. */
export class LaneOrders<Draft> {
  readonly #sql: Database['sql'];
  readonly #kind: string;

  /** `kind`: of the conversations. */
  constructor({ sql }: Pick<Database, 'sql'>, kind: 'private' | 'group') {
    this.#sql = sql;
    this.#kind = kind;
  }

  /** It is the caller's for a while. */
  async put(sql: Sql, conversation: string, draft: Draft): Promise<number> {
    const nextTime = Date.now() + ownedForMs;
    const [id = 0] = await sql('im_lane_order').insert({
      ...{ conversation, nextTime },
      draft: JSON.stringify(draft),
    });
    return id;
  }

  async done(id: number): Promise<void> {
    await this.#sql('im_lane_order').where({ id }).delete();
  }

  /** It is nobody's any more: whoever looks next carries it out. */
  async letGo(id: number): Promise<void> {
    await this.#sql('im_lane_order').where({ id }).update({ nextTime: Date.now() });
  }

  /** Whether no other order of its conversation comes before it. */
  async isNext({ id, conversation }: Pick<DueOrder, 'id' | 'conversation'>): Promise<boolean> {
    const before = await this.#sql('im_lane_order')
      .where({ conversation })
      .where('id', '<', id)
      .first<{ id: number } | undefined>('id');
    return before === undefined;
  }

  /** Those after that one, in the order in which they were given. */
  async dueAfter(id: number): Promise<DueOrder[]> {
    return this.#sql('im_lane_order')
      .where('id', '>', id)
      .where('nextTime', '<=', Date.now())
      .where('conversation', 'like', `${this.#kind}:%`)
      .orderBy('id')
      .limit(atOnce)
      .select<DueOrder[]>('id', 'conversation', 'nextTime');
  }

  /** It is the caller's from now on, for a while; undefined: somebody was faster, or it cannot be decrypted. */
  async claim({ id, nextTime }: DueOrder): Promise<Draft | undefined> {
    const claimed = await this.#sql('im_lane_order')
      .where({ id, nextTime })
      .update({ nextTime: Date.now() + ownedForMs });
    if (claimed === 0) return undefined;
    const row = await this.#sql('im_lane_order')
      .where({ id })
      .first<{ draft: string | null } | undefined>('conversation', 'draft');
    return typeof row?.draft === 'string' ? (JSON.parse(row.draft) as Draft) : undefined;
  }

  /** The first ones of a conversation before that one, in the order in which they were given, whoever carries them out. */
  async before(conversation: string, id: number): Promise<LaneOrder<Draft>[]> {
    const rows = await this.#sql('im_lane_order')
      .where({ conversation })
      .where('id', '<', id)
      .orderBy('id')
      .limit(inTurnAtOnce)
      .select<{ id: number; draft: string | null }[]>('id', 'conversation', 'draft');
    return rows.map(({ id: orderId, draft }) => {
      if (draft === null) throw new Error(`Order ${orderId} of ${conversation} cannot be decrypted`);
      return { id: orderId, conversation, draft: JSON.parse(draft) as Draft };
    });
  }

  /** The conversations among these that have some. */
  async among(conversations: readonly string[]): Promise<Set<string>> {
    const rows = await this.#sql('im_lane_order')
      .whereIn('conversation', [...new Set(conversations)])
      .distinct<{ conversation: string }[]>('conversation');
    return new Set(rows.map(({ conversation }) => conversation));
  }
}
