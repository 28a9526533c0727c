import type { Database, Sql } from '../db/database.ts';
import type { Moment } from '../message-log/entries.ts';
import type { LaneChanges } from '../message-log/lane-changes.ts';
import type { Counts } from './erasure.ts';
import type { ErasureJob } from './erasure-store.ts';

export interface CountedDeps {
  readonly database: Pick<Database, 'of'>;
  readonly lanes: Pick<LaneChanges, 'run'>;
}

/** What of an erasure counts. */
export type Counting = Pick<ErasureJob, 'count' | 'countThere' | 'noteThere'>;

interface CountedChange {
  readonly counts: Counts;
  /** Of what everybody in the conversation is to hear of. */
  readonly numbers: readonly number[];
}

/**
 * Changes something in a lane and counts it, in one transaction. Of a lane that is in another database it is counted there, and noted after it.
 */
export async function changeCounted(
  { database, lanes }: CountedDeps,
  job: Counting,
  conversation: string,
  change: (sql: Sql, moment: Moment) => Promise<CountedChange>,
): Promise<void> {
  const { name } = database.of(conversation);
  if (name === '') {
    const settled = await lanes.run(conversation, async (sql, moment) => {
      const { counts, numbers } = await change(sql, moment);
      return { value: await job.count(sql, counts), numbers };
    });
    settled();
    return;
  }
  const counts = await lanes.run(conversation, async (sql, moment) => {
    const { counts: counted, numbers } = await change(sql, moment);
    return { value: await job.countThere(sql, counted), numbers };
  });
  await job.noteThere(name, counts);
}
