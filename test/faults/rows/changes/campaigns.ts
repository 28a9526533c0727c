import { waitUntil } from '../../../support/wait-until.ts';
import type { Judge, Kind } from './kind.ts';
import { ann, type Change, type Stage } from './stage.ts';

/** Of some campaigns: three slices at the rate of those that are slow. */
const few = 60;

interface CampaignRow {
  readonly state: string;
  readonly plannedTime: number | null;
}

const done = ['done', ({ state }: CampaignRow) => state === 'done'] as const;

export class Campaigns implements Kind {
  readonly #stage: Stage;
  readonly #round: number;
  readonly #ids: Record<string, string> = {};
  #listId = '';

  constructor(stage: Stage, round: number) {
    this.#stage = stage;
    this.#round = round;
  }

  async prepare(): Promise<void> {
    const segment = { listId: await this.#list(`few ${this.#round}`) };
    const body = { userIds: idsTo(few) };
    const path = `/admin/campaign-lists/${segment.listId}/users`;
    await this.#stage.must({ userId: ann, path, body });
    await this.#create('opened', { segment });
    await this.#order('opened', 'start');
    await this.#is('opened', ...done);
    await this.#tellAll('opened');
    // Those that are ended are to be under way still.
    const slowly = { ratePerSecond: 20 };
    await this.#create('planned');
    for (const name of ['stopped', 'paused']) await this.#create(name, slowly);
    await this.#order('stopped', 'start');
    await this.#order('paused', 'start');
    this.#listId = await this.#list(`round ${this.#round}`);

    await this.#create('resumed', { segment, ...slowly });
    await this.#order('resumed', 'start');
    await this.#is('resumed', 'planned', ({ plannedTime }) => plannedTime !== null);
    await this.#order('resumed', 'pause');
  }

  changes(): readonly Change[] {
    const userIds = idsTo(2_000);
    return [
      {
        ...{ path: '/admin/campaigns', key: `campaign-${this.#round}` },
        body: toAll(`new ${this.#round}`),
      },
      this.#ordered('planned', 'start'),
      this.#ordered('stopped', 'stop'),
      this.#ordered('paused', 'pause'),
      this.#ordered('resumed', 'resume'),
      { path: `/campaigns/${this.#ids['opened'] ?? ''}/opened` },
      { path: `/admin/campaign-lists/${this.#listId}/users`, body: { userIds } },
    ].map((change) => ({ userId: ann, ...change }));
  }

  async judge(judge: Judge): Promise<void> {
    const id = (name: string): number => Number(this.#ids[name]);
    await judge.rows('campaigns that were made', 'im_campaign', { name: `new ${this.#round}` });
    await judge.rows('stopped', 'im_campaign', { id: id('stopped'), state: 'stopped' });
    await judge.rows('paused', 'im_campaign', { id: id('paused'), state: 'paused' });
    await judge.rows('still paused', 'im_campaign', { id: id('resumed'), state: 'paused' }, 0);
    await judge.rows('in the list', 'im_campaign_list_user', { listId: Number(this.#listId) }, 2_000);
    const opened = { campaignId: id('opened'), state: 'opened' };
    await judge.rows('who opened it', 'im_campaign_receiver', { ...opened, userId: ann });
    await judge.rows('openings that are counted', 'im_campaign_count', { ...opened, receivers: 1 });
    // Whom they are for: each once, though planning and sending were cut off.
    for (const [name, receivers] of [
      ['planned', this.#stage.users],
      ['resumed', few],
    ] as const) {
      await this.#is(name, ...done);
      await judge.rows(`receivers, ${name}`, 'im_campaign_receiver', { campaignId: id(name) }, receivers);
    }
  }

  async #is(name: string, what: string, isSo: (row: CampaignRow) => boolean): Promise<void> {
    const { sql } = this.#stage.database;
    const id = Number(this.#ids[name]);
    await waitUntil(
      `the campaign ${id}, ${name}, is ${what}`,
      async () => isSo(await sql('im_campaign').where({ id }).first<CampaignRow>('state', 'plannedTime')),
      180_000,
    );
  }

  /** As if all had a device: there is no push service here. */
  async #tellAll(name: string): Promise<void> {
    const { sql } = this.#stage.database;
    const campaignId = Number(this.#ids[name]);
    const told = { state: 'sent', reason: '' };
    await sql('im_campaign_receiver').where({ campaignId }).update(told);
    await sql('im_campaign_count').where({ campaignId }).where('receivers', '>', 0).update(told);
  }

  async #create(name: string, differs: object = {}): Promise<void> {
    const body = { ...toAll(`${name} ${this.#round}`), ...differs };
    this.#ids[name] = (await this.#stage.must({ userId: ann, path: '/admin/campaigns', body })).id;
  }

  async #list(name: string): Promise<string> {
    return (await this.#stage.must({ userId: ann, path: '/admin/campaign-lists', body: { name } })).id;
  }

  async #order(name: string, order: string): Promise<void> {
    await this.#stage.must({ userId: ann, ...this.#ordered(name, order) });
  }

  #ordered(name: string, order: string): Omit<Change, 'userId'> {
    const path = `/admin/campaigns/${this.#ids[name] ?? ''}/orders`;
    return { path, body: { order }, also: ['CAMPAIGN_STATE'] };
  }
}

function idsTo(last: number): string[] {
  return Array.from({ length: last }, (_, index) => String(index + 1));
}

function toAll(name: string): object {
  return {
    ...{ name, segment: { everybody: true }, language: 'en' },
    variants: [{ name: 'A', share: 100, texts: { en: { title: 'Hello', body: 'News' } } }],
  };
}
