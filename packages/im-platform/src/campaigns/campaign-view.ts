import { z } from 'zod';
import { idOf, idText, moment, time, toTime } from '../api/values.ts';
import type { Campaign, Plan } from './campaign.ts';
import { orders, type NewCampaign, type Report } from './campaign-service.ts';
import type { Count } from './counts.ts';
import type { UserList } from './user-lists.ts';
import { winnerOf } from './winner.ts';

// How `/v1` shows campaigns and takes them, to admins and other back ends alike.

export const attributeName = z
  .string()
  .regex(/^[A-Za-z][\w.-]{0,31}$/, 'expected a letter, and up to 31 letters, digits and _ . -');
export const attributeValue = z.string().min(1).max(64);
const languageTag = z.string().regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'expected a language, as zh or zh-TW');
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time, as 10:00');

/** Each is asked of everybody who may be meant. */
function hasUpToTen(given: object): boolean {
  const count = Object.keys(given).length;
  return count > 0 && count <= 10;
}

export const segment = z
  .strictObject({
    everybody: z.literal(true).optional(),
    tags: z.array(attributeName).min(1).max(10).optional(),
    attributes: z
      .record(attributeName, z.array(attributeValue).min(1).max(50))
      .refine(hasUpToTen, 'expected one to ten attributes; of none, everybody would be meant')
      .optional()
      .meta({ description: 'Each of them is one of those' }),
    seenWithinDays: z.int().min(1).max(3_650).optional(),
    notSeenForDays: z
      .int()
      .min(1)
      .max(3_650)
      .optional()
      .meta({ description: 'Also those who were never seen' }),
    listId: idOf('Of a list of ids that was uploaded', '1').optional(),
  })
  .refine(
    (given) => Object.values(given).some((one) => one !== undefined),
    'expected a condition, or everybody',
  )
  .meta({ id: 'Segment', description: 'Those for whom all of it holds' });

const wording = z.strictObject({
  title: z.string().trim().min(1).max(100),
  body: z.string().trim().min(1).max(500),
});

const variant = z.strictObject({
  name: z.string().trim().min(1).max(32),
  share: z.int().min(1).max(100).meta({ description: 'Of a hundred' }),
  texts: z.record(languageTag, wording).meta({
    description:
      'By language. `{{nickName}}`, `{{userName}}` and `{{attribute|for those who have none}}` are filled in',
  }),
});

const schedule = z.union([
  z.strictObject({ at: moment('For all at once') }),
  z.strictObject({
    localDate: z.iso.date(),
    localTime: clock.meta({ description: 'When the clock of each receiver shows it' }),
  }),
]);

export const newCampaign = z
  .strictObject({
    name: z.string().trim().min(1).max(64),
    segment,
    variants: z.array(variant).min(1).max(10),
    language: languageTag.meta({ description: 'Of those who understand none of the others' }),
    schedule: schedule.optional().meta({ description: 'Absent: as soon as it is started' }),
    timeZone: z
      .string()
      .max(64)
      .optional()
      .meta({ description: 'Of those whose own is not known; UTC if it is not said' }),
    quietHours: z
      .strictObject({ from: clock, to: clock })
      .refine(({ from, to }) => from !== to, 'expected two different times; nobody would be spared')
      .optional()
      .meta({ description: 'By the clock of each receiver. Whoever is due between them is skipped' }),
    cap: z
      .strictObject({ times: z.int().min(1).max(100), days: z.int().min(1).max(90) })
      .optional()
      .meta({ description: 'Whoever was told of so many other campaigns within the days is skipped' }),
    ratePerSecond: z.int().min(1).max(1_000_000).optional(),
    url: z
      .url({ protocol: /^https$/ })
      .max(500)
      .optional()
      .meta({ description: 'Where it leads' }),
  })
  .meta({
    example: {
      ...{ name: 'Spring', segment: { everybody: true }, language: 'en' },
      variants: [
        { name: 'A', share: 100, texts: { en: { title: 'Hello {{nickName}}', body: 'It is spring.' } } },
      ],
    },
  });

const counted = z.object({
  planned: z.int(),
  waiting: z.int(),
  sent: z
    .int()
    .meta({ description: 'Given to a device or its service: also those who have it and have opened it' }),
  delivered: z.int().meta({ description: 'A device has proved it: also those who have opened it' }),
  opened: z.int(),
  failed: z.record(z.string(), z.int()).meta({ description: 'By reason' }),
  skipped: z.record(z.string(), z.int()).meta({ description: 'By reason: cap, quiet, no-device, gone' }),
});

const shownSchedule = z.union([
  z.object({ at: time }),
  z.object({ localDate: z.string(), localTime: z.string() }),
]);

