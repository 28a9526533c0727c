import { chunksOf } from '../db/chunks.ts';
import type { Database, Sql } from '../db/database.ts';
import { groupBy } from '../messages/group/group-by.ts';
import type { Campaign } from './campaign.ts';
import type { CampaignStore } from './campaign-store.ts';
import { Counting } from './counts.ts';
import { instantOf, wallTime } from './local-time.ts';
import { membersAfter } from './segment.ts';
import { variantOf } from './split.ts';
import { timeZonesOf } from './time-zones.ts';

/** Of whom a transaction takes all together. */
const atOnce = 2_000;
const rowsPerStatement = 500;
/** Longer than a page takes. */
const ownedForMs = 60_000;
const mostInSlice = 500;

export interface PlannerDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly store: Pick<CampaignStore, 'find'>;
}

/** What of it is written: whom it is for, in slices that are sent each by one instance. */
interface Slice {
  readonly dueTime: number;
  readonly userIds: readonly number[];
}

/**
 * Writes down whom a campaign is for, in the order of their ids, a page in a transaction that also says how far that is. So it goes on where it was
 * after a kill, and nobody is in it twice.
 */
export class Planner {
  readonly #deps: PlannerDeps;

  constructor(deps: PlannerDeps) {
    this.#deps = deps;
  }

  /**
   * Plans a page of what has waited longest of all that is due and nobody plans, and lets go of it: so a short one does not wait for a long one, nor
   * whoever goes on for one who has ended. False: there is nothing.
   */
  async plan(): Promise<boolean> {
    const mine = await this.#claim();
    if (mine) await this.#page(mine);
    return mine !== undefined;
  }

  async #claim(): Promise<Campaign | undefined> {
    const { database, store } = this.#deps;
    const due = await database
      .sql('im_campaign')
      .where({ state: 'active' })
      .where('planAt', '<=', Date.now())
      .orderBy('planAt')
      .first<{ id: number; planAt: number } | undefined>('id', 'planAt');
    if (!due) return undefined;
    const held = await database
      .sql('im_campaign')
      .where(due)
      .update({ planAt: Date.now() + ownedForMs });
    // Or somebody else was faster.
    return held > 0 ? store.find(due.id) : this.#claim();
  }

  async #page(campaign: Campaign): Promise<void> {
    const { database } = this.#deps;
    const { id, planAt, plan, plannedTo } = campaign;
    if (campaign.state !== 'active') return;
    const userIds = await membersAfter(database.sql, plan.segment, {
      ...{ after: plannedTo, limit: atOnce, now: campaign.startedTime ?? 0 },
    });
    const slices = await this.#slicesOf(campaign, userIds);
    const isLast = userIds.length < atOnce;
    const next = {
      ...{ plannedTo: userIds.at(-1) ?? plannedTo, slices: campaign.slices + slices.length },
      ...(isLast ? { planAt: null, plannedTime: Date.now() } : { planAt: Date.now() }),
    };
    await database.transaction(async (sql) => {
      // Unless their time was over, or it was paused: then it is somebody else's, or nobody's.
      const mine = await sql('im_campaign').where({ id, planAt, plannedTo, state: 'active' }).update(next);
      if (mine > 0) await write(sql, campaign, slices);
    });
  }

  /** Those who are due at one moment are together. */
  async #slicesOf({ plan, rate }: Campaign, userIds: readonly number[]): Promise<Slice[]> {
    const due = await this.#dueTimes(plan, userIds);
    const byTime = groupBy(
      userIds.map((userId, index) => ({ userId, time: due[index] ?? 0 })),
      ({ time }) => time,
    );
    // What may be sent in a second at most: a slice is sent as a whole.
    const size = Math.min(mostInSlice, rate);
    return [...byTime].flatMap(([dueTime, some]) =>
      chunksOf(some, size).map((together) => ({ dueTime, userIds: together.map(({ userId }) => userId) })),
    );
  }

  async #dueTimes({ schedule, timeZone }: Campaign['plan'], userIds: readonly number[]): Promise<number[]> {
    if (!schedule) return userIds.map(() => 0);
    if ('at' in schedule) return userIds.map(() => schedule.at);
    const wall = wallTime(schedule.localDate, schedule.localTime) ?? 0;
    const zones = await timeZonesOf(this.#deps.database.sql, userIds);
    return userIds.map((userId) => instantOf(wall, zones.get(userId) ?? timeZone));
  }
}

async function write(sql: Sql, campaign: Campaign, slices: readonly Slice[]): Promise<void> {
  const { id: campaignId, plan } = campaign;
  const counting = new Counting();
  const numbered = slices.map((slice, index) => ({ ...slice, number: campaign.slices + index }));
  const receivers = numbered.flatMap(({ number: slice, userIds }) =>
    userIds.map((userId) => {
      const variant = variantOf(campaignId, userId, plan.variants);
      counting.add(variant, { state: 'waiting', reason: '' }, 1);
      return { campaignId, slice, userId, variant, state: 'waiting' };
    }),
  );
  for (const some of chunksOf(receivers, rowsPerStatement)) await sql('im_campaign_receiver').insert(some);
  for (const some of chunksOf(numbered, rowsPerStatement))
    await sql('im_campaign_slice').insert(
      some.map(({ number, dueTime: nextTime }) => ({ campaignId, number, nextTime })),
    );
  await counting.write(sql, campaignId);
}
