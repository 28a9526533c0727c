import type { Line } from '../conversations/conversation-rows.ts';
import type { Sql } from '../db/database.ts';
import type { Query } from '../db/together.ts';
import type { ConversationNow } from '../wire/pushed-state.ts';

/** What the log gives to a message. */
export interface Place {
  /** Rises with the order of commits in the conversation's lane. */
  readonly id: number;
  /** 1, 2, 3 … within the conversation. */
  readonly number: number;
  readonly sendTime: number;
}

/** What a transaction of the log is known by. */
export interface Moment {
  readonly sendTime: number;
  /** Of all that it changes in conversations; higher than those before it in the lane. */
  readonly stamp: number;
}

/** What is decided about a draft, with the database as it is within the transaction. */
export type Judgement<Message> =
  | { readonly refused: Error }
  /** It was sent before: that is its result, and nothing is stored or pushed. */
  | { readonly repeated: Message }
  | { readonly toMessage: (place: Place) => Message };

/** Pushes one message. Resolves when it is on the bus; what fails is tried again by the sweeper. */
export type Push = () => Promise<void>;

/** How private and group messages differ in what is stored. */
export interface StoredKind<Draft, Message> {
  readonly name: 'private' | 'group';
  conversationOf(draft: Draft): string;
  /**
   * One judgement for each draft, in their order. Two drafts of one batch are never repeats of each other. What it asks at once
   * (db/together.ts) goes to the database with what else the transaction begins with.
   */
  judge(sql: Sql, drafts: readonly Draft[]): Promise<readonly Judgement<Message>[]>;
  /** Names what may be stored once only; undefined: as often as it is sent. */
  identityOf(draft: Draft): string | undefined;
  /** What stores them, in this order. Asked with the commit, so nothing can be made of its answers. */
  toStore(sql: Sql, stored: readonly { readonly message: Message; readonly draft: Draft }[]): Query[];
  /** What the conversation keeps of the message. */
  lineOf(message: Message): Line;
}

/** What of the judgement is found out where users are, before the message comes to a lane that is elsewhere. */
export interface JudgedAhead<Draft> {
  /** The drafts with what was found out. */
  judge(sql: Sql, drafts: readonly Draft[]): Promise<readonly Draft[]>;
  /** Why it is refused; undefined: it is not. */
  refusalOf(draft: Draft): Error | undefined;
  /** The same, of which there is one: by what makes it the same already, or else by this name. */
  once(draft: Draft, name: string): Draft;
  /** Where orders of a conversation are carried out one after the other, and before what is said later: what each is. Absent: each stands by itself. */
  readonly inTurn?: (draft: Draft) => LogEntry<Draft> | LaneChange;
}

/** A change of a lane that no message tells of. It may be done again. */
export interface LaneChange {
  readonly change: (sql: Sql) => Promise<void>;
}

/** And in how they are pushed. */
export interface LogKind<Draft, Message> extends StoredKind<Draft, Message> {
  /** Finds out who is to get the message. Pushes are called in the order of messages. */
  preparePush(message: Message, draft: Draft, state: ConversationNow): Push | Promise<Push>;
}

export interface LogEntry<Draft> {
  readonly draft: Draft;
  /**
   * Runs in the same transaction, before the draft is judged, and again should the database ask for that. What it throws
   * undoes it and refuses this entry. What it returns takes the place of what the entry says; its conversation stays.
   */
  readonly within?: ((sql: Sql, moment: Moment) => Promise<void> | Promise<Decided<Draft>>) | undefined;
  /**
   * What the message follows from, in the first database, where users and friends are: before `within`, in the same transaction if the lane is
   * there as well, and else in one of its own, with an order to store the message (lane-orders.ts). As `within` in all else.
   */
  readonly cause?: ((sql: Sql, time: number) => Promise<void> | Promise<Decided<Draft>>) | undefined;
  /** What follows from the message there: after `within`, in the same transaction or in the next one. It may be done again. */
  readonly follows?: ((sql: Sql) => Promise<void>) | undefined;
  /** Pushes that belong right before and right after the message's own. */
  readonly ahead?: Push | undefined;
  readonly after?: Push | undefined;
}

/** A message that tells of something that is done elsewhere, and that nobody waits for. */
export type Announcement<Draft> = Pick<LogEntry<Draft>, 'draft' | 'cause' | 'within' | 'ahead'>;

/** Whether it changes more than the log, and so goes alone: when it is refused, its transaction is undone. */
export function changesMore({ cause, within, follows }: LogEntry<unknown>): boolean {
  return (cause ?? within ?? follows) !== undefined;
}

/** Thrown by `within` or `cause`: somebody was faster, and there is nothing to tell. */
export class NothingChanges extends Error {}

/** What of an entry is known only within its transaction. */
export interface Decided<Draft> extends Pick<LogEntry<Draft>, 'ahead' | 'after'> {
  readonly draft?: Partial<Draft>;
}

/** What notes, in the transaction that stores them, that others are to be told of these messages; nothing while nobody is. */
export type TellOf<Message, Draft> = (
  sql: Sql,
  stored: readonly { readonly message: Message; readonly draft: Draft }[],
) => Query[];

/** What is kept in mind of stored messages while they are pushed. */
export interface Handover<Message> {
  /** Before their pushes begin. */
  begin(messages: readonly Message[]): void;
  /** They are on the bus, or given up. That is the highest id that was there by then. */
  end(messages: readonly Message[], highest: number): Promise<void>;
  /** Nobody knows the highest id: the sweeper is to look after them. */
  giveUp(messages: readonly Message[]): void;
}
