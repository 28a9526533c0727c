import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import { gather } from 'im-common/internal/bus';
import { laneOf } from '../db/lanes.ts';
import { byLaneDatabase } from '../db/by-lane-database.ts';
import type { Database, LaneDatabase } from '../db/database.ts';
import { namedAfter } from '../db/errors-of.ts';
import { LaneMoved } from '../db/lane-fences.ts';
import type { Ending } from '../feature.ts';
import { isOutage } from '../outage.ts';
import { regularly } from '../regularly.ts';
import { decidedBy } from './committer.ts';
import type { Announcement, JudgedAhead, LogEntry, StoredKind } from './entries.ts';
import { LaneOrders, type DueOrder } from './lane-orders.ts';
import { lockLanes, putAside } from './lane-rows.ts';
import type { Log } from './message-log.ts';

export interface SpreadLogDeps<Draft, Message> {
  readonly database: Database;
  readonly kind: Pick<StoredKind<Draft, Message>, 'conversationOf'>;
  readonly ahead: JudgedAhead<Draft>;
  /** The log of a database. */
  readonly open: (at: LaneDatabase) => Log<Draft, Message>;
  readonly logger: Logger;
  /** How often it is looked for orders that nobody has carried out. */
  readonly everyMs: number;
}

/** Drafts that are judged with one question. */
const mostJudged = 400;
/** A lane that is just being moved is waited for, so often and so long: most are there again by then. */
const mostLooks = 10;
const lookEveryMs = 200;

/** So long an announcement waits for its message: less than the request that makes it may take. */
const longestWaitMs = 2_000;

/** A log over several databases: each has one of its own, for the lanes that are there. */
export class SpreadLog<Draft, Message> implements Log<Draft, Message> {
  readonly #deps: SpreadLogDeps<Draft, Message>;
  readonly #logs = new Map<LaneDatabase, Log<Draft, Message>>();
  readonly #orders: LaneOrders<Draft>;
  readonly #judge: (draft: Draft) => Promise<Draft>;
  /** Announcements whose messages are not there yet. */
  readonly #carrying = new Set<Promise<boolean>>();
  #endOrders: Ending | undefined;

  constructor(deps: SpreadLogDeps<Draft, Message>) {
    const { database, ahead, open } = deps;
    this.#deps = deps;
    for (const at of database.laneDatabases) this.#logs.set(at, open(at));
    this.#orders = new LaneOrders(database);
    this.#judge = gather((drafts) => ahead.judge(database.sql, drafts), { most: mostJudged });
  }

  start(): void {
    const { logger, everyMs } = this.#deps;
    const failure = 'messages that follow from something are not stored yet; it is tried again';
    this.#endOrders = regularly({ everyMs, logger, failure }, () => this.#carryOut());
  }

  append(entry: LogEntry<Draft>): Promise<Message> {
    return this.#whereItIs(entry, (conversation) => this.#appendElsewhere(conversation, entry));
  }

  async announce(entry: Announcement<Draft>): Promise<void> {
    await this.#whereItIs<unknown>(entry, (conversation) => this.#announceElsewhere(conversation, entry));
  }

  async close(): Promise<void> {
    await this.#endOrders?.();
    for (const log of this.#logs.values()) await log.close();
    await Promise.all(this.#carrying);
  }

  async #whereItIs<T>(
    entry: LogEntry<Draft>,
    elsewhere: (conversation: string) => Promise<T>,
  ): Promise<Message | T> {
    const { database, kind } = this.#deps;
    const conversation = kind.conversationOf(entry.draft);
    for (;;) {
      const at = database.of(conversation);
      if (at.name !== '') return elsewhere(conversation);
      try {
        return await this.#logOf(at).append(entry);
      } catch (error) {
        if (!(error instanceof LaneMoved)) throw error;
        await this.#waitForMove(conversation, at);
      }
    }
  }

  async #appendElsewhere(conversation: string, entry: LogEntry<Draft>): Promise<Message> {
    const { database, logger } = this.#deps;
    const { cause, follows, ...rest } = entry;
    const { orderId, ready } = cause
      ? await this.#order(conversation, entry)
      : { orderId: undefined, ready: { ...rest, draft: await this.#judge(entry.draft) } };
    const message = await this.#store(conversation, ready);
    if (orderId !== undefined)
      await this.#orders.done(orderId).catch((error: unknown) => {
        logger.warn({ err: error, orderId }, 'an order is carried out once more, which changes nothing');
      });
    if (follows) await database.transaction(follows);
    return message;
  }

