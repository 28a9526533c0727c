import type { Sql } from '../db/database.ts';
import type { ReceiverState } from './campaign.ts';
import { Counting } from './counts.ts';

/** Takes somebody out of campaigns. Their numbers stay, as those of nobody; who still waited counts as skipped. */
export async function leaveCampaigns(sql: Sql, userId: number): Promise<void> {
  const rows = await sql('im_campaign_receiver')
    .where({ userId })
    .orderBy('campaignId')
    .forUpdate()
    .select<{ campaignId: number; variant: number; state: ReceiverState }[]>(
      'campaignId',
      'variant',
      'state',
    );
  for (const { campaignId, variant, state } of rows) {
    if (state !== 'waiting') continue;
    const counting = new Counting();
    counting.add(variant, { state, reason: '' }, -1);
    counting.add(variant, { state: 'skipped', reason: 'gone' }, 1);
    await counting.write(sql, campaignId);
  }
  await sql('im_campaign_receiver').where({ userId }).delete();
}
