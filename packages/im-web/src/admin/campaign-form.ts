import type { components } from 'im-chat';
import { a } from './texts.ts';

type Campaign = components['schemas']['Campaign'];
type Text = Pick<CampaignForm, 'title' | 'body'>;

interface NewCampaign extends Pick<Campaign, 'name' | 'segment' | 'language'> {
  readonly variants: { name: string; share: number; texts: Record<string, Text> }[];
  readonly url?: string;
  readonly ratePerSecond?: number;
}

export type Order = 'start' | 'pause' | 'resume' | 'stop';

/** What the form has, as it stands in its fields. */
export interface CampaignForm {
  name: string;
  to: 'everybody' | 'tags' | 'seen';
  tags: string;
  days: number | '';
  title: string;
  body: string;
  hasSecond: boolean;
  secondTitle: string;
  secondBody: string;
  url: string;
  rate: number | '';
}

export function emptyCampaign(): CampaignForm {
  return {
    ...{ name: '', to: 'everybody', tags: '', days: 30, title: '', body: '' },
    ...{ hasSecond: false, secondTitle: '', secondBody: '', url: '', rate: '' },
  };
}

export function segmentOf({ to, tags, days }: CampaignForm): NewCampaign['segment'] {
  if (to === 'everybody') return { everybody: true };
  if (to === 'seen') return { seenWithinDays: Number(days) };
  return { tags: tags.split(/[,，\s]+/).filter((tag) => tag !== '') };
}

/** Its texts are in the language of the page, and everybody gets them in it. */
export function campaignBody(given: CampaignForm, language: string): NewCampaign {
  const first = { title: given.title, body: given.body };
  const second = { title: given.secondTitle, body: given.secondBody };
  const variants = given.hasSecond
    ? [
        { name: 'A', share: 50, texts: { [language]: first } },
        { name: 'B', share: 50, texts: { [language]: second } },
      ]
    : [{ name: 'A', share: 100, texts: { [language]: first } }];
  return {
    ...{ name: given.name, segment: segmentOf(given), variants, language },
    ...(given.url !== '' && { url: given.url }),
    ...(given.rate !== '' && { ratePerSecond: given.rate }),
  };
}

const orders: Readonly<Partial<Record<Campaign['state'], readonly Order[]>>> = {
  draft: ['start', 'stop'],
  scheduled: ['pause', 'stop'],
  planning: ['pause', 'stop'],
  running: ['pause', 'stop'],
  paused: ['resume', 'stop'],
};

export function ordersOf(state: Campaign['state']): readonly Order[] {
  return orders[state] ?? [];
}

/** For whom it is, in words. */
export function whoOf({ everybody, ...conditions }: Campaign['segment']): string {
  if (everybody) return a('to_everybody');
  return Object.entries(conditions)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}
