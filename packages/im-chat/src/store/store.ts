import type { ConversationSummary } from '../model/conversation-summary.ts';
import type { StoredMessage } from '../model/message.ts';
import type { OutboxItem } from '../model/outbox-item.ts';
import type { PendingChange } from '../model/pending-change.ts';

/** What is remembered of a conversation's messages: all with these numbers, the newest that were seen. */
export interface Span {
  readonly conversationId: string;
  readonly from: number;
  readonly to: number;
  readonly first: number;
  readonly last: number;
}

/** What is in each table. Messages are found by conversation and number, all else by one name. */
export interface Tables {
  readonly conversations: ConversationSummary;
  readonly messages: StoredMessage;
  readonly spans: Span;
  readonly outbox: OutboxItem;
  /** What was done here and is not at the platform yet. */
  readonly changes: PendingChange;
  /** How far this device has synchronised, and the like. */
  readonly state: string;
}

export type Table = keyof Tables;
export type Key = string | readonly [conversationId: string, number: number];

/** One step of a write. Without a value it removes. */
export type Change =
  | { [Name in Table]: { readonly table: Name; readonly key: Key; readonly value?: Tables[Name] } }[Table]
  /** Messages with numbers below this one. */
  | { readonly table: 'messages'; readonly conversationId: string; readonly below: number };

/** What a chat keeps on this device, for one user. */
export interface UserStore {
  get<Name extends Table>(table: Name, key: Key): Promise<Tables[Name] | undefined>;
  all<Name extends Table>(table: Name): Promise<Tables[Name][]>;
  /** Messages of a conversation with these numbers, in their order. */
  messages(conversationId: string, from: number, to: number): Promise<StoredMessage[]>;
  /** All of it or nothing. */
  write(changes: readonly Change[]): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
  close(): void;
}

/** Where chats keep things. */
export interface ChatStore {
  /** Whether tabs of one browser see the same: then only one of them sends what is in the outbox. */
  readonly isShared: boolean;
  /** The part of one user: nobody else sees it. */
  open(userId: string): Promise<UserStore>;
}
