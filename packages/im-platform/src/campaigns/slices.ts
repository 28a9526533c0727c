import type { Database, Sql } from '../db/database.ts';
import type { Campaign, Fate } from './campaign.ts';
import type { CampaignStore } from './campaign-store.ts';
import { groupBy } from '../messages/group/group-by.ts';
import { Counting } from './counts.ts';

/** Receivers that one instance sends to, which is its alone until `nextTime`. */
export interface ClaimedSlice {
  readonly campaign: Campaign;
  readonly number: number;
  readonly attempts: number;
  readonly nextTime: number;
  /** Not before. */
  readonly beginsAt: number;
  readonly receivers: readonly Receiver[];
}

export interface Receiver {
  readonly userId: number;
  readonly variant: number;
}

export interface SlicesDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly store: Pick<CampaignStore, 'active'>;
  /** In a second, over all campaigns and instances. */
  readonly rate: number;
}

/** Longer than a slice takes; and shorter than the push layer remembers where a message went (P-6.13). */
const ownedForMs = 120_000;
/** Nobody claims what is to begin later than that. */
const aheadMs = 1_000;
const dayMs = 86_400_000;

interface Due {
  readonly number: number;
  readonly attempts: number;
  readonly nextTime: number;
}

/** Gives slices out, and takes what became of them. */
export class Slices {
  readonly #deps: SlicesDeps;

  constructor(deps: SlicesDeps) {
    this.#deps = deps;
  }

  /**
   * A slice that is due and nobody has. Claims are made one after the other over all instances, as all lock one row: so they keep one pace, and of two
   * campaigns that have the same person the second sees the first.
   */
  async claim(): Promise<ClaimedSlice | undefined> {
    const { database, store } = this.#deps;
    if ((await store.active()).every(({ slices }) => slices === 0)) return undefined;
    return database.transaction(async (sql) => {
      const pace = await sql('im_campaign_pace')
        .where({ id: 1 })
        .forUpdate()
        .first<{ nextTime: number } | undefined>('nextTime');
      const now = Date.now();
      const overall = Math.max(now, pace?.nextTime ?? 0);
      if (overall > now + aheadMs) return undefined;
      const active = (await store.active(sql)).filter(({ paceTime }) => paceTime <= now + aheadMs);
      // Whoever has waited longest for their turn comes first.
      for (const campaign of active.toSorted((one, other) => one.paceTime - other.paceTime)) {
        const due = await dueIn(sql, campaign.id, now);
        if (due) return this.#take(sql, campaign, due, overall);
      }
      return undefined;
    });
  }

  async #take(
    sql: Sql,
    campaign: Campaign,
    { number, attempts, nextTime: before }: Due,
    overall: number,
  ): Promise<ClaimedSlice> {
    const beginsAt = Math.max(overall, campaign.paceTime);
    const mine = { campaignId: campaign.id, number };
    // Never the same as before, or nobody could tell the two apart.
    const nextTime = Math.max(beginsAt + ownedForMs, before + 1);
    await sql('im_campaign_slice')
      .where(mine)
      .update({ nextTime, attempts: attempts + 1 });
    const waiting = await sql('im_campaign_receiver')
      .where({ campaignId: campaign.id, slice: number, state: 'waiting' })
      .orderBy('userId')
      .select<Receiver[]>('userId', 'variant');
    const receivers = await withoutCapped(sql, campaign, number, waiting);
    const share = (rate: number): number => Math.ceil((receivers.length * 1_000) / rate);
    await sql('im_campaign_pace')
      .where({ id: 1 })
      .update({ nextTime: overall + share(this.#deps.rate) });
    await sql('im_campaign')
      .where({ id: campaign.id })
      .update({ paceTime: beginsAt + share(campaign.rate) });
    return { campaign, number, attempts: attempts + 1, nextTime, beginsAt, receivers };
  }

  /** It was not begun: somebody else may have it. */
  async giveBack(slice: ClaimedSlice): Promise<void> {
    await this.#deps.database.sql('im_campaign_slice').where(keyOf(slice)).update({ nextTime: Date.now() });
  }

  /**
   * What became of them, with its counts. Who is not named waits on, until `againAt`. False: the slice is somebody else's by now, who finds out
   * by themselves.
   */
  note(slice: ClaimedSlice, fates: ReadonlyMap<number, Fate>, againAt: number | undefined): Promise<boolean> {
    const { campaign, number } = slice;
    return this.#deps.database.transaction(async (sql) => {
      const mine = await sql('im_campaign_slice')
        .where(keyOf(slice))
        .update({ nextTime: againAt ?? null });
      if (mine === 0) return false;
      await settle(sql, campaign.id, number, fates);
      return true;
    });
  }

  /** Ends campaigns of which nothing is left. */
  async finish(): Promise<void> {
    const { database, store } = this.#deps;
    for (const { id, plannedTime } of await store.active()) {
      if (plannedTime === null) continue;
      const left: unknown = await database
        .sql('im_campaign_slice')
        .where({ campaignId: id })
        .whereNotNull('nextTime')
        .first('number');
      if (left === undefined)
        await database
          .sql('im_campaign')
          .where({ id, state: 'active' })
          .update({ state: 'done', finishedTime: Date.now() });
    }
  }
}

