import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImError } from '../errors.ts';
import { afterUnknown } from './after-unknown.ts';
import { Alarm } from './alarm.ts';
import type { Lists, PutBatch, PutOutcome } from './bus.ts';
import type { ByteText } from './byte-text.ts';
import { Gathering } from './gathering.ts';
import type { InFlight } from './in-flight.ts';
import { runningMs } from './running-clock.ts';

export interface ProducerOptions extends Pick<PutBatch, 'maxLength' | 'maxBytes' | 'whenFull'> {
  /** As of {@link PutBatch.ttlMs}; a function is asked for each list. */
  readonly ttlMs?: PutBatch['ttlMs'] | ((list: string) => PutBatch['ttlMs']);
  /**
   * How long the bus may say nothing before what is out is given up, and what has waited here for as long. To wait for
   * others that go first does not count while the bus answers them.
   */
  readonly timeoutMs: number;
  /** Whether a bus without memory is waited for like one that is away, instead of telling the caller. @default false */
  readonly waitsForMemory?: boolean;
  /** Most entries in one call. More saves round trips under load and holds the bus longer for each. */
  readonly maxBatch: number;
  /**
   * While more entries than this are on a list, further ones wait here, where their time does not run yet. Refused with
   * OVERLOADED when the list's consumer takes nothing for `timeoutMs`. @default no matter how many
   */
  readonly holdAbove?: number;
  /**
   * Names this producer for the bus. What was put before under the same name is not put again, by whatever process: for a single
   * entry that may be repeated. @default a name of its own
   */
  readonly name?: string;
  /** In a burst what comes within 4 ms shares a call (see {@link Gathering}). @default false */
  readonly gathers?: boolean;
}

/** What a producer wants of a bus. */
export type PutTarget = Pick<Lists, 'put' | 'length'>;

/** Entries that wait to be put. */
export interface Waiting {
  /** Since when; the producer's to set. */
  since: number;
  readonly entries: readonly ByteText[];
  readonly acknowledge: readonly InFlight[];
  /** `first`: which of the entries that were put in this call is the first one of these. */
  resolve(outcome: PutOutcome, first: number): void;
  reject(error: unknown): void;
}

/** The batch of a lane that is under way. */
interface Out {
  readonly batch: readonly Waiting[];
  readonly since: number;
  /** Its callers were told that it failed, so it must not be tried again. */
  isOver: boolean;
  /** An attempt is under way. */
  isTrying: boolean;
  /** Some attempt may have taken effect. */
  mayBePut: boolean;
  lastError: ImError | undefined;
}

interface Lane {
  readonly list: string;
  batchNumber: number;
  usedAt: number;
  waiting: Waiting[];
  out: Out | undefined;
  running: boolean;
  /** When the bus last got on with this list. */
  answeredAt: number;
  /** Before the next put: the list is long, or the bus did not answer the last one. */
  mustAsk: boolean;
  isHeld: boolean;
  readonly gathering: Gathering | undefined;
}

const nothingToAcknowledge: readonly InFlight[] = [];
const retryDelayMs = 50;
/** How often a list is looked at that is too long. */
const lookAgainMs = 10;
/** Longer calls hold up everybody else's on the connection. */
const mostBytes = 4_194_304;
/** The bus has forgotten a producer's last batch long before this, so it may begin again at one. */
const forgetLaneMs = 900_000;
const lanesBeforeCleaning = 256;

/**
 * Puts entries on lists so that each gets there once and in order: one call per list is under way, what comes meanwhile
 * goes with the next one, and a call whose answer was lost is repeated under the same number. After one that got no answer
 * at all nothing more is put before the bus has answered a question: what waits then is given up with certainty.
 */
export class Producer {
  readonly #lists: PutTarget;
  readonly #options: ProducerOptions;
  readonly #id: string;
  readonly #lanes = new Map<string, Lane>();
  readonly #alarm = new Alarm(() => this.#giveUpOverdue());
  #closed = false;

  constructor(lists: PutTarget, options: ProducerOptions) {
    this.#lists = lists;
    this.#options = options;
    this.#id = options.name ?? randomBytes(9).toString('base64url');
  }

  /** Resolves when the entries are on the list, or could not be put because the list is closed or full. */
  put(list: string, ...entries: readonly ByteText[]): Promise<PutOutcome> {
    return this.putAndAcknowledge(list, entries, nothingToAcknowledge);
  }

