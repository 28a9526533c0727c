import type { Database, Sql } from '../db/database.ts';

// A message in a lane that is in another database may follow from something in the first one: two are friends, a call is over. No transaction
// has both. So the first one is committed with an order that says which message is to be stored, and whoever finds the order has it
// stored, as often as it takes: the message's dedupe key makes it one.

export interface LaneOrder<Draft> {
  readonly id: number;
  readonly conversation: string;
  readonly draft: Draft;
}

interface Row {
  readonly id: number;
  readonly conversation: string;
  readonly draft: string;
  readonly nextTime: number;
}

/** Whoever has not carried it out by then has died, or the database of the lane is away. */
const ownedForMs = 15_000;
const atOnce = 100;

/** The orders that are not carried out yet. */
export class LaneOrders<Draft> {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
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

  /** Those that nobody has carried out, in the order in which they were given; the caller's from now on, for a while. */
  async claimDue(): Promise<LaneOrder<Draft>[]> {
    const rows = await this.#sql('im_lane_order')
      .where('nextTime', '<=', Date.now())
      .orderBy('nextTime')
      .limit(atOnce)
      .select<Row[]>('id', 'conversation', 'draft', 'nextTime');
    const mine: LaneOrder<Draft>[] = [];
    for (const { id, conversation, draft, nextTime } of rows) {
      const claimed = await this.#sql('im_lane_order')
        .where({ id, nextTime })
        .update({ nextTime: Date.now() + ownedForMs });
      if (claimed > 0) mine.push({ id, conversation, draft: JSON.parse(draft) as Draft });
    }
    return mine.sort((one, other) => one.id - other.id);
  }
}
