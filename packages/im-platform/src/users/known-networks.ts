import type { Database } from '../db/database.ts';

const keptMs = 90 * 86_400_000;
const mostPerUser = 20;

/**
 * The networks from which a user has logged in lately. Whoever guesses their password from elsewhere can use up what is
 * allowed from elsewhere, and the owner still gets in from where they usually are.
 */
export class KnownNetworks {
  readonly #sql: Database['sql'];

  constructor({ sql }: Pick<Database, 'sql'>) {
    this.#sql = sql;
  }

  async has(userId: number, network: string): Promise<boolean> {
    const row: unknown = await this.#sql('im_known_network')
      .where({ userId, network })
      .where('seenTime', '>', Date.now() - keptMs)
      .first('network');
    return row !== undefined;
  }

  async remember(userId: number, network: string): Promise<void> {
    await this.#sql('im_known_network')
      .insert({ userId, network, seenTime: Date.now() })
      .onConflict(['userId', 'network'])
      .merge(['seenTime']);
    const old = await this.#sql('im_known_network')
      .where({ userId })
      .orderBy('seenTime', 'desc')
      .limit(1_000)
      .offset(mostPerUser)
      .select<{ network: string }[]>('network');
    if (old.length > 0)
      await this.#sql('im_known_network')
        .where({ userId })
        .whereIn(
          'network',
          old.map(({ network }) => network),
        )
        .delete();
  }
}
