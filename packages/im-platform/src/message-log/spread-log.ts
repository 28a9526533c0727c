import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import { gather } from 'im-common/internal/bus';
import { laneOf } from '../db/lanes.ts';
import type { Database, LaneDatabase } from '../db/database.ts';
import { namedAfter } from '../db/errors-of.ts';
import { LaneMoved } from '../db/lane-fences.ts';
import type { Ending } from '../feature.ts';
import { regularly } from '../regularly.ts';
import { decidedBy } from './committer.ts';
import type { JudgedAhead, LogEntry, StoredKind } from './entries.ts';
import { LaneOrders } from './lane-orders.ts';
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

/** A log over several databases: each has one of its own, for the lanes that are there. */
export class SpreadLog<Draft, Message> implements Log<Draft, Message> {
  readonly #deps: SpreadLogDeps<Draft, Message>;
  readonly #logs = new Map<LaneDatabase, Log<Draft, Message>>();
  readonly #orders: LaneOrders<Draft>;
  readonly #judge: (draft: Draft) => Promise<Draft>;
  readonly #endOrders: Ending;

  constructor(deps: SpreadLogDeps<Draft, Message>) {
    const { database, ahead, logger, everyMs, open } = deps;
    this.#deps = deps;
    for (const at of database.laneDatabases) this.#logs.set(at, open(at));
    this.#orders = new LaneOrders(database);
    this.#judge = gather((drafts) => ahead.judge(database.sql, drafts), { most: mostJudged });
    const failure = 'messages that follow from something are not stored yet; it is tried again';
    this.#endOrders = regularly({ everyMs, logger, failure }, () => this.#carryOut());
  }

  async append(entry: LogEntry<Draft>): Promise<Message> {
    const { database, kind } = this.#deps;
    const conversation = kind.conversationOf(entry.draft);
    const at = database.of(conversation);
    if (at.name !== '') return this.#appendElsewhere(conversation, entry);
    try {
      return await this.#logOf(at).append(entry);
    } catch (error) {
      if (!(error instanceof LaneMoved)) throw error;
      await this.#waitForMove(conversation, at);
      return await this.append(entry);
    }
  }

  async close(): Promise<void> {
    await this.#endOrders();
    for (const log of this.#logs.values()) await log.close();
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

  async #carryOut(): Promise<void> {
    const { logger } = this.#deps;
    for (const { id, conversation, draft } of await this.#orders.claimDue())
      try {
        await this.#store(conversation, { draft });
        await this.#orders.done(id);
      } catch (error) {
        logger.warn(
          { err: error, orderId: id },
          'what follows from something is not stored yet; it is tried again',
        );
      }
  }

  #logOf(at: LaneDatabase): Log<Draft, Message> {
    const log = this.#logs.get(at);
    if (!log) throw new Error(`There is no log for the database ${at.name}`);
    return log;
  }
}
