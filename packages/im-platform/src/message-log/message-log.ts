import type { Logger } from 'im-common';
import { laneOf } from '../db/lanes.ts';
import { isUnavailable, type LaneDatabase } from '../db/database.ts';
import { Committer } from './committer.ts';
import { changesMore, type Announcement, type Handover, type LogEntry, type LogKind } from './entries.ts';
import { openLaneLocks, type HeldLanes, type LaneLocks } from './lane-locks.ts';
import { Pushers } from './pushers.ts';

// Every message of a kind goes through its lane, of which there are many, because its readers need more than a table gives: ids
// that rise in a conversation in the order in which rows become visible, numbers without holes, and pushes in the same order. So an
// instance takes the lanes in which messages wait, stores those of all of them in one transaction after the other while those
// before are pushed, and lets others have the lanes when all of it is on the bus. Its cost is shared: under load a transaction
// carries hundreds of messages, and each question to the database is asked once for all of them.

interface Waiting<Draft, Message> {
  readonly entry: LogEntry<Draft>;
  readonly lane: number;
  readonly resolve: (message: Message | Promise<Message>) => void;
  readonly reject: (error: unknown) => void;
}

interface Turn {
  /** When it came a step further. */
  movedAt: number;
  /** Until then others wait, so that one transaction has what came meanwhile. */
  isStoring: boolean;
  isOver: Promise<void>;
}

interface Stored<Message> {
  readonly message: Message;
  /** Resolves when it is on the bus, or no longer waited for. */
  readonly pushed: Promise<void>;
}

/**
 * Enough to make a transaction cheap for each, few enough that nobody waits for long, and that SQLite takes their rows
 * and all their lanes in one insert (500).
 */
const mostPerBatch = 400;
/** Few, as other instances wait for their turn; enough that one that is alone loses little by asking again. */
const batchesPerTurn = 4;
/** After so long without a step a turn stands still, and another one begins beside it: what hangs holds up nobody but its own lanes. */
const standsStillMs = 100;
/** Stored and not on the bus yet. More would be forgotten together when the process dies, and found by the sweeper. */
const mostUnderWay = 4_000;

export interface MessageLogDeps<Message> {
  readonly logger: Logger;
  /** Called with how many messages a transaction has stored. */
  readonly onBatch: (messages: number) => void;
  /** How long sends may wait for another instance that stores and pushes, and it for a bus that is slow. */
  readonly longestWaitMs: number;
  /** Resolves when im-client takes one more push. */
  readonly whenCapacity: () => Promise<void>;
  readonly handover: Handover<Message>;
}

/** Where messages of a kind are appended. */
export interface Log<Draft, Message> {
  append(entry: LogEntry<Draft>): Promise<Message>;
  /** Resolves when what it tells of is done. While the database of its lane is away the message comes later. */
  announce(entry: Announcement<Draft>): Promise<void>;
  /** From now on it looks after what others have left undone. */
  start?(): void;
  close(): Promise<void>;
}

export class MessageLog<Draft, Message> implements Log<Draft, Message> {
  readonly #kind: LogKind<Draft, Message>;
  readonly #onBatch: MessageLogDeps<Message>['onBatch'];
  readonly #handover: Handover<Message>;
  readonly #logger: Logger;
  readonly #locks: LaneLocks;
  readonly #sealing: LaneDatabase['sealing'];
  readonly #committer: Committer<Draft, Message>;
  readonly #pushers: Pushers<Draft, Message>;
  /** What waits, by lanes; the lane whose messages have waited longest comes first. */
  readonly #waiting = new Map<number, Waiting<Draft, Message>[]>();
  /** Lanes that a turn of ours is in. */
  readonly #taken = new Set<number>();
  readonly #turns = new Set<Turn>();
  readonly #endings = new Set<Promise<void>>();
  #isStarting = false;
  #whenStill: NodeJS.Timeout | undefined;

  constructor(database: LaneDatabase, kind: LogKind<Draft, Message>, deps: MessageLogDeps<Message>) {
    const { logger, longestWaitMs, onBatch, whenCapacity, handover } = deps;
    this.#kind = kind;
    this.#onBatch = onBatch;
    this.#handover = handover;
    this.#logger = logger;
    this.#locks = openLaneLocks(database, longestWaitMs);
    this.#sealing = database.sealing;
    this.#committer = new Committer(kind, database);
    this.#pushers = new Pushers(kind, { logger, whenCapacity, othersWaitMs: longestWaitMs });
  }

