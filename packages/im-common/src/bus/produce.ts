import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ImError } from '../errors.ts';
import type { InFlight, Lists, PutBatch, PutOutcome } from './bus.ts';
import type { ByteText } from './byte-text.ts';
import { runningMs } from './running-clock.ts';

export interface ProducerOptions extends Pick<PutBatch, 'maxLength' | 'whenFull' | 'ttlMs'> {
  /** How long one entry may wait for a bus that is away before its put is rejected. */
  readonly timeoutMs: number;
  /** Whether a bus without memory is waited for like one that is away, instead of telling the caller. @default false */
  readonly waitsForMemory?: boolean;
  /** Most entries in one call. More saves round trips under load and holds the bus longer for each. */
  readonly maxBatch: number;
}

interface Waiting {
  readonly entries: readonly ByteText[];
  readonly settle: readonly InFlight[];
  readonly deadline: number;
  readonly resolve: (outcome: PutOutcome) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  turn: number;
  usedAt: number;
  waiting: Waiting[];
  running: boolean;
}

const nothingToSettle: readonly InFlight[] = [];
const retryDelayMs = 50;
/** Longer calls hold up everybody else's on the connection. */
const mostBytes = 4_194_304;
/** The bus has forgotten a producer's turn long before this, so it may begin again at one. */
const forgetLaneMs = 900_000;
const lanesBeforeCleaning = 256;

/**
 * Puts entries on lists so that each gets there once and in order: one call per list is under way, what comes meanwhile
 * goes with the next one, and a call whose answer was lost is repeated under the same turn.
 */
export class Producer {
  readonly #lists: Lists;
  readonly #options: ProducerOptions;
  readonly #id = randomBytes(9).toString('base64url');
  readonly #lanes = new Map<string, Lane>();
  #closed = false;

  constructor(lists: Lists, options: ProducerOptions) {
    this.#lists = lists;
    this.#options = options;
  }

  /** Resolves when the entries are on the list, or could not be put because the list is closed or full. */
  put(list: string, ...entries: readonly ByteText[]): Promise<PutOutcome> {
    return this.putAndSettle(list, entries, nothingToSettle);
  }

  /** The same; on a bus that {@link Lists.settlesWithPut} these are settled in the same step, if the entries are put. */
  putAndSettle(list: string, entries: readonly ByteText[], settle: readonly InFlight[]): Promise<PutOutcome> {
    if (this.#closed) return Promise.reject(new ImError('CLOSED', `Closed; nothing more goes on ${list}.`));
    return new Promise((resolve, reject) => {
      const lane = this.#lane(list);
      const deadline = runningMs() + this.#options.timeoutMs;
      lane.waiting.push({ entries, settle, resolve, reject, deadline });
      if (lane.running) return;
      lane.running = true;
      // One microtask later, so that all that is sent in this turn of the event loop shares a call.
      queueMicrotask(() => void this.#run(list, lane));
    });
  }

  /** Refuses new entries; those under way still end as they end. */
  close(): void {
    this.#closed = true;
  }

  #lane(list: string): Lane {
    let lane = this.#lanes.get(list);
    if (!lane) {
      this.#forgetOldLanes();
      lane = { turn: 0, usedAt: 0, waiting: [], running: false };
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

  async #run(list: string, lane: Lane): Promise<void> {
    while (lane.waiting.length > 0) {
      const batch = this.#nextBatch(lane);
      lane.turn += 1;
      try {
        const outcome = await this.#putBatch(list, lane.turn, batch);
        for (const { resolve } of batch) resolve(outcome);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
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

  async #putBatch(list: string, turn: number, batch: readonly Waiting[]): Promise<PutOutcome> {
    const { maxLength, whenFull, ttlMs } = this.#options;
    const entries = batch.flatMap((waiting) => waiting.entries);
    const settle = batch.flatMap((waiting) => waiting.settle);
    const call = {
      entries,
      producer: this.#id,
      turn,
      maxLength,
      whenFull,
      ...(ttlMs !== undefined && { ttlMs }),
      ...(settle.length > 0 && { settle }),
    };
    // The youngest entry decides: older ones wait at most one batch longer than they asked for.
    const deadline = batch.at(-1)?.deadline ?? 0;
    for (;;) {
      try {
        return await this.#lists.put(list, call);
      } catch (error) {
        const worthRetrying =
          error instanceof ImError &&
          (error.code === 'BUS_UNAVAILABLE' || (error.code === 'BUS_FULL' && this.#options.waitsForMemory));
        if (!worthRetrying || runningMs() + retryDelayMs >= deadline) throw error;
        await sleep(retryDelayMs);
      }
    }
  }
}
