import type { Database } from '../db/database.ts';

const dayMs = 86_400_000;
/** Longer than the longest cap looks back (campaign-view.ts), and than somebody opens what they were pushed. */
const keptForMs = 180 * dayMs;

/**
 * Removes who was told by campaigns that ended long ago; their counts stay. Slice by slice, the last one first, so that whoever goes on with it
 * finds what is left, and two at once do no harm.
 */
export async function removeOldReceivers(
  { sql, transaction }: Pick<Database, 'sql' | 'transaction'>,
  closing: AbortSignal,
): Promise<void> {
  const old = await sql('im_campaign')
    .whereIn('state', ['done', 'stopped'])
    .where('finishedTime', '<', Date.now() - keptForMs)
    .where('slices', '>', 0)
    .select<{ id: number; slices: number }[]>('id', 'slices');
  for (const { id, slices } of old)
    for (let slice = slices - 1; slice >= 0 && !closing.aborted; slice--)
      await transaction(async (within) => {
        await within('im_campaign_receiver').where({ campaignId: id, slice }).delete();
        await within('im_campaign_slice').where({ campaignId: id, number: slice }).delete();
        await within('im_campaign').where({ id }).update({ slices: slice });
      });
}
