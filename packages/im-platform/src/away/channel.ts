import type { Language } from '../http/texts.ts';

// The port to whatever reaches devices that are away: web push, Apple's and Google's services, and those of applications' own.

/** Where a device is reached. */
export interface AwayRegistration {
  readonly userId: number;
  /** As the device has registered it: of web push its endpoint, elsewhere its token. */
  readonly address: string;
  /** What web push is encrypted with. */
  readonly secrets?: AwaySecrets | undefined;
  readonly language: Language;
}

export interface AwaySecrets {
  readonly p256dh: string;
  readonly auth: string;
}

/** What a device is told. Of one conversation the newest takes the place of those before. */
export type AwayNotification = AwayMessage | AwayWithdrawal | AwayCampaign;

interface About {
  readonly userId: string;
  readonly conversationId: string;
  /** The same for all that is said of a conversation to one user: what a service has not handed over yet, the next one replaces. At most 32 letters. */
  readonly collapseKey: string;
  /** What is unread in all conversations that are not muted. Absent: nobody knows now, as one of several databases is away. */
  readonly badge?: number;
}

export interface AwayMessage extends About {
  readonly is: 'message';
  /** Of the message in its conversation: a device that has a later one already shows that. */
  readonly number: number;
  /** In the language of the device; without what was said where its user does not want that shown. */
  readonly title: string;
  readonly body: string;
  /** What is unread in this conversation. */
  readonly unread: number;
}

/** Read elsewhere, or taken back: what is shown of the conversation goes. */
export interface AwayWithdrawal extends About {
  readonly is: 'withdrawal';
}

/** Something that is told to many (docs/campaigns.md); it belongs to no conversation. */
export interface AwayCampaign {
  readonly is: 'campaign';
  readonly userId: string;
  readonly campaignId: string;
  /** The same for all that is said of it to one user: told twice, it is shown once. */
  readonly collapseKey: string;
  readonly title: string;
  readonly body: string;
  /** Where it leads; null: nowhere. */
  readonly url: string | null;
}

export type AwayOutcome =
  /** The service has it. */
  | { readonly is: 'sent' }
  /** Nobody is reached there any more: the registration is removed. */
  | { readonly is: 'gone'; readonly reason: string }
  /** To be tried again, for as long as it is news. */
  | { readonly is: 'later'; readonly reason: string; readonly afterMs?: number | undefined }
  /** The service does not take this one, and would not the next time. */
  | { readonly is: 'refused'; readonly reason: string };

export interface AwayChannel {
  /** Whether what a device has registered can be an address; otherwise what was expected. @default whatever it is */
  readonly whyNot?: (
    registration: Pick<AwayRegistration, 'address' | 'secrets'>,
  ) => string | undefined | Promise<string | undefined>;
  /** Whether several people are reached at one address at once, as in the tabs of a browser. @default false: who registers it last has it */
  readonly isShared?: boolean;
  /** What devices need to know before they register: of web push the public key. */
  readonly publicKey?: () => Promise<string>;
  /** What it throws is tried again later. */
  readonly send: (
    registration: AwayRegistration,
    notification: AwayNotification,
    options: { readonly signal: AbortSignal },
  ) => Promise<AwayOutcome>;
  readonly close?: () => void | Promise<void>;
}

/** By the names that devices register with. */
export type AwayChannels = Readonly<Record<string, AwayChannel>>;
