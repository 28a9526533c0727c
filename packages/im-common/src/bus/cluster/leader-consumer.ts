import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../../logger.ts';
import type { Bus, Taken } from '../bus.ts';
import type { ByteText } from '../byte-text.ts';
import { putBack } from './take-over.ts';
import { consume } from '../consume.ts';

export interface LeaderConsumerOptions {
  readonly bus: Pick<Bus, 'lists' | 'registry'>;
  /** Names what is led. */
  readonly name: string;
  readonly lists: readonly string[];
  /**
   * Resolves when the entry is dealt with: it is acknowledged then. Rejects only when the signal has aborted: the entry stays in
   * flight then, for the next leader.
   */
  readonly handle: (list: string, entry: ByteText, signal: AbortSignal) => Promise<void>;
  readonly logger: Logger;
}

/** How long entries wait when the leader dies. */
const leadershipMs = 5_000;
const mostPerTake = 20;
const pauseMs = 500;

/**
 * Takes entries from lists, one after the other, and loses none: each is in flight until it is dealt with. One instance, the
 * leader, takes them. A new leader begins with what the last one left in flight, so an entry may be handled twice: by an
 * instance that died or slept, and by its successor.
 */
export class LeaderConsumer {
  readonly #options: LeaderConsumerOptions;
  readonly #me = randomBytes(9).toString('base64url');
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(options: LeaderConsumerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#loop ??= this.#run(this.#stopping.signal);
  }

  /** Breaks off what is under way, and lets another instance lead. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.#isLeader()) await this.#lead(signal);
      await pause(leadershipMs / 3, signal);
    }
  }

  async #lead(stopping: AbortSignal): Promise<void> {
    const leadership = new AbortController();
    const taking = Promise.all(this.#options.lists.map((list) => this.#take(list, leadership)));
    const either = AbortSignal.any([stopping, leadership.signal]);
    do await pause(leadershipMs / 3, either);
    while (!either.aborted && (await this.#isLeader()));
    leadership.abort();
    await taking;
    if (stopping.aborted) await this.#resign();
  }

  /** Takes the leadership if it is free, and prolongs it. */
  async #isLeader(ms = leadershipMs): Promise<boolean> {
    const { bus, logger, name } = this.#options;
    try {
      return await bus.registry.lock(name, this.#me, ms);
    } catch (error) {
      logger.debug({ err: error, name }, 'the bus does not say who leads');
      return false;
    }
  }

  async #take(list: string, leadership: AbortController): Promise<void> {
    const { bus, logger } = this.#options;
    const { signal } = leadership;
    let isTidy = false;
    await consume(
      bus.lists,
      {
        list,
        consumer: this.#me,
        maxBatch: mostPerTake,
        signal,
        ready: async () => {
          if (!isTidy) await this.#putBackOf(list, (consumer) => consumer !== this.#me);
          isTidy = true;
        },
        // Another instance leads, and has put back what we had. Or Redis has lost its memory: then we go on.
        onUnknown: async () => {
          isTidy = false;
          const goesOn = await this.#isLeader();
          // Who takes no more does not lead, or nobody would take.
          if (!goesOn) leadership.abort();
          return goesOn;
        },
        onOutage: (error) => {
          logger.warn({ err: error, list }, 'the list cannot be taken from; it is tried again');
        },
      },
      (batch) => this.#handleAll(list, batch, signal),
    );
  }

  async #handleAll(list: string, batch: readonly Taken[], signal: AbortSignal): Promise<void> {
    for (const { seq, text } of batch) {
      if (signal.aborted) return;
      try {
        await this.#options.handle(list, text, signal);
      } catch (error) {
        this.#options.logger.debug({ err: error, list }, 'an entry is left in flight');
        continue;
      }
      await this.#acknowledge(list, seq, signal);
    }
  }

  /** What was handled must not stand in the way of the rest of its batch, which nobody else would take meanwhile. */
  async #acknowledge(list: string, seq: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#options.bus.lists.acknowledge(list, this.#me, [seq]);
        return;
      } catch (error) {
        this.#options.logger.debug(
          { err: error, list },
          'an entry cannot be acknowledged; it is tried again',
        );
        await pause(pauseMs, signal);
      }
    }
  }

  async #resign(): Promise<void> {
    const { lists, logger, name } = this.#options;
    try {
      for (const list of lists) await this.#putBackOf(list, (consumer) => consumer === this.#me);
      await this.#isLeader(1);
    } catch (error) {
      logger.debug({ err: error, name }, 'the leadership ends by itself');
    }
  }

  async #putBackOf(list: string, isOver: (consumer: string) => boolean): Promise<void> {
    const { bus, logger } = this.#options;
    const count = await putBack(bus.lists, list, isOver);
    if (count > 0) logger.info({ list, count }, 'entries that were left in flight are put back');
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
