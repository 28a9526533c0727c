import { createHash } from 'node:crypto';
import type { Segment } from './segment.ts';

export const campaignStates = ['draft', 'active', 'paused', 'stopped', 'done'] as const;
export type CampaignState = (typeof campaignStates)[number];

/** What is said, in one language; `{{nickName}}` and `{{city|your town}}` are filled in. */
export interface Wording {
  readonly title: string;
  readonly body: string;
}

/** One of several that are compared. */
export interface Variant {
  readonly name: string;
  /** Of a hundred. */
  readonly share: number;
  /** By languages as `zh` and `zh-TW`. */
  readonly texts: Readonly<Record<string, Wording>>;
}

/** At which instant, or when the receivers' clocks say so. */
export type Schedule =
  { readonly at: number } | { readonly localDate: string; readonly localTime: string } | null;

/** What it says, to whom and when. */
export interface Plan {
  readonly segment: Segment;
  readonly variants: readonly Variant[];
  /** Of those who understand none of the others. */
  readonly language: string;
  /** Null: as soon as it is started. */
  readonly schedule: Schedule;
  /** Of those of whom none is known. */
  readonly timeZone: string;
  /** Minutes since midnight at the receiver's: nobody is told between them. */
  readonly quietHours: { readonly from: number; readonly to: number } | null;
  /** Nobody is told of more campaigns than that in so many days. */
  readonly cap: { readonly times: number; readonly days: number } | null;
  /** Where it leads. */
  readonly url: string | null;
}

export interface Campaign {
  readonly id: number;
  readonly name: string;
  readonly state: CampaignState;
  readonly madeBy: string;
  readonly plan: Plan;
  readonly rate: number;
  readonly createdTime: number;
  readonly startedTime: number | null;
  readonly finishedTime: number | null;
  readonly planAt: number | null;
  readonly plannedTo: number;
  readonly slices: number;
  readonly plannedTime: number | null;
  /** When its next slice may begin. */
  readonly paceTime: number;
}

export type ReceiverState = 'waiting' | 'sent' | 'delivered' | 'opened' | 'failed' | 'skipped';

/** What became of one receiver. */
export interface Fate {
  readonly state: ReceiverState;
  /** Why not; empty when there is nothing to explain. */
  readonly reason: string;
}

/** Whatever pushes it, and however often, it is this message to a device. */
export function collapseKeyOf(campaignId: number, userId: number): string {
  return createHash('sha256').update(`campaign ${campaignId} ${userId}`).digest('base64url').slice(0, 32);
}
