import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import { gather } from 'im-common/internal/bus';
import { laneOf } from '../db/lanes.ts';
import { byLaneDatabase } from '../db/by-lane-database.ts';
import type { Database, LaneDatabase, Sql } from '../db/database.ts';
import { namedAfter } from '../db/errors-of.ts';
import { fencesOf, LaneMoved } from '../db/lane-fences.ts';
import type { Ending } from '../feature.ts';
import { isOutage } from '../outage.ts';
import { regularly } from '../regularly.ts';
import { decidedBy, mostLeadMs } from './committer.ts';
import type { Announcement, JudgedAhead, LogEntry, StoredKind } from './entries.ts';
import { LaneOrders, type DueOrder } from './lane-orders.ts';
import { lockLanes, putAside, type LaneRow } from './lane-rows.ts';
import type { Log } from './message-log.ts';

export interface SpreadLogDeps<Draft, Message> {
  readonly database: Database;
  readonly kind: Pick<StoredKind<Draft, Message>, 'name' | 'conversationOf'>;
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
/** Whoever wants the same done waits for it so long, and then no longer for those before. */
const longestShareMs = 100;

/** So long an announcement waits for its message: less than the request that makes it may take. */
const longestWaitMs = 2_000;

interface Ordered<Draft> {
  readonly orderId: number;
  readonly ready: LogEntry<Draft>;
}

interface Settled {
  readonly failed?: { readonly error: unknown };
}

/** Nothing is ordered: the lane is in the first database by now. */
class LaneIsHere extends LaneMoved {}

/** A log over several databases: each has one of its own, for the lanes that are there. */
export class SpreadLog<Draft, Message> implements Log<Draft, Message> {
  readonly #deps: SpreadLogDeps<Draft, Message>;
  readonly #logs = new Map<LaneDatabase, Log<Draft, Message>>();
  readonly #orders: LaneOrders<Draft>;
  readonly #judge: (draft: Draft) => Promise<Draft>;
  readonly #isBehind: (conversation: string) => Promise<boolean>;
  readonly #settled: (conversation: string) => Promise<Settled>;
  /** Announcements whose messages are not there yet. */
  readonly #carrying = new Set<Promise<boolean>>();
  #endOrders: Ending | undefined;

  constructor(deps: SpreadLogDeps<Draft, Message>) {
    const { database, ahead, open } = deps;
    this.#deps = deps;
    for (const at of database.laneDatabases) this.#logs.set(at, open(at));
    this.#orders = new LaneOrders(database, deps.kind.name);
    this.#judge = gather((drafts) => ahead.judge(database.sql, drafts), { most: mostJudged });
    this.#isBehind = gather(async (names) => {
      const behind = await this.#orders.among(names);
      return names.map((name) => behind.has(name));
    });
    this.#settled = gather((names) => this.#settleAll(names), { waitMs: longestShareMs });
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

  /** An order without a cause of its own: in the transaction of whoever gives it. It is carried out by `settle`, or later. */
  async order(sql: Sql, draft: Draft): Promise<void> {
    const { kind, ahead } = this.#deps;
    await this.#orders.put(sql, kind.conversationOf(draft), ahead.once(draft, newName()));
  }

