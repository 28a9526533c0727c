import type { Logger } from 'im-common';
import { isUnavailable, type Database } from '../db/database.ts';
import { Committer } from './committer.ts';
import type { LogEntry, LogKind } from './entries.ts';
import { openOrderLock, type OrderLock } from './order-lock.ts';
import { Pushers } from './pushers.ts';

// Every message of a kind, of all instances, goes through one log, because its readers need more than a table gives:
// ids that rise in the order in which rows become visible (a device that has seen 7 never asks for 6 again), numbers
// without holes in each conversation, and pushes in the same order. So an instance takes its turn, stores the messages
// that wait in one transaction after the other while those before are pushed, and ends its turn when all of them are on
// the bus. Its cost is shared: under load a transaction carries hundreds of messages, and each question to the database
// is asked once for all of them.

interface Waiting<Draft, Message> {
  readonly entry: LogEntry<Draft>;
  readonly resolve: (message: Message | Promise<Message>) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Enough to make a transaction cheap for each, few enough that nobody waits for long, and that SQLite takes their rows
 * and all their counters in one insert (500).
 */
const mostPerBatch = 400;
/** Stored and not on the bus yet. More would be forgotten together when the process dies, and found by the sweeper. */
const mostUnderWay = 4_000;

export interface MessageLogDeps {
  readonly logger: Logger;
  /** Called with how many messages a transaction has stored. */
  readonly onBatch: (messages: number) => void;
  /** How long sends may wait for another instance that stores and pushes, and it for a bus that is slow. */
  readonly longestWaitMs: number;
  /** Resolves when im-client takes one more push. */
  readonly whenCapacity: () => Promise<void>;
}

export class MessageLog<Draft, Message> {
  readonly #kind: LogKind<Draft, Message>;
  readonly #onBatch: MessageLogDeps['onBatch'];
  readonly #lock: OrderLock;
  readonly #committer: Committer<Draft, Message>;
  readonly #pushers: Pushers<Draft, Message>;
  #waiting: Waiting<Draft, Message>[] = [];
  #running: Promise<void> | undefined;

  constructor(database: Database, kind: LogKind<Draft, Message>, deps: MessageLogDeps) {
    const { logger, longestWaitMs, onBatch, whenCapacity } = deps;
    this.#kind = kind;
    this.#onBatch = onBatch;
    this.#lock = openOrderLock(database, `log:${kind.name}`, longestWaitMs);
    this.#committer = new Committer(database, kind);
    this.#pushers = new Pushers(kind, { logger, whenCapacity, othersWaitMs: longestWaitMs });
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
    await this.#pushers.idle();
    await this.#lock.close();
  }

  async #run(): Promise<void> {
    // Messages of the same tick go along.
    await new Promise<void>((resolve) => void setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      await this.#lock.hold(() => this.#turn(batch)).catch((error: unknown) => rejectAll(batch, error));
    }
    this.#running = undefined;
  }

  /** Stores what waits and goes on waiting, until others want to have their turn. Ends when all of it is on the bus. */
  async #turn(first: Waiting<Draft, Message>[]): Promise<void> {
    const { batchesPerTurn } = this.#lock;
    let batch = first;
    for (let batches = 1; ; batches++) {
      await this.#settle(batch);
      if (this.#waiting.length === 0 || batches >= batchesPerTurn) break;
      await this.#pushers.below(mostUnderWay);
      batch = this.#nextBatch();
    }
    if (batchesPerTurn !== Infinity) await this.#pushers.idle();
  }

  /** What one entry broke for all is done again for each alone. */
  async #settle(batch: readonly Waiting<Draft, Message>[]): Promise<void> {
    try {
      await this.#process(batch);
    } catch (error) {
      if (batch.length === 1 || isUnavailable(error)) rejectAll(batch, error);
      else for (const waiting of batch) await this.#settle([waiting]);
    }
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
    // It may change who gets the messages before it, so those have to be on their way.
    if (batch[0]?.entry.within) await this.#pushers.idle();
    const committed = await this.#committer.commit(batch.map(({ entry }) => entry));
    this.#onBatch(batch.length);
    const repeats = committed.some((one) => 'message' in one && !one.isNew);
    // The first one of a repeated send may be on its way at this moment.
    const earlier = repeats ? this.#pushers.idle() : undefined;
    const pushes = this.#pushers.push(
      committed.flatMap((one) => ('message' in one && one.isNew ? [one] : [])),
    );
    let next = 0;
    for (const [index, one] of committed.entries()) {
      const waiting = batch[index];
      if ('refused' in one) waiting?.reject(one.refused);
      else waiting?.resolve((one.isNew ? pushes[next++] : earlier)?.then(() => one.message) ?? one.message);
    }
  }
}

function rejectAll(batch: readonly { reject(error: unknown): void }[], error: unknown): void {
  for (const waiting of batch) waiting.reject(error);
}
