import { gather } from 'im-common/internal/bus';
import { groupBy } from '../messages/group/group-by.ts';
import { inKeys } from '../db/in-keys.ts';
import type { Database } from '../db/database.ts';
import type { ReceiverState } from './campaign.ts';
import { Counting } from './counts.ts';

export interface Opening {
  readonly campaignId: number;
  readonly userId: number;
}

interface Row extends Opening {
  readonly slice: number;
  readonly variant: number;
  readonly state: ReceiverState;
  readonly reason: string;
  readonly claimedTime: number | null;
}

const mostAtOnce = 200;

/** That somebody has opened what they were told. What comes at one moment goes into one transaction, as many open it at once. */
export class Openings {
  /** False: they were never to be told of it. */
  readonly note: (opening: Opening) => Promise<boolean>;

  constructor(database: Pick<Database, 'transaction'>) {
    this.note = gather((openings: readonly Opening[]) => noteAll(database, openings), { most: mostAtOnce });
  }
}

async function noteAll(
  database: Pick<Database, 'transaction'>,
  openings: readonly Opening[],
): Promise<boolean[]> {
  return database.transaction(async (sql) => {
    const rows = await sql('im_campaign_receiver')
      .modify(
        inKeys,
        ['userId', 'campaignId'],
        openings.map(({ userId, campaignId }) => [userId, campaignId]),
      )
      .orderBy(['campaignId', 'slice', 'userId'])
      .forUpdate()
      .select<Row[]>('campaignId', 'slice', 'userId', 'variant', 'state', 'reason', 'claimedTime');
    const told = rows.filter(isTold);
    const byCampaign = groupBy(
      told.filter(({ state }) => state !== 'opened'),
      ({ campaignId }) => campaignId,
    );
    for (const [campaignId, some] of byCampaign) {
      const counting = new Counting();
      for (const { variant, state, reason } of some) {
        counting.add(variant, { state, reason }, -1);
        counting.add(variant, { state: 'opened', reason: '' }, 1);
      }
      await sql('im_campaign_receiver')
        .modify(
          inKeys,
          ['campaignId', 'slice', 'userId'],
          some.map((row) => [campaignId, row.slice, row.userId]),
        )
        .update({ state: 'opened', reason: '' });
      await counting.write(sql, campaignId);
    }
    const known = new Set(told.map(({ campaignId, userId }) => `${campaignId} ${userId}`));
    return openings.map(({ campaignId, userId }) => known.has(`${campaignId} ${userId}`));
  });
}

/** Also who still waits: it was sent, and that is not noted yet. */
function isTold({ state, claimedTime }: Row): boolean {
  return claimedTime !== null && state !== 'skipped';
}
