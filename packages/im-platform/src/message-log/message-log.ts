import type { Logger } from 'im-common';
import { isOutage } from '../outage.ts';
import { isUnavailable, type Database, type Sql } from '../db/database.ts';
import { lockCounters, storeCounters } from './counters.ts';
import { openOrderLock, type OrderLock } from './order-lock.ts';

// Every message of a kind, of all instances, goes through one log, because its readers need more than a table gives:
// ids that rise in the order in which rows become visible (a device that has seen 7 never asks for 6 again), numbers
// without holes in each conversation, and pushes in the same order. So an instance takes the lock of the log, stores
// the messages that wait in one transaction, pushes them, and releases the lock. Its cost is shared: under load a
// transaction carries hundreds of messages, and each question to the database is asked once for all of them.

/** What the log gives to a message. */
export interface Place {
  /** Rises with the order of commits, over all conversations of the kind. */
  readonly id: number;
  /** 1, 2, 3 … within the conversation. */
  readonly number: number;
  readonly sendTime: number;
}

/** What is decided about a draft, with the database as it is within the transaction. */
export type Judgement<Message> =
  | { readonly refused: Error }
  /** It was sent before: that is its result, and nothing is stored or pushed. */
  | { readonly repeated: Message }
  | { readonly toMessage: (place: Place) => Message };

/** How private and group messages differ. */
export interface LogKind<Draft, Message> {
  /** Of the counter of its ids. Conversations are named so that they come after it: `{name}:…`. */
  readonly name: 'private' | 'group';
  conversationOf(draft: Draft): string;
  /** One judgement for each draft, in their order. Two drafts of one batch are never repeats of each other. */
  judge(sql: Sql, drafts: readonly Draft[]): Promise<readonly Judgement<Message>[]>;
  /** Names what may be stored once only; undefined: as often as it is sent. */
  identityOf(draft: Draft): string | undefined;
  store(sql: Sql, stored: readonly { readonly message: Message; readonly draft: Draft }[]): Promise<void>;
  /** Pushes one message. Resolves when it is on the bus; what fails is tried again by the sweeper. */
  push(message: Message, draft: Draft): Promise<void>;
}

export interface LogEntry<Draft> {
  readonly draft: Draft;
  /**
   * Runs in the same transaction, before the draft is judged, and again should the database ask for that. What it throws
   * undoes it and refuses this entry. What it returns takes the place of what the entry says; its conversation stays.
   */
  readonly within?: ((sql: Sql, sendTime: number) => Promise<void> | Promise<Decided<Draft>>) | undefined;
  /** Pushes that belong right before and right after the message's own. */
  readonly ahead?: (() => Promise<void>) | undefined;
  readonly after?: (() => Promise<void>) | undefined;
}

/** Thrown by `within`: somebody was faster, and there is nothing to tell. */
export class NothingChanges extends Error {}

/** What of an entry is known only within its transaction. */
export interface Decided<Draft> extends Pick<LogEntry<Draft>, 'ahead' | 'after'> {
  readonly draft?: Partial<Draft>;
}

interface Waiting<Draft, Message> {
  readonly entry: LogEntry<Draft>;
  readonly resolve: (message: Message) => void;
  readonly reject: (error: unknown) => void;
}

interface Appended<Draft, Message> {
  readonly waiting: Waiting<Draft, Message>;
  readonly entry: LogEntry<Draft>;
  readonly message: Message;
  readonly isNew: boolean;
}

/**
 * Enough to make a transaction cheap for each, few enough that nobody waits for long, and that SQLite takes their rows
 * and all their counters in one insert (500).
 */
const mostPerBatch = 400;
/** How far times may run ahead of the clock: further ahead is an instance whose clock is wrong, and which nobody follows. */
const mostLeadMs = 10_000;
/** Longer than im-client tries, so that a slow bus costs time and not the order. */
const longestPushMs = 3_500;
export interface MessageLogDeps {
  readonly logger: Logger;
  /** Called with how many messages a transaction has stored. */
  readonly onBatch: (messages: number) => void;
  /** How long sends may wait for another instance that stores and pushes. */
  readonly longestWaitMs: number;
}

/** While the bus is known to be away nobody waits for it; the sweeper pushes later. */
const longestPushInOutageMs = 50;

export class MessageLog<Draft, Message> {
  readonly #database: Database;
  readonly #kind: LogKind<Draft, Message>;
  readonly #logger: Logger;
  /** Told how many messages shared a transaction. */
  readonly #onBatch: (messages: number) => void;
  readonly #lock: OrderLock;
  #waiting: Waiting<Draft, Message>[] = [];
  #running: Promise<void> | undefined;
  #busIsAway = false;

  constructor(database: Database, kind: LogKind<Draft, Message>, deps: MessageLogDeps) {
    const { logger, longestWaitMs, onBatch } = deps;
    this.#database = database;
    this.#kind = kind;
    this.#logger = logger;
    this.#onBatch = onBatch;
    this.#lock = openOrderLock(database, `log:${kind.name}`, longestWaitMs);
  }

  /**
   * Stores the message, then pushes it. Resolves with what is stored, which for a repeated send is the first one; by then
   * its push is on the bus, unless the bus is away. Rejects with what the entry was refused for.
   */
  append(entry: LogEntry<Draft>): Promise<Message> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when what was appended is dealt with. */
  async close(): Promise<void> {
    await this.#running;
    await this.#lock.close();
  }

