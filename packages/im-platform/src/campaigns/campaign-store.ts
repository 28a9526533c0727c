import type { Knex } from 'knex';
import type { Database, Sql } from '../db/database.ts';
import type { Campaign, CampaignState, Plan } from './campaign.ts';

type Row = Omit<Campaign, 'plan'> & { readonly plan: string };

const columns = [
  ...([
    'id',
    'name',
    'state',
    'madeBy',
    'plan',
    'rate',
    'createdTime',
    'startedTime',
    'finishedTime',
  ] as const),
  ...(['planAt', 'plannedTo', 'slices', 'plannedTime', 'paceTime'] as const),
];

export class CampaignStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  async add(
    sql: Sql,
    { plan, ...campaign }: Pick<Campaign, 'name' | 'madeBy' | 'rate'> & { readonly plan: Plan },
  ): Promise<number> {
    const row = { ...campaign, state: 'draft', plan: JSON.stringify(plan), createdTime: Date.now() };
    const [id = 0] = await sql('im_campaign').insert(row);
    return id;
  }

  async find(id: number, sql: Sql = this.#sql): Promise<Campaign | undefined> {
    return (await this.#rows(sql, (query) => void query.where({ id })))[0];
  }

  /** Nobody else changes it until the transaction ends. */
  async findForUpdate(sql: Sql, id: number): Promise<Campaign | undefined> {
    return (await this.#rows(sql, (query) => void query.where({ id }).forUpdate()))[0];
  }

  /** The newest first. */
  before(id: number, limit: number): Promise<Campaign[]> {
    return this.#rows(
      this.#sql,
      (query) => void query.where('id', '<', id).orderBy('id', 'desc').limit(limit),
    );
  }

  active(sql: Sql = this.#sql): Promise<Campaign[]> {
    return this.#rows(sql, (query) => void query.where({ state: 'active' }).orderBy('id'));
  }

  async move(
    sql: Sql,
    id: number,
    change: { readonly state: CampaignState } & Partial<
      Pick<Campaign, 'startedTime' | 'finishedTime' | 'planAt'>
    >,
  ): Promise<void> {
    await sql('im_campaign').where({ id }).update(change);
  }

  async #rows(sql: Sql, which: (query: Knex.QueryBuilder) => void): Promise<Campaign[]> {
    const rows: Row[] = await sql('im_campaign')
      .modify(which)
      .select<Row[]>(...columns);
    return rows.map(({ plan, ...row }) => ({ ...row, plan: JSON.parse(plan) as Plan }));
  }
}