const unknown: Fate = { state: 'waiting', reason: '' };

/** Whose fate is known: those who still wait, by whatever else has become of them meanwhile. */
async function settle(
  sql: Sql,
  campaignId: number,
  slice: number,
  fates: ReadonlyMap<number, Fate>,
): Promise<void> {
  const waiting = await sql('im_campaign_receiver')
    .where({ campaignId, slice, state: 'waiting' })
    .forUpdate()
    .select<Receiver[]>('userId', 'variant');
  const counting = new Counting();
  const known = waiting.filter(({ userId }) => fates.has(userId));
  for (const { userId, variant } of known) {
    counting.add(variant, { state: 'waiting', reason: '' }, -1);
    counting.add(variant, fates.get(userId) ?? unknown, 1);
  }
  const alike = groupBy(known, ({ userId }) => JSON.stringify(fates.get(userId)));
  for (const some of alike.values())
    await sql('im_campaign_receiver')
      .where({ campaignId, slice })
      .whereIn(
        'userId',
        some.map(({ userId }) => userId),
      )
      .update(fates.get(some[0]?.userId ?? 0) ?? unknown);
  await counting.write(sql, campaignId);
}

/** Says of the others that they are claimed, from which on they count. */
async function withoutCapped(
  sql: Sql,
  { id: campaignId, plan: { cap } }: Campaign,
  slice: number,
  waiting: readonly Receiver[],
): Promise<Receiver[]> {
  const userIds = waiting.map(({ userId }) => userId);
  const capped = cap ? await toldOften(sql, campaignId, userIds, cap) : new Set<number>();
  const why: Fate = { state: 'skipped', reason: 'cap' };
  if (capped.size > 0)
    await settle(sql, campaignId, slice, new Map([...capped].map((userId) => [userId, why])));
  const others = waiting.filter(({ userId }) => !capped.has(userId));
  if (others.length > 0)
    await sql('im_campaign_receiver')
      .where({ campaignId, slice, state: 'waiting' })
      .update({ claimedTime: Date.now() });
  return others;
}

async function toldOften(
  sql: Sql,
  campaignId: number,
  userIds: readonly number[],
  { times, days }: NonNullable<Campaign['plan']['cap']>,
): Promise<Set<number>> {
  const rows = await sql('im_campaign_receiver')
    .whereIn('userId', [...userIds])
    .whereNot({ campaignId })
    .where('claimedTime', '>', Date.now() - days * dayMs)
    // Who was to be told and was not, does not count.
    .whereIn('state', ['waiting', 'sent', 'delivered', 'opened'])
    .groupBy('userId')
    .havingRaw('count(*) >= ?', [times])
    .select<{ userId: number }[]>('userId');
  return new Set(rows.map(({ userId }) => userId));
}

function keyOf({ campaign, number, nextTime }: ClaimedSlice) {
  return { campaignId: campaign.id, number, nextTime };
}

async function dueIn(sql: Sql, campaignId: number, now: number): Promise<Due | undefined> {
  return sql('im_campaign_slice')
    .where({ campaignId })
    .where('nextTime', '<=', now)
    .orderBy('nextTime')
    .first<Due | undefined>('number', 'attempts', 'nextTime');
}