  /** Carries out the orders of that conversation, whoever has given them. */
  async settle(conversation: string): Promise<void> {
    const { failed } = await this.#settled(conversation);
    if (failed) throw failed.error;
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
      try {
        if (at.name !== '') return await elsewhere(conversation);
        await this.#catchUp(conversation);
        return await this.#logOf(at).append(entry);
      } catch (error) {
        if (!(error instanceof (at.name === '' ? LaneMoved : LaneIsHere))) throw error;
        await this.#waitForMove(conversation, at);
      }
    }
  }

  async #appendElsewhere(conversation: string, entry: LogEntry<Draft>): Promise<Message> {
    const { database, ahead, logger } = this.#deps;
    const { cause, follows, ...rest } = entry;
    const { orderId, ready } = cause
      ? await this.#order(conversation, entry)
      : { orderId: undefined, ready: { ...rest, draft: await this.#judge(entry.draft) } };
    // After that, so that what was decided meanwhile is there before it, and may refuse it.
    if (orderId === undefined) await this.#catchUp(conversation);
    else if (ahead.inTurn) await this.#carryOutBefore(conversation, orderId);
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
    const { ahead, logger } = this.#deps;
    try {
      if (ahead.inTurn) await this.#carryOutBefore(order.conversation, order.id);
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
  async #order(conversation: string, entry: LogEntry<Draft>): Promise<Ordered<Draft>> {
    const { database, ahead } = this.#deps;
    const lane = laneOf(conversation);
    return database.transaction(async (sql) => {
      const rows = await lockLanes(sql, [lane, putAside(lane)]);
      // What is ordered is not there yet when others write here without looking for it.
      if (ahead.inTurn && (await fencesOf(sql, [lane])).length > 0) throw new LaneIsHere([lane], 'elsewhere');
      const time = ahead.inTurn ? await risingTime(sql, [...rows.values()]) : Date.now();
      const { cause, follows: _, ...decided } = await decidedBy(entry, entry.cause?.(sql, time));
      const [judged = decided.draft] = await ahead.judge(sql, [decided.draft]);
      const refusal = ahead.refusalOf(judged);
      if (refusal) throw refusal;
      const draft = ahead.once(judged, newName());
      const orderId = await this.#orders.put(sql, conversation, draft);
      const inTurn = ahead.inTurn?.(draft);
      if (!inTurn || !('draft' in inTurn)) return { orderId, ready: { ...decided, draft } };
      // As whoever else may carry it out.
      return { orderId, ready: { ahead: decided.ahead, after: decided.after, ...inTurn } };
    });
  }

  async #catchUp(conversation: string): Promise<void> {
    if (this.#deps.ahead.inTurn && (await this.#isBehind(conversation))) await this.settle(conversation);
  }

  /** Of those who ask for the same at the same time one does it. */
  async #settleAll(names: readonly string[]): Promise<Settled[]> {
    const outcomes = new Map<string, Promise<Settled>>();
    for (const name of names)
      if (!outcomes.has(name))
        outcomes.set(
          name,
          this.#carryOutBefore(name, Number.MAX_SAFE_INTEGER).then(
            () => ({}),
            (error: unknown) => ({ failed: { error } }),
          ),
        );
    return Promise.all(names.map((name) => outcomes.get(name) ?? Promise.resolve({})));
  }

  /** Also those that somebody else carries out at this moment: each is done once. */
  async #carryOutBefore(conversation: string, orderId: number): Promise<void> {
    for (;;) {
      const orders = await this.#orders.before(conversation, orderId);
      if (orders.length === 0) return;
      for (const { id, draft } of orders) {
        const entry = this.#deps.ahead.inTurn?.(draft) ?? { draft };
        if ('draft' in entry) await this.#store(conversation, entry);
        else await this.#where(conversation, (at) => at.changeIn([laneOf(conversation)], entry.change));
        await this.#orders.done(id);
      }
    }
  }

  #store(conversation: string, entry: LogEntry<Draft>): Promise<Message> {
    return this.#where(conversation, (at) => this.#logOf(at).append(entry));
  }

  /** In the database that the lane is in by then. */
  async #where<T>(conversation: string, work: (at: LaneDatabase) => Promise<T>): Promise<T> {
    const { database } = this.#deps;
    for (;;) {
      const at = database.of(conversation);
      try {
        return await namedAfter(at.name, () => work(at));
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
    if (this.#deps.ahead.inTurn) return this.#settleDue(order);
    if (!(await this.#orders.isNext(order))) return true;
    const draft = await this.#orders.claim(order);
    return !draft || this.#carry(order, { draft });
  }

  async #settleDue({ id: orderId, conversation }: DueOrder): Promise<boolean> {
    try {
      await this.settle(conversation);
      return true;
    } catch (error) {
      const what = 'what became of a group is not told yet; it is tried again';
      this.#deps.logger.warn({ err: error, orderId }, what);
      return !isOutage(error);
    }
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

/** Of a change that is ordered: later than those before it, as times in a lane are. */
async function risingTime(sql: Sql, rows: readonly LaneRow[]): Promise<number> {
  const now = Date.now();
  const last = Math.max(0, ...rows.map(({ lastTime }) => lastTime));
  const time = Math.max(now, Math.min(last + 1, now + mostLeadMs));
  await sql('im_lane')
    .whereIn(
      'lane',
      rows.map(({ lane }) => lane),
    )
    .update({ lastTime: time });
  return time;
}

function newName(): string {
  return `order:${randomBytes(15).toString('base64url')}`;
}
