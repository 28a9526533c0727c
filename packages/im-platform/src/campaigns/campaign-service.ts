import { timeZoneOf } from '../away/settings.ts';
import { makeOnce } from '../db/make-once.ts';
import type { Database, Sql } from '../db/database.ts';
import { Refusal } from '../http/refusal.ts';
import type { SensitiveWords } from '../sensitive-words/sensitive-words.ts';
import type { Campaign, CampaignState, Plan, Schedule } from './campaign.ts';
import type { CampaignStore } from './campaign-store.ts';
import { countsOf, type Count } from './counts.ts';
import { mostAheadMs, wallTime } from './local-time.ts';
import type { Pushes, Outcome } from './pushes.ts';
import { countMembers, type Segment } from './segment.ts';
import type { SliceSender } from './slice-sender.ts';
import type { UserAttributes } from './user-attributes.ts';
import type { UserLists } from './user-lists.ts';
import { attributesIn, fill, whyNotFillable } from './wording.ts';

export interface CampaignServiceDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly store: CampaignStore;
  readonly attributes: Pick<UserAttributes, 'known'>;
  readonly lists: Pick<UserLists, 'find'>;
  readonly words: Pick<SensitiveWords, 'contains' | 'mask'>;
  readonly sender: Pick<SliceSender, 'wordFor'>;
  readonly pushes: Pick<Pushes, 'tell'>;
}

export interface NewCampaign {
  readonly name: string;
  readonly madeBy: string;
  readonly rate: number;
  readonly plan: Plan;
}

/** Whose request it is, and what they call it. */
export interface OnceBy {
  readonly userId: number;
  readonly key: string;
}

export const orders = ['start', 'pause', 'resume', 'stop'] as const;
export type Order = (typeof orders)[number];

export interface Report {
  readonly campaign: Campaign;
  readonly counts: readonly Count[];
}

/** From where each order leads where. */
const moves: Readonly<
  Record<Order, { readonly from: readonly CampaignState[]; readonly to: CampaignState }>
> = {
  start: { from: ['draft'], to: 'active' },
  pause: { from: ['active'], to: 'paused' },
  resume: { from: ['paused'], to: 'active' },
  stop: { from: ['draft', 'active', 'paused'], to: 'stopped' },
};

/** Attributes that texts may name: as many as a user has. */
const mostNamed = 100;

/** Planning of many takes its time, and is to be done when it is due. */
const planAheadMs = 600_000;

/** The account is gone, or there never was one. */
const nobody: Outcome = { state: 'skipped', reason: 'gone' };

type Also = (sql: Sql) => Promise<void>;

export class CampaignService {
  readonly #deps: CampaignServiceDeps;

  constructor(deps: CampaignServiceDeps) {
    this.#deps = deps;
  }

  /** A draft. Everything that can be wrong with it is found now, not when it is sent. `also`: what else is written in that transaction. */
  async create(
    campaign: NewCampaign,
    also: Also,
    once?: OnceBy,
  ): Promise<{ readonly report: Report; readonly isNew: boolean }> {
    const { database, store } = this.#deps;
    await this.#check(campaign.plan);
    const make = async (sql: Sql): Promise<number> => {
      await also(sql);
      return store.add(sql, campaign);
    };
    const { id, isNew } = once
      ? await makeOnce(database, { ...once, what: 'campaign', asked: campaign }, make, () => {
          throw new Refusal('idempotencyKeyReused');
        })
      : { id: await database.transaction(make), isNew: true };
    return { report: await this.report(id), isNew };
  }

