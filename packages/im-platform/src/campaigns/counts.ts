import { added } from '../db/added.ts';
import type { Sql } from '../db/database.ts';
import type { Fate } from './campaign.ts';

/** How many receivers have come to what, of one variant. */
export interface Count extends Fate {
  readonly variant: number;
  readonly receivers: number;
}

/**
 * What becomes of receivers, counted: to be written in the transaction in which it becomes so. The rows are one for each variant and fate, so a
 * report reads some dozen of them, and none is ever counted again.
 */
export class Counting {
  readonly #sums = new Map<string, Count>();

  add(variant: number, { state, reason }: Fate, receivers: number): void {
    const key = `${variant} ${state} ${reason}`;
    const before = this.#sums.get(key)?.receivers ?? 0;
    this.#sums.set(key, { variant, state, reason, receivers: before + receivers });
  }

  /** As all do it in the same order, they wait for each other and never in a circle. */
  async write(sql: Sql, campaignId: number): Promise<void> {
    const rows = [...this.#sums]
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .filter(([, { receivers }]) => receivers !== 0)
      .map(([, row]) => ({ campaignId, ...row }));
    if (rows.length === 0) return;
    await sql('im_campaign_count')
      .insert(rows)
      .onConflict(['campaignId', 'variant', 'state', 'reason'])
      .merge({ receivers: added(sql, 'receivers') });
  }
}

export async function countsOf(
  sql: Sql,
  campaignIds: readonly number[],
): Promise<(Count & { campaignId: number })[]> {
  const rows = await sql('im_campaign_count')
    .whereIn('campaignId', [...campaignIds])
    .orderBy(['campaignId', 'variant', 'state', 'reason'])
    .select<(Count & { campaignId: number })[]>('campaignId', 'variant', 'state', 'reason', 'receivers');
  return rows.filter(({ receivers }) => receivers > 0);
}
