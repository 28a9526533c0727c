import type { AwayCampaign, AwayChannel, Platform } from '../../src/index.ts';

/** A push service that takes what it is given, in this process. */
export class Vendor implements AwayChannel {
  readonly told: AwayCampaign[] = [];

  send: AwayChannel['send'] = (_, notification) => {
    if (notification.is === 'campaign') this.told.push(notification);
    return Promise.resolve({ is: 'sent' });
  };

  /** What it was given for one user. */
  of(userId: number | string): AwayCampaign[] {
    return this.told.filter((one) => one.userId === String(userId));
  }
}

/** People with a device of that channel, who are away. Resolves with their ids. */
export async function insertAway(
  { database: { sql } }: Platform,
  names: readonly string[],
  channel = 'vendor',
): Promise<number[]> {
  const createdTime = Date.now();
  await sql('im_user').insert(
    names.map((name) => ({ userName: name, nickName: name, password: '!', createdTime })),
  );
  const users = await sql('im_user')
    .whereIn('userName', [...names])
    .orderBy('id')
    .select<{ id: number }[]>('id');
  const ids = users.map(({ id }) => id);
  await registerDevices(sql, ids, channel);
  return ids;
}

/** A device of each, which is away. */
export async function registerDevices(
  sql: Platform['database']['sql'],
  userIds: readonly number[],
  channel = 'vendor',
): Promise<void> {
  const endTime = Date.now() + 86_400_000;
  await sql('im_session').insert(
    userIds.map((userId) => ({
      ...{ id: `away-${userId}`, userId, terminal: 1, network: '', createdTime: 1, issuedTime: 1 },
      ...{ refreshNumber: 1, accessEndTime: endTime, idleEndTime: endTime, endTime },
    })),
  );
  await sql('im_away_registration').insert(
    userIds.map((userId) => ({
      ...{ sessionId: `away-${userId}`, userId, channel, address: `away-${userId}` },
      ...{ addressHash: `away-${userId}`, language: 'en', createdTime: 1, retryTime: 0, failures: 0 },
    })),
  );
}

interface Count {
  readonly variant: number;
  readonly state: string;
  readonly reason: string;
  readonly receivers: number;
}

/** How many there are of each fate, by the rows of the receivers, and as it was counted. */
export async function countedTwice(
  { database: { sql } }: Pick<Platform, 'database'>,
  campaignId: string,
): Promise<{ readonly counts: Count[]; readonly rows: Count[] }> {
  const columns = ['variant', 'state', 'reason'];
  const counts = await sql('im_campaign_count')
    .where({ campaignId })
    .where('receivers', '<>', 0)
    .orderBy(columns)
    .select<Count[]>(...columns, 'receivers');
  const rows = await sql('im_campaign_receiver')
    .where({ campaignId })
    .groupBy(columns)
    .orderBy(columns)
    .select<Count[]>(...columns, sql.raw('count(*) as receivers'));
  return { counts, rows };
}

/** A draft for much later, of which that user was told all the same; and a list, both with the id that examples have. */
export async function insertCampaign(
  { database: { sql } }: Pick<Platform, 'database'>,
  userId: number,
): Promise<void> {
  const plan = {
    ...{
      segment: { everybody: true },
      language: 'en',
      timeZone: 'UTC',
      quietHours: null,
      cap: null,
      url: null,
    },
    variants: [{ name: 'A', share: 100, texts: { en: { title: 'Hello', body: 'News' } } }],
    schedule: { localDate: '2999-01-01', localTime: '10:00' },
  };
  const draft = { id: 1, name: 'Spring', state: 'draft', madeBy: 'admin:1', rate: 1, createdTime: 1 };
  await sql('im_campaign').insert({ ...draft, plan: JSON.stringify(plan) });
  const told = { campaignId: 1, slice: 0, userId, variant: 0, state: 'sent', claimedTime: 1 };
  await sql('im_campaign_receiver').insert(told);
  await sql('im_campaign_list').insert({ id: 1, name: 'Winners', createdTime: 1 });
}