  async report(id: number): Promise<Report> {
    const campaign = await this.#deps.store.find(id);
    if (!campaign) throw new Refusal('campaignUnknown', { code: 404 });
    const counts = await countsOf(this.#deps.database.sql, [id]);
    return { campaign, counts };
  }

  /** The newest first. */
  async before(id: number, limit: number): Promise<Report[]> {
    const campaigns = await this.#deps.store.before(id, limit);
    const counts = await countsOf(
      this.#deps.database.sql,
      campaigns.map((one) => one.id),
    );
    return campaigns.map((campaign) => ({
      campaign,
      counts: counts.filter(({ campaignId }) => campaignId === campaign.id),
    }));
  }

  /** How many it would be for now. */
  async count(segment: Segment): Promise<number> {
    await this.#checkSegment(segment);
    return countMembers(this.#deps.database.sql, segment, Date.now());
  }

  async order(id: number, order: Order, also: Also): Promise<Report> {
    const { database, store } = this.#deps;
    await database.transaction(async (sql) => {
      const campaign = await store.findForUpdate(sql, id);
      if (!campaign) throw new Refusal('campaignUnknown', { code: 404 });
      const { from, to } = moves[order];
      if (!from.includes(campaign.state))
        throw new Refusal('campaignState', { values: { state: campaign.state } });
      // Words may have been forbidden since it was made, and its time be over.
      if (order === 'start') {
        this.#assertSayable(campaign.plan);
        checkSchedule(campaign.plan.schedule);
      }
      const now = Date.now();
      await also(sql);
      await store.move(sql, id, {
        state: to,
        ...(order === 'start' && { startedTime: now, planAt: planTime(campaign.plan.schedule, now) }),
        // Not what was left of the time of whoever planned it then; they write nothing more.
        ...(order === 'resume' &&
          campaign.plannedTime === null && { planAt: planTime(campaign.plan.schedule, now) }),
        ...(order === 'stop' && { finishedTime: now }),
      });
    });
    return this.report(id);
  }

  /** To those few at once, as they would be told of one variant; it counts nowhere. */
  async test(
    id: number,
    { userIds, variant }: { readonly userIds: readonly number[]; readonly variant: number },
  ): Promise<Map<number, Outcome>> {
    const { store, sender, pushes } = this.#deps;
    const campaign = await store.find(id);
    if (!campaign) throw new Refusal('campaignUnknown', { code: 404 });
    const { variants } = campaign.plan;
    if (!variants[variant]) throw wrong(`variant: there are ${variants.length}, and they begin with 0`);
    const plan = { ...campaign.plan, quietHours: null };
    const receivers = [...new Set(userIds)].map((userId) => ({ userId, variant }));
    const { told, quiet } = await sender.wordFor({ plan }, receivers);
    const round = `test-${Date.now().toString(36)}`;
    const outcomes = await pushes.tell({ campaignId: id, url: plan.url, round }, told);
    for (const userId of quiet) outcomes.set(userId, { state: 'skipped', reason: 'quiet' });
    return new Map(receivers.map(({ userId }) => [userId, outcomes.get(userId) ?? nobody]));
  }

  async #check({ segment, variants, language, timeZone, schedule }: Plan): Promise<void> {
    await this.#checkSegment(segment);
    const shares = variants.reduce((sum, { share }) => sum + share, 0);
    const names = new Set(variants.map(({ name }) => name));
    if (names.size < variants.length) throw wrong('variants: two have the same name');
    if (shares !== 100) throw wrong(`variants: their shares come to ${shares}; expected 100`);
    if (timeZoneOf(timeZone) === undefined) throw wrong(`timeZone: there is no ${timeZone}`);
    checkSchedule(schedule);
    this.#assertSayable({ variants });
    const named = attributesIn(variants);
    // Each is looked for by itself.
    if (named.length > mostNamed)
      throw wrong(`variants: their texts name ${named.length} attributes; expected ${mostNamed} at most`);
    const known = await this.#deps.attributes.known(named);
    for (const { name, texts } of variants) {
      if (!Object.hasOwn(texts, language))
        throw wrong(`variants: ${name} has no text in ${language}, which all have who understand no other`);
      for (const [of, { title, body }] of Object.entries(texts)) {
        const why = whyNotFillable(title, known) ?? whyNotFillable(body, known);
        if (why !== undefined) throw wrong(`variants: ${name}, ${of}: ${why}`);
      }
    }
  }

  /** Forbidden words are refused here, not masked as in a message: whoever writes to many can write it again. */
  #assertSayable({ variants }: Pick<Plan, 'variants'>): void {
    const { words } = this.#deps;
    for (const { name, texts } of variants)
      for (const [language, wording] of Object.entries(texts)) {
        const filled = fill(wording, {});
        for (const part of ['title', 'body'] as const)
          if (words.contains(filled[part]))
            throw wrong(
              `variants: ${name}, ${language}: its ${part} has a forbidden word: ${words.mask(filled[part])}`,
            );
      }
  }

  async #checkSegment(segment: Segment): Promise<void> {
    if (segment.listId !== undefined && !(await this.#deps.lists.find(segment.listId)))
      throw wrong('segment: there is no such list');
  }
}

function checkSchedule(schedule: Schedule): void {
  if (!schedule) return;
  if ('at' in schedule) {
    if (schedule.at < Date.now()) throw wrong('schedule: it is over');
    return;
  }
  const wall = wallTime(schedule.localDate, schedule.localTime);
  if (wall === undefined) throw wrong('schedule: there is no such date');
  if (wall - mostAheadMs < Date.now()) throw wrong('schedule: somewhere that time is over');
}

function planTime(schedule: Schedule, now: number): number {
  if (!schedule) return now;
  const earliest =
    'at' in schedule ? schedule.at : (wallTime(schedule.localDate, schedule.localTime) ?? now) - mostAheadMs;
  return Math.max(now, earliest - planAheadMs);
}

function wrong(what: string): Refusal {
  return new Refusal('malformed', { values: { what } });
}