  /** What it tells of is done with the order. So its answer is that of what was done, also while the message has to wait. */
  async #announceElsewhere(conversation: string, entry: Announcement<Draft>): Promise<void> {
    const { logger } = this.#deps;
    const { orderId, ready } = await this.#order(conversation, entry);
    let isLate = false;
    const ahead = async (): Promise<void> => {
      if (!isLate) await ready.ahead?.();
    };
    const carried = this.#carry({ id: orderId, conversation }, { ...ready, ahead });
    this.#carrying.add(carried);
    void carried.then(() => this.#carrying.delete(carried));
    if (await inTime(carried)) return;
    isLate = true;
    await ready.ahead?.().catch((error: unknown) => {
      logger.warn({ err: error, orderId }, 'what goes ahead of a message could not be pushed');
    });
  }

  /** After those of its conversation that are before it. Resolves with whether it is stored. */
  async #carry(order: Pick<DueOrder, 'id' | 'conversation'>, entry: LogEntry<Draft>): Promise<boolean> {
    const { logger } = this.#deps;
    try {
      for (let looks = 1; !(await this.#orders.isNext(order)); looks++) {
        if (looks === mostLooks) return await this.#letGo(order);
        await sleep(lookEveryMs);
      }
      await this.#store(order.conversation, entry);
      await this.#orders.done(order.id);
      return true;
    } catch (error) {
      const what = 'what follows from something is not stored yet; it is tried again';
      logger.warn({ err: error, orderId: order.id }, what);
      // Anything else would be the same at once.
      return isOutage(error) && (await this.#letGo(order));
    }
  }

  async #letGo({ id }: Pick<DueOrder, 'id'>): Promise<false> {
    // If that fails it is let go by itself.
    await this.#orders.letGo(id).catch(() => undefined);
    return false;
  }

  /** What the message follows from, and in the same transaction the order to store it. One after the other in each lane, as in the lane itself. */
  async #order(
    conversation: string,
    entry: LogEntry<Draft>,
  ): Promise<{ readonly orderId: number; readonly ready: LogEntry<Draft> }> {
    const { database, ahead } = this.#deps;
    const name = `order:${randomBytes(15).toString('base64url')}`;
    return database.transaction(async (sql) => {
      const lane = laneOf(conversation);
      await lockLanes(sql, [lane, putAside(lane)]);
      const { cause, follows: _, ...decided } = await decidedBy(entry, entry.cause?.(sql));
      const [judged = decided.draft] = await ahead.judge(sql, [decided.draft]);
      const refusal = ahead.refusalOf(judged);
      if (refusal) throw refusal;
      const draft = ahead.once(judged, name);
      return { orderId: await this.#orders.put(sql, conversation, draft), ready: { ...decided, draft } };
    });
  }

  /** In the database that the lane is in by then. */
  async #store(conversation: string, entry: LogEntry<Draft>): Promise<Message> {
    const { database } = this.#deps;
    for (;;) {
      const at = database.of(conversation);
      try {
        return await namedAfter(at.name, () => this.#logOf(at).append(entry));
      } catch (error) {
        if (!(error instanceof LaneMoved)) throw error;
        await this.#waitForMove(conversation, at);
      }
    }
  }

  /** Resolves when the lane is elsewhere; refuses when it takes too long. */
  async #waitForMove(conversation: string, at: LaneDatabase): Promise<void> {
    const { database } = this.#deps;
    for (let looks = 1; ; looks++) {
      await database.findLanes();
      if (database.of(conversation) !== at) return;
      if (looks === mostLooks) throw new LaneMoved([laneOf(conversation)], at.name);
      await sleep(lookEveryMs);
    }
  }

  /** All that wait, but for those of databases that are away: one of them has said so. */
  async #carryOut(): Promise<void> {
    const { database } = this.#deps;
    const away = new Set<LaneDatabase>();
    let due: DueOrder[] = [];
    do {
      due = await this.#orders.dueAfter(due.at(-1)?.id ?? 0);
      const carrying = Array.from(byLaneDatabase(database, due), async ([at, orders]) => {
        for (const order of orders) if (!away.has(at) && !(await this.#carryDue(order))) away.add(at);
      });
      await Promise.all(carrying);
    } while (due.length > 0);
  }

  /** Resolves with whether to go on with others of its database. */
  async #carryDue(order: DueOrder): Promise<boolean> {
    if (!(await this.#orders.isNext(order))) return true;
    const draft = await this.#orders.claim(order);
    return !draft || this.#carry(order, { draft });
  }

  #logOf(at: LaneDatabase): Log<Draft, Message> {
    const log = this.#logs.get(at);
    if (!log) throw new Error(`There is no log for the database ${at.name}`);
    return log;
  }
}

/** What it resolves with; false: it takes longer. */
async function inTime(carried: Promise<boolean>): Promise<boolean> {
  const waiting = new AbortController();
  const tooLong = sleep(longestWaitMs, false, { signal: waiting.signal }).catch(() => false);
  const answer = await Promise.race([carried, tooLong]);
  waiting.abort();
  return answer;
}