  /** The same; on a bus that {@link Lists.acknowledgesWithPut} these are acknowledged in the same step, if the entries are put. */
  putAndAcknowledge(
    list: string,
    entries: readonly ByteText[],
    acknowledge: readonly InFlight[],
  ): Promise<PutOutcome> {
    return new Promise((resolve, reject) =>
      this.add(list, { since: 0, entries, acknowledge, resolve, reject }),
    );
  }

  /** The same for callers that need no promise. They are called in the order of the entries, before anything else is put. */
  add(list: string, waiting: Waiting): void {
    if (this.#closed) {
      waiting.reject(new ImError('CLOSED', `Closed; nothing more goes on ${list}.`));
      return;
    }
    const lane = this.#lane(list);
    waiting.since = runningMs();
    lane.waiting.push(waiting);
    this.#alarm.setFor(waiting.since + this.#options.timeoutMs);
    if (!lane.running && !lane.gathering?.isToWait(lane.waiting.length, performance.now())) this.#begin(lane);
  }

  /** Refuses new entries; those under way still end as they end. */
  close(): void {
    this.#closed = true;
  }

  #lane(list: string): Lane {
    let lane = this.#lanes.get(list);
    if (!lane) {
      this.#forgetOldLanes();
      const begin = (): void => {
        if (lane && !lane.running) this.#begin(lane);
      };
      lane = {
        gathering: this.#options.gathers ? new Gathering(begin) : undefined,
        list,
        batchNumber: 0,
        usedAt: 0,
        waiting: [],
        out: undefined,
        running: false,
        answeredAt: 0,
        mustAsk: false,
        isHeld: false,
      };
      this.#lanes.set(list, lane);
    }
    return lane;
  }

  /** Lists come and go with the servers and services that they are named after. */
  #forgetOldLanes(): void {
    if (this.#lanes.size < lanesBeforeCleaning) return;
    const oldest = performance.now() - forgetLaneMs;
    for (const [list, lane] of this.#lanes) {
      if (!lane.running && lane.usedAt < oldest) this.#lanes.delete(list);
    }
  }

  #begin(lane: Lane): void {
    lane.running = true;
    // One microtask later, so that all that is sent in this turn of the event loop shares a call.
    queueMicrotask(() => void this.#run(lane));
  }

  async #run(lane: Lane): Promise<void> {
    do {
      if (lane.mustAsk) await this.#untilReady(lane);
      else await this.#putNext(lane);
    } while (lane.waiting.length > 0 && !lane.gathering?.isToWait(lane.waiting.length, performance.now()));
    lane.running = false;
    lane.usedAt = performance.now();
  }

  #nextBatch(lane: Lane): Waiting[] {
    let size = 0;
    let bytes = 0;
    let calls = 0;
    for (const { entries } of lane.waiting) {
      size += entries.length;
      for (const entry of entries) bytes += entry.length;
      if (calls > 0 && (size > this.#options.maxBatch || bytes > mostBytes)) break;
      calls += 1;
    }
    return lane.waiting.splice(0, calls);
  }

  async #putNext(lane: Lane): Promise<void> {
    const batch = this.#nextBatch(lane);
    const out: Out = {
      batch,
      since: runningMs(),
      isOver: false,
      isTrying: false,
      mayBePut: false,
      lastError: undefined,
    };
    lane.batchNumber += 1;
    lane.out = out;
    lane.gathering?.onCall(performance.now());
    const call = this.#callOf(lane, batch);
    while (!out.isOver) {
      try {
        out.isTrying = true;
        const answer = await this.#lists.put(lane.list, call);
        // Of a repetition of our own nobody need hear.
        const outcome = out.mayBePut && answer.status === 'put' ? withoutRepeat(answer) : answer;
        this.#onAnswer(lane, outcome);
        let first = 0;
        if (!isGivenUp(out)) {
          for (const waiting of batch) {
            waiting.resolve(outcome, first);
            first += waiting.entries.length;
          }
        }
        out.isOver = true;
      } catch (error) {
        if (this.#isWorthRetrying(error)) {
          out.isTrying = false;
          out.mayBePut ||= error.effect !== 'none';
          out.lastError = error;
          if (!out.isOver) await sleep(retryDelayMs);
          if (out.isOver) lane.mustAsk = true;
        } else {
          lane.answeredAt = runningMs();
          const told = out.mayBePut ? afterUnknown(error) : error;
          if (!out.isOver) for (const waiting of batch) waiting.reject(told);
          out.isOver = true;
        }
      }
    }
    lane.out = undefined;
  }

  #callOf(lane: Lane, batch: readonly Waiting[]): PutBatch {
    const { maxBytes, maxLength, whenFull, ttlMs: given } = this.#options;
    const ttlMs = typeof given === 'function' ? given(lane.list) : given;
    const acknowledge = batch.flatMap((waiting) => waiting.acknowledge);
    return {
      entries: batch.flatMap((waiting) => waiting.entries),
      producer: this.#id,
      batchNumber: lane.batchNumber,
      maxLength,
      whenFull,
      ...(maxBytes !== undefined && { maxBytes }),
      ...(ttlMs !== undefined && { ttlMs }),
      ...(acknowledge.length > 0 && { acknowledge }),
    };
  }

  #onAnswer(lane: Lane, outcome: PutOutcome): void {
    lane.answeredAt = runningMs();
    lane.mustAsk = outcome.status === 'put' && outcome.length > this.#most;
  }

  /** Nothing is put meanwhile. Ends when the bus answers and the list has room, or nobody waits any more. */
  async #untilReady(lane: Lane): Promise<void> {
    let before = Infinity;
    while (lane.waiting.length > 0) {
      try {
        const length = await this.#lists.length(lane.list);
        lane.isHeld = length > this.#most;
        if (length < before) lane.answeredAt = runningMs();
        before = length;
        if (!lane.isHeld) break;
        await sleep(lookAgainMs);
      } catch (error) {
        lane.isHeld = false;
        if (!this.#isWorthRetrying(error)) break; // the put will tell it
        await sleep(retryDelayMs);
      }
    }
    // With nobody left, the next one has to ask again.
    lane.mustAsk = lane.waiting.length === 0;
    lane.isHeld = false;
  }

  get #most(): number {
    return this.#options.holdAbove ?? Infinity;
  }

  #isWorthRetrying(error: unknown): error is ImError {
    if (!(error instanceof ImError)) return false;
    return (
      error.code === 'BUS_UNAVAILABLE' || (error.code === 'BUS_FULL' && this.#options.waitsForMemory === true)
    );
  }

  /** Returns when to look again. */
  #giveUpOverdue(): number | undefined {
    const now = runningMs();
    let next = Infinity;
    for (const lane of this.#lanes.values()) {
      if (!lane.running) continue;
      next = Math.min(next, this.#giveUpOut(lane, now), this.#giveUpWaiting(lane, now));
    }
    return next === Infinity ? undefined : next;
  }

  #giveUpOut({ list, out }: Lane, now: number): number {
    if (!out || out.isOver) return Infinity;
    const { timeoutMs } = this.#options;
    if (out.since + timeoutMs > now) return out.since + timeoutMs;
    out.isOver = true;
    const { lastError } = out;
    const effect = out.isTrying || out.mayBePut ? 'unknown' : 'none';
    const fate = effect === 'none' ? 'Nothing was put.' : 'Whether it was put is not known.';
    const what = lastError?.message ?? `Nothing was heard of a put on ${list}.`;
    const error = new ImError(
      lastError?.code ?? 'BUS_UNAVAILABLE',
      `The bus did not answer within ${timeoutMs} ms: ${what} ${fate}`,
      { cause: lastError, effect },
    );
    for (const waiting of out.batch) waiting.reject(error);
    return Infinity;
  }

  #giveUpWaiting(lane: Lane, now: number): number {
    const { timeoutMs } = this.#options;
    const deadlineOf = ({ since }: Waiting): number => Math.max(since, lane.answeredAt) + timeoutMs;
    const wanted = lane.waiting.findIndex((waiting) => deadlineOf(waiting) > now);
    const overdue = lane.waiting.splice(0, wanted < 0 ? lane.waiting.length : wanted);
    if (overdue.length > 0) {
      const error = lane.isHeld ? stuck(lane, timeoutMs) : silent(lane, timeoutMs);
      for (const waiting of overdue) waiting.reject(error);
    }
    const [first] = lane.waiting;
    return first ? deadlineOf(first) : Infinity;
  }
}

function withoutRepeat({ status, length, dropped }: PutOutcome & { status: 'put' }): PutOutcome {
  return { status, length, dropped };
}

/** A function, because the compiler takes a flag that was false once for false for ever. */
function isGivenUp(out: Out): boolean {
  return out.isOver;
}

function stuck({ list }: Lane, timeoutMs: number): ImError {
  return new ImError(
    'OVERLOADED',
    `${list} is long, and nothing was taken from it for ${timeoutMs} ms. Nothing was put.`,
  );
}

function silent({ list }: Lane, timeoutMs: number): ImError {
  return new ImError(
    'BUS_UNAVAILABLE',
    `The bus did not answer for ${timeoutMs} ms while entries waited for their turn on ${list}. Nothing was put.`,
    { effect: 'none' },
  );
}
