import type { components } from 'im-chat';
import { a } from './texts.ts';

type Campaign = components['schemas']['Campaign'];
type Text = Campaign['variants'][number]['texts'][string];

interface NewCampaign extends Pick<Campaign, 'name' | 'segment' | 'language'> {
  readonly variants: { name: string; share: number; texts: Record<string, Text> }[];
  readonly timeZone: string;
  readonly schedule?: { readonly at: string } | { readonly localDate: string; readonly localTime: string };
  readonly quietHours?: { readonly from: string; readonly to: string };
  readonly cap?: { readonly times: number; readonly days: number };
  readonly url?: string;
  readonly ratePerSecond?: number;
}

export type Order = 'start' | 'pause' | 'resume' | 'stop';
type Field = number | '';

interface VariantForm {
  share: number;
  /** One for each language. */
  texts: { readonly language: string; title: string; body: string }[];
}

/** What the form has, as it stands in its fields. */
export interface CampaignForm {
  name: string;
  to: 'everybody' | 'some';
  tags: string;
  /** A line for each: `city: Paris, Rome`. */
  attributes: string;
  seen: Field;
  notSeen: Field;
  listId: string;
  /** The first one is for those who understand none of the others. */
  languages: string[];
  variants: VariantForm[];
  when: 'now' | 'at' | 'local';
  at: string;
  date: string;
  time: string;
  timeZone: string;
  quietFrom: string;
  quietTo: string;
  capTimes: Field;
  capDays: Field;
  url: string;
  rate: Field;
}

const mostVariants = 10;
const variantNames = 'ABCDEFGHIJ';

export function emptyCampaign(language: string): CampaignForm {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    ...{ name: '', to: 'everybody', tags: '', attributes: '', seen: '', notSeen: '', listId: '' },
    ...{ languages: [language], variants: [emptyVariant([language], 100)] },
    ...{ when: 'now', at: '', date: '', time: '', timeZone, quietFrom: '', quietTo: '' },
    ...{ capTimes: '', capDays: '', url: '', rate: '' },
  };
}

function emptyVariant(languages: readonly string[], share: number): VariantForm {
  return { share, texts: languages.map(emptyText) };
}

function emptyText(language: string): VariantForm['texts'][number] {
  return { language, title: '', body: '' };
}

export function variantName(index: number): string {
  return variantNames[index] ?? '';
}

export function mayHaveMore({ variants }: CampaignForm): boolean {
  return variants.length < mostVariants;
}

/** One more that is compared, all with the same share; what does not divide goes to the first. */
export function addVariant(form: CampaignForm): void {
  form.variants.push(emptyVariant(form.languages, 0));
  shareEqually(form);
}

export function removeVariant(form: CampaignForm): void {
  form.variants.pop();
  shareEqually(form);
}

function shareEqually({ variants }: CampaignForm): void {
  const each = Math.floor(100 / variants.length);
  for (const variant of variants) variant.share = each;
  const [first] = variants;
  if (first) first.share += 100 - each * variants.length;
}

export function addLanguage(form: CampaignForm, language: string): void {
  if (form.languages.includes(language)) return;
  form.languages.push(language);
  for (const { texts } of form.variants) texts.push(emptyText(language));
}

export function removeLanguage(form: CampaignForm, language: string): void {
  form.languages = form.languages.filter((one) => one !== language);
  for (const variant of form.variants)
    variant.texts = variant.texts.filter((text) => text.language !== language);
}

export function segmentOf(form: CampaignForm): NewCampaign['segment'] {
  if (form.to === 'everybody') return { everybody: true };
  const tags = wordsIn(form.tags);
  const attributes = attributesIn(form.attributes);
  return {
    ...(tags.length > 0 && { tags }),
    ...(Object.keys(attributes).length > 0 && { attributes }),
    ...(form.seen !== '' && { seenWithinDays: form.seen }),
    ...(form.notSeen !== '' && { notSeenForDays: form.notSeen }),
    ...(form.listId !== '' && { listId: form.listId }),
  };
}

function attributesIn(text: string): Record<string, string[]> {
  const attributes = new Map<string, string[]>();
  for (const line of text.split('\n').filter((one) => one.trim() !== '')) {
    const [, before = '', values = ''] = /^([^:：]*)[:：](.*)$/.exec(line) ?? [];
    const [name, all] = [before.trim(), values.split(/[,，]/).map((value) => value.trim())];
    if (name === '' || all.includes('')) throw new Error(a('attributeWrong', { line }));
    attributes.set(name, [...(attributes.get(name) ?? []), ...all]);
  }
  return Object.fromEntries(attributes);
}

function wordsIn(text: string): string[] {
  return text.split(/[,，\s]+/).filter((word) => word !== '');
}

/** Of what is none, so that one sees what it is: a file that is no list may be one word. */
const mostOfId = 40;

/** Ids that somebody has uploaded, with whatever between them. */
export function idsIn(text: string): string[] {
  const ids = [...new Set(text.split(/[,，;\s]+/).filter((word) => word !== ''))];
  const wrong = ids.find((id) => !/^[1-9]\d{0,15}$/.test(id));
  if (wrong !== undefined) throw new Error(a('idWrong', { id: wrong.slice(0, mostOfId) }));
  if (ids.length === 0) throw new Error(a('noIds'));
  return ids;
}

export function campaignBody(form: CampaignForm): NewCampaign {
  const { name, languages, variants, timeZone, quietFrom, quietTo, capTimes, capDays, url, rate } = form;
  const schedule = scheduleOf(form);
  return {
    ...{ name, segment: segmentOf(form), language: languages[0] ?? '', timeZone },
    variants: variants.map(({ share, texts }, index) => ({
      ...{ name: variantName(index), share },
      texts: Object.fromEntries(texts.map(({ language, title, body }) => [language, { title, body }])),
    })),
    ...(schedule && { schedule }),
    ...(quietFrom !== '' && quietTo !== '' && { quietHours: { from: quietFrom, to: quietTo } }),
    ...(capTimes !== '' && capDays !== '' && { cap: { times: capTimes, days: capDays } }),
    ...(url !== '' && { url }),
    ...(rate !== '' && { ratePerSecond: rate }),
  };
}

function scheduleOf({ when, at, date, time }: CampaignForm): NewCampaign['schedule'] {
  if (when === 'at') return { at: new Date(at).toISOString() };
  return when === 'local' ? { localDate: date, localTime: time } : undefined;
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