  /**
   * Stores the message, then pushes it. Resolves with what is stored, which for a repeated send is the first one; by then
   * its push is on the bus, unless the bus is away. Rejects with what the entry was refused for.
   */
  append(entry: LogEntry<Draft>): Promise<Message> {
    const conversation = this.#kind.conversationOf(entry.draft);
    // Before its turn, which has to wait for nobody's key.
    const ready = this.#sealing?.ready(conversation);
    return ready ? ready.then(() => this.#wait(entry, conversation)) : this.#wait(entry, conversation);
  }

  /** Where there is one database it is done with its message. */
  async announce(entry: Announcement<Draft>): Promise<void> {
    await this.append(entry);
  }

  #wait(entry: LogEntry<Draft>, conversation: string): Promise<Message> {
    const lane = laneOf(conversation);
    return new Promise((resolve, reject) => {
      const waiting = { entry, lane, resolve, reject };
      const before = this.#waiting.get(lane);
      if (before) before.push(waiting);
      else this.#waiting.set(lane, [waiting]);
      if (this.#isStarting) return;
      // Messages of the same tick go along.
      this.#isStarting = true;
      setImmediate(() => {
        this.#isStarting = false;
        this.#startTurns();
      });
    });
  }

  /** Resolves when what was appended is dealt with. */
  async close(): Promise<void> {
    while (this.#isStarting || this.#turns.size > 0) {
      await new Promise<void>((resolve) => void setImmediate(resolve));
      await Promise.all(Array.from(this.#turns, ({ isOver }) => isOver));
    }
    await Promise.all(this.#endings);
    clearTimeout(this.#whenStill);
    await this.#locks.close();
  }

  /** One that stores at a time, as it carries all that waits for what one message costs. */
  #startTurns(): void {
    const { mostTurns, lanesPerTurn } = this.#locks;
    while (this.#turns.size < mostTurns) {
      const lanes: number[] = [];
      for (const lane of this.#waiting.keys()) {
        if (lanes.length >= lanesPerTurn) break;
        if (!this.#taken.has(lane)) lanes.push(lane);
      }
      if (lanes.length === 0 || this.#isStoring()) return;
      for (const lane of lanes) this.#taken.add(lane);
      const turn: Turn = { movedAt: performance.now(), isStoring: true, isOver: Promise.resolve() };
      this.#turns.add(turn);
      turn.isOver = this.#turn(turn, lanes).then((held) => {
        for (const lane of held) this.#taken.delete(lane);
        this.#turns.delete(turn);
        this.#startTurns();
      });
    }
  }

  /** Whether a turn gets on with it. If so it is looked again when it would stand still. */
  #isStoring(): boolean {
    const now = performance.now();
    const storing = [...this.#turns].filter(({ isStoring }) => isStoring);
    const leftMs = Math.max(0, ...storing.map(({ movedAt }) => movedAt + standsStillMs - now));
    if (leftMs === 0) return false;
    this.#whenStill ??= setTimeout(() => {
      this.#whenStill = undefined;
      this.#startTurns();
    }, leftMs);
    return true;
  }

  /** Stores what waits in these lanes and goes on waiting, until others want to have their turn. Resolves with those that it had. */
  async #turn(turn: Turn, lanes: readonly number[]): Promise<readonly number[]> {
    let held: HeldLanes;
    try {
      held = await this.#locks.take(lanes);
    } catch (error) {
      for (const lane of lanes) rejectAll(this.#waiting.get(lane) ?? [], error);
      for (const lane of lanes) this.#waiting.delete(lane);
      return lanes;
    }
    const mine = lanes.filter((lane) => held.lanes.has(lane));
    if (mine.length < lanes.length) {
      // Another instance is in them: the next turn waits for one of them meanwhile.
      for (const lane of lanes) if (!held.lanes.has(lane)) this.#taken.delete(lane);
      this.#startTurns();
    }
    turn.movedAt = performance.now();
    const stored: Stored<Message>[] = [];
    for (let batches = 0; batches < batchesPerTurn; batches++) {
      const batch = this.#nextBatch(held.lanes);
      if (batch.length === 0) break;
      await this.#settle(batch, held, stored);
      turn.movedAt = performance.now();
      await this.#pushers.below(mostUnderWay);
    }
    turn.isStoring = false;
    this.#startTurns();
    const ending = this.#end(held, stored);
    this.#endings.add(ending);
    void ending.then(() => this.#endings.delete(ending));
    if (this.#locks.areShared) await ending;
    return mine;
  }

  /** What others may overtake is on the bus by then. */
  async #end(held: HeldLanes, stored: readonly Stored<Message>[]): Promise<void> {
    await Promise.all(stored.map(({ pushed }) => pushed));
    const messages = stored.map(({ message }) => message);
    try {
      await this.#handover.end(messages, await held.release());
    } catch (error) {
      // Their rows stay, and the sweeper pushes them again.
      this.#handover.giveUp(messages);
      this.#logger.warn({ err: error, kind: this.#kind.name }, 'pushed messages could not be ticked off');
    }
  }

  /** What one entry broke for all is done again for each alone. */
  async #settle(
    batch: readonly Waiting<Draft, Message>[],
    held: HeldLanes,
    stored: Stored<Message>[],
  ): Promise<void> {
    try {
      await this.#process(batch, held, stored);
    } catch (error) {
      if (batch.length === 1 || isUnavailable(error)) rejectAll(batch, error);
      else for (const waiting of batch) await this.#settle([waiting], held, stored);
    }
  }

  /** Of each of these lanes what comes next. An entry that changes more than the log goes alone: when it is refused, its transaction is undone. */
  #nextBatch(lanes: HeldLanes['lanes']): Waiting<Draft, Message>[] {
    const batch: Waiting<Draft, Message>[] = [];
    const seen = new Set<string>();
    for (const [lane, waiting] of [...this.#waiting]) {
      if (!lanes.has(lane)) continue;
      const isAlone = waiting[0] !== undefined && changesMore(waiting[0].entry);
      if (isAlone && batch.length > 0) continue;
      const length = isAlone ? 1 : this.#lengthOf(waiting, mostPerBatch - batch.length, seen);
      batch.push(...waiting.splice(0, length));
      this.#waiting.delete(lane);
      // Behind all others.
      if (waiting.length > 0) this.#waiting.set(lane, waiting);
      if (isAlone || batch.length >= mostPerBatch) break;
    }
    return batch;
  }

  #lengthOf(waiting: readonly Waiting<Draft, Message>[], most: number, seen: Set<string>): number {
    let length = 0;
    for (const { entry } of waiting) {
      const identity = this.#kind.identityOf(entry.draft);
      if (length === most || changesMore(entry) || (identity !== undefined && seen.has(identity))) break;
      if (identity !== undefined) seen.add(identity);
      length += 1;
    }
    return length;
  }

  async #process(
    batch: readonly Waiting<Draft, Message>[],
    held: HeldLanes,
    stored: Stored<Message>[],
  ): Promise<void> {
    const [first] = batch;
    // It may change who gets the messages before it, so those have to be on their way.
    if (first && changesMore(first.entry)) await this.#pushers.idle(new Set([first.lane]));
    const committed = await held.transaction((sql) =>
      this.#committer.append(
        sql,
        batch.map(({ entry }) => entry),
      ),
    );
    this.#onBatch(batch.length);
    const lanesOf = (isOf: (one: (typeof committed)[number]) => boolean): Set<number> =>
      new Set(committed.flatMap((one, index) => (isOf(one) ? (batch[index]?.lane ?? []) : [])));
    const repeated = lanesOf((one) => 'message' in one && !one.isNew);
    // The first one of a repeated send may be on its way at this moment.
    const earlier = repeated.size > 0 ? this.#pushers.idle(repeated) : undefined;
    const toPush = committed.flatMap((one, index) =>
      'message' in one && one.isNew ? [{ ...one, lane: batch[index]?.lane ?? 0 }] : [],
    );
    this.#handover.begin(toPush.map(({ message }) => message));
    const pushes = this.#pushers.push(toPush);
    for (const [index, { message }] of toPush.entries())
      stored.push({ message, pushed: pushes[index] ?? Promise.resolve() });
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
