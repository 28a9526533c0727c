import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import type { Bus, ByteText, Taken } from 'im-common/bus';
import {
  consume,
  deadLetterList,
  deadLetterProducer,
  encodeDeadLetter,
  fromByteText,
  putBack,
  type Producer,
} from 'im-common/internal/bus';
import { z } from 'zod';
import { Refusal } from '../http/refusal.ts';
import { isOutage } from '../outage.ts';
import { order, type OrderList } from './orders.ts';

export interface OrderTakerDeps {
  readonly bus: Pick<Bus, 'lists' | 'registry'>;
  readonly lists: readonly OrderList[];
  readonly logger: Logger;
}

/** How long the orders wait when the instance that takes them dies. */
const leadershipMs = 5_000;
const mostPerTake = 20;
const mostAttempts = 3;
const pauseMs = 500;
const mostDeadLetters = 1_000;
const deadLetterTimeoutMs = 3_000;

/**
 * Applies the orders that others put on lists of theirs, and loses none: an order is in flight until it is applied. One instance,
 * the leader, takes them. A new leader begins with what the last one left in flight, so an order may be applied
 * twice: by an instance that died or slept, and by its successor.
 */
export class OrderTaker {
  readonly #deps: OrderTakerDeps;
  readonly #me = randomBytes(9).toString('base64url');
  readonly #deadLetters: Producer;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(deps: OrderTakerDeps) {
    this.#deps = deps;
    this.#deadLetters = deadLetterProducer(deps.bus.lists, {
      most: mostDeadLetters,
      timeoutMs: deadLetterTimeoutMs,
    });
  }

  start(): void {
    this.#loop ??= this.#run(this.#stopping.signal);
  }

  /** Ends what is under way, and lets another instance lead. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    this.#deadLetters.close();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.#isLeader()) await this.#lead(signal);
      await pause(leadershipMs / 3, signal);
    }
  }

  async #lead(stopping: AbortSignal): Promise<void> {
    const leadership = new AbortController();
    const taking = Promise.all(this.#deps.lists.map((list) => this.#take(list, leadership.signal)));
    do await pause(leadershipMs / 3, stopping);
    while (!stopping.aborted && (await this.#isLeader()));
    leadership.abort();
    await taking;
    if (stopping.aborted) await this.#resign();
  }

  /** Takes the leadership if it is free, and prolongs it. */
  async #isLeader(ms = leadershipMs): Promise<boolean> {
    const { bus, logger } = this.#deps;
    try {
      return await bus.registry.lock('platform:orders', this.#me, ms);
    } catch (error) {
      logger.debug({ err: error }, 'the bus does not say who leads in taking orders');
      return false;
    }
  }

  async #take(list: OrderList, signal: AbortSignal): Promise<void> {
    const { bus, logger } = this.#deps;
    const { name } = list;
    let isTidy = false;
    await consume(
      bus.lists,
      {
        list: name,
        consumer: this.#me,
        maxBatch: mostPerTake,
        signal,
        ready: async () => {
          if (!isTidy) await this.#putBackOf(name, (consumer) => consumer !== this.#me);
          isTidy = true;
        },
        // Another instance leads, and has put back what we had. Or Redis has lost its memory: then we go on.
        onUnknown: () => {
          isTidy = false;
          return this.#isLeader();
        },
        onOutage: (error) => {
          logger.warn({ err: error, list: name }, 'orders cannot be taken; it is tried again');
        },
      },
      (batch) => this.#applyAll(list, batch, signal),
    );
  }

  async #applyAll(list: OrderList, batch: readonly Taken[], signal: AbortSignal): Promise<void> {
    for (const { seq, text } of batch) {
      if (signal.aborted) return;
      await this.#apply(list, text, signal);
      await this.#deps.bus.lists.settle(list.name, this.#me, [seq]);
    }
  }

  /** Resolves when the order is applied, or is a dead letter because it never will be. */
  async #apply(list: OrderList, text: ByteText, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await list.apply(order.parse(JSON.parse(fromByteText(text))));
        return;
      } catch (error) {
        if (isHopeless(error) || (attempt >= mostAttempts && !isOutage(error))) {
          await this.#deadLetter(list, text, error);
          return;
        }
        this.#deps.logger.warn({ err: error, list: list.name }, 'an order failed; it is tried again');
        await pause(pauseMs, signal);
        // It stays in flight, and is put back with the rest.
        if (signal.aborted) throw error;
      }
    }
  }

  async #deadLetter({ name }: OrderList, text: ByteText, error: unknown): Promise<void> {
    this.#deps.logger.error(
      { err: error, list: name },
      'an order cannot be applied; it is a dead letter now',
    );
    const letter = encodeDeadLetter({ list: name, why: String(error), by: 'im-platform' }, text);
    await this.#deadLetters.put(deadLettersOf(name), letter);
  }

  async #resign(): Promise<void> {
    try {
      for (const { name } of this.#deps.lists)
        await this.#putBackOf(name, (consumer) => consumer === this.#me);
      await this.#isLeader(1);
    } catch (error) {
      this.#deps.logger.debug({ err: error }, 'the leadership in taking orders ends by itself');
    }
  }

  async #putBackOf(list: string, isOver: (consumer: string) => boolean): Promise<void> {
    const { bus, logger } = this.#deps;
    const count = await putBack(bus.lists, list, isOver);
    if (count > 0) logger.info({ list, count }, 'orders that were left in flight are put back');
  }
}

/** `im:dead:queue:…`, where people look for what could not be done. */
function deadLettersOf(list: string): string {
  return deadLetterList(list.replace(/^im:/, ''));
}

/** It says nothing that could be done, now or later. */
function isHopeless(error: unknown): boolean {
  return error instanceof SyntaxError || error instanceof z.ZodError || error instanceof Refusal;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