export const campaign = z
  .object({
    id: idText('Of the campaign'),
    name: z.string(),
    state: z.enum(['draft', 'scheduled', 'planning', 'running', 'paused', 'stopped', 'done']),
    madeBy: z.string().meta({ description: '`admin:7`, or `key:…`' }),
    segment: z.object({
      everybody: z.literal(true).optional(),
      tags: z.array(z.string()).optional(),
      attributes: z.record(z.string(), z.array(z.string())).optional(),
      seenWithinDays: z.int().optional(),
      notSeenForDays: z.int().optional(),
      listId: z.string().optional(),
    }),
    variants: z.array(
      z.object({
        name: z.string(),
        share: z.int(),
        texts: z.record(z.string(), z.object({ title: z.string(), body: z.string() })),
        report: counted,
      }),
    ),
    language: z.string(),
    schedule: shownSchedule.nullable(),
    timeZone: z.string(),
    quietHours: z.object({ from: z.string(), to: z.string() }).nullable(),
    cap: z.object({ times: z.int(), days: z.int() }).nullable(),
    ratePerSecond: z.int(),
    url: z.string().nullable(),
    report: counted,
    winner: z
      .object({
        variant: z.string().meta({ description: 'By its name' }),
        isSure: z
          .boolean()
          .meta({ description: 'Whether it is more than chance, so that 95 of 100 such are right' }),
      })
      .nullable()
      .meta({
        description:
          'The variant that most of those have opened who were told; null: there is one, or none is ahead',
      }),
    createdAt: time,
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Campaign' });

export const order = z.strictObject({ order: z.enum(orders) }).meta({ example: { order: 'start' } });
export const audience = z.object({ users: z.int().meta({ description: 'How many it would be for now' }) });

export const userList = z
  .object({ id: idText('Of the list'), name: z.string(), createdAt: time })
  .meta({ id: 'UserList' });

/** So many in a request; more are added by the next ones. */
export const userIds = z.array(idOf('Of a user', '1')).min(1).max(10_000);
export const ofCampaign = z.object({ campaignId: idOf('Of the campaign', '1') });
export const ofList = z.object({ listId: idOf('Of the list', '1') });

export function toNewCampaign(
  given: z.output<typeof newCampaign>,
  { madeBy, mostRate }: { readonly madeBy: string; readonly mostRate: number },
): NewCampaign {
  const { name, segment: whom, variants, language, timeZone = 'UTC', quietHours, cap, url } = given;
  const plan: Plan = {
    ...{ segment: whom, variants, language, timeZone, schedule: given.schedule ?? null },
    quietHours: quietHours ? { from: toMinutes(quietHours.from), to: toMinutes(quietHours.to) } : null,
    ...{ cap: cap ?? null, url: url ?? null },
  };
  return { name, madeBy, plan, rate: Math.min(given.ratePerSecond ?? mostRate, mostRate) };
}

export function toCampaign({ campaign: row, counts }: Report): z.input<typeof campaign> {
  const { plan } = row;
  const { segment: whom, schedule: when, quietHours: quiet } = plan;
  const variants = plan.variants.map((one, index) => ({
    ...one,
    report: sumsOf(counts.filter((count) => count.variant === index)),
  }));
  return {
    ...{
      id: String(row.id),
      name: row.name,
      state: stateOf(row),
      madeBy: row.madeBy,
      ratePerSecond: row.rate,
    },
    segment: { ...whom, listId: whom.listId === undefined ? undefined : String(whom.listId) } as z.input<
      typeof campaign
    >['segment'],
    variants,
    winner: winnerOf(variants.map(({ name, report }) => ({ name, ...report }))),
    ...{ language: plan.language, timeZone: plan.timeZone, cap: plan.cap, url: plan.url },
    schedule: when && ('at' in when ? { at: toTime(when.at) } : when),
    quietHours: quiet && { from: toClock(quiet.from), to: toClock(quiet.to) },
    ...{ report: sumsOf(counts), createdAt: toTime(row.createdTime) },
    ...{ startedAt: orNull(row.startedTime), finishedAt: orNull(row.finishedTime) },
  };
}

export function toUserList({ id, name, createdTime }: UserList): z.input<typeof userList> {
  return { id: String(id), name, createdAt: toTime(createdTime) };
}

function stateOf({ state, planAt, plannedTime, slices }: Campaign): z.input<typeof campaign>['state'] {
  if (state !== 'active') return state;
  if (plannedTime !== null) return 'running';
  return slices === 0 && (planAt ?? 0) > Date.now() + 60_000 ? 'scheduled' : 'planning';
}

/** Of rows that are each of one fate: whoever has opened it was also sent it. */
function sumsOf(counts: readonly Count[]): z.input<typeof counted> {
  const of = (...states: readonly Count['state'][]): number =>
    counts.filter(({ state }) => states.includes(state)).reduce((sum, { receivers }) => sum + receivers, 0);
  return {
    planned: counts.reduce((sum, { receivers }) => sum + receivers, 0),
    waiting: of('waiting'),
    sent: of('sent', 'delivered', 'opened'),
    delivered: of('delivered', 'opened'),
    opened: of('opened'),
    failed: byReason(counts, 'failed'),
    skipped: byReason(counts, 'skipped'),
  };
}

function byReason(counts: readonly Count[], state: Count['state']): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { reason, receivers } of counts.filter((one) => one.state === state))
    sums[reason] = (sums[reason] ?? 0) + receivers;
  return sums;
}

function toMinutes(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

function toClock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function orNull(epochMs: number | null): string | null {
  return epochMs === null ? null : toTime(epochMs);
}
