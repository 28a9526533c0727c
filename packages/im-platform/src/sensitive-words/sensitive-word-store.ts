import type { Database } from '../db/database.ts';

export class SensitiveWordStore {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  /** Looks different when words came, went, or were switched on or off; not when one was rewritten in place. */
  async fingerprint(): Promise<string> {
    const row: unknown = await this.#sql('im_sensitive_word')
      .count('* as words')
      .max('id as newest')
      .select(this.#sql.raw('sum(id * enabled) as enabled'))
      .first();
    return JSON.stringify(row);
  }

  async enabled(): Promise<string[]> {
    const rows = await this.#sql('im_sensitive_word')
      .where({ enabled: 1 })
      .select<{ content: string }[]>('content');
    return rows.map(({ content }) => content);
  }
}