  async #run(): Promise<void> {
    // Messages of the same tick go along.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      await this.#lock.hold(() => this.#process(batch)).catch((error: unknown) => this.#failed(batch, error));
    }
    this.#running = undefined;
  }

  /** What one entry broke for all is done again for each alone. */
  async #failed(batch: readonly Waiting<Draft, Message>[], error: unknown): Promise<void> {
    if (batch.length === 1 || isUnavailable(error)) {
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const waiting of batch)
      await this.#lock
        .hold(() => this.#process([waiting]))
        .catch((why: unknown) => {
          waiting.reject(why);
        });
  }

  /** An entry that changes more than the log goes alone: when it is refused, its transaction is undone. */
  #nextBatch(): Waiting<Draft, Message>[] {
    const seen = new Set<string>();
    let length = 0;
    for (const { entry } of this.#waiting) {
      const identity = this.#kind.identityOf(entry.draft);
      if (length > 0 && (entry.within || this.#waiting[0]?.entry.within)) break;
      if (length === mostPerBatch || (identity !== undefined && seen.has(identity))) break;
      if (identity !== undefined) seen.add(identity);
      length += 1;
    }
    return this.#waiting.splice(0, length);
  }

  async #process(batch: readonly Waiting<Draft, Message>[]): Promise<void> {
    const { appended, refused } = await this.#database.transaction((sql) => this.#append(sql, batch));
    this.#onBatch(batch.length);
    for (const [{ reject }, error] of refused) reject(error);
    await this.#push(appended.filter(({ isNew }) => isNew));
    for (const { waiting, message } of appended) waiting.resolve(message);
  }

  async #append(
    sql: Sql,
    batch: readonly Waiting<Draft, Message>[],
  ): Promise<{
    appended: Appended<Draft, Message>[];
    refused: Map<Waiting<Draft, Message>, Error>;
  }> {
    const kind = this.#kind;
    const conversations = [...new Set(batch.map(({ entry }) => kind.conversationOf(entry.draft)))];
    const clock = `${kind.name}:time`;
    const last = await lockCounters(sql, kind.name, [clock, ...conversations]);
    // Times rise with ids whatever the clocks of the instances say, so "since they joined" and "until they left" are exact.
    const now = Date.now();
    const sendTime = Math.max(now, Math.min((last.get(clock) ?? 0) + 1, now + mostLeadMs));
    last.set(clock, sendTime);
    const entries: LogEntry<Draft>[] = [];
    for (const { entry } of batch) {
      const decided = await entry.within?.(sql, sendTime);
      entries.push(decided ? { ...entry, ...decided, draft: { ...entry.draft, ...decided.draft } } : entry);
    }
    const judgements = await kind.judge(
      sql,
      entries.map(({ draft }) => draft),
    );

    const appended: Appended<Draft, Message>[] = [];
    const refused = new Map<Waiting<Draft, Message>, Error>();
    const next = (name: string): number => {
      const value = (last.get(name) ?? 0) + 1;
      last.set(name, value);
      return value;
    };
    for (const [index, waiting] of batch.entries()) {
      const [entry, judgement] = [entries[index], judgements[index]];
      if (!entry || !judgement)
        throw new Error(`The log of ${kind.name} messages judged ${judgements.length} of ${batch.length}`);
      if ('refused' in judgement) {
        if (entry.within) throw judgement.refused;
        refused.set(waiting, judgement.refused);
      } else if ('repeated' in judgement)
        appended.push({ waiting, entry, message: judgement.repeated, isNew: false });
      else {
        const place = {
          id: next(kind.name),
          number: next(kind.conversationOf(entry.draft)),
          sendTime,
        };
        appended.push({ waiting, entry, message: judgement.toMessage(place), isNew: true });
      }
    }
    const stored = appended.filter(({ isNew }) => isNew);
    if (stored.length > 0) {
      await kind.store(
        sql,
        stored.map(({ message, entry }) => ({ message, draft: entry.draft })),
      );
      await storeCounters(sql, last);
    }
    return { appended, refused };
  }

  /** In order: each is given to the bus before the next one, and the bus keeps that order. */
  async #push(appended: readonly Appended<Draft, Message>[]): Promise<void> {
    const pushes: Promise<void>[] = [];
    for (const { entry, message } of appended) {
      const { draft, ahead, after } = entry;
      if (ahead) await this.#bounded([...pushes, ahead()]);
      pushes.push(this.#kind.push(message, draft));
      if (after) await this.#bounded([...pushes, Promise.resolve(pushes.at(-1)).then(after)]);
    }
    await this.#bounded(pushes);
  }

  async #bounded(pushes: readonly Promise<void>[]): Promise<void> {
    if (pushes.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<void>((resolve) => {
      const onTimeout = (): void => {
        this.#busIsAway = true;
        resolve();
      };
      timer = setTimeout(onTimeout, this.#busIsAway ? longestPushInOutageMs : longestPushMs);
    });
    await Promise.race([Promise.all(pushes.map((push) => this.#watched(push))), tooLong]);
    clearTimeout(timer);
  }

  async #watched(push: Promise<void>): Promise<void> {
    try {
      await push;
      this.#busIsAway = false;
    } catch (error) {
      this.#busIsAway = isOutage(error);
      const text = 'a push failed; it is tried again if it was stored';
      this.#logger.warn({ err: error, kind: this.#kind.name }, text);
    }
  }
}
