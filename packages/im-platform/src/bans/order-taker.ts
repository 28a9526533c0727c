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

export interface OrderTakerParts {
  readonly bus: Pick<Bus, 'lists' | 'registry'>;
  readonly lists: readonly OrderList[];
  readonly logger: Logger;
}

/** How long the orders wait when the instance whose turn it is dies. */
const turnMs = 5_000;
const mostPerTake = 20;
const mostAttempts = 3;
const pauseMs = 500;
const mostDeadLetters = 1_000;
const deadLetterTimeoutMs = 3_000;

/**
 * Obeys what others put on lists of theirs, and loses none of it: an order is in flight until it is obeyed. One instance
 * at a time does so. Whoever gets the turn first puts back what the last one left in flight, so an order may be obeyed
 * twice, by an instance that died or slept and by its successor.
 */
export class OrderTaker {
  readonly #parts: OrderTakerParts;
  readonly #me = randomBytes(9).toString('base64url');
  readonly #deadLetters: Producer;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(parts: OrderTakerParts) {
    this.#parts = parts;
    this.#deadLetters = deadLetterProducer(parts.bus.lists, {
      most: mostDeadLetters,
      timeoutMs: deadLetterTimeoutMs,
    });
  }

  start(): void {
    this.#loop ??= this.#run(this.#stopping.signal);
  }

  /** Ends what is under way, and lets another instance go on. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    this.#deadLetters.close();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (await this.#hasTurn()) await this.#takeTurn(signal);
      await pause(turnMs / 3, signal);
    }
  }

  async #takeTurn(stopping: AbortSignal): Promise<void> {
    const turn = new AbortController();
    const taking = Promise.all(this.#parts.lists.map((list) => this.#take(list, turn.signal)));
    do await pause(turnMs / 3, stopping);
    while (!stopping.aborted && (await this.#hasTurn()));
    turn.abort();
    await taking;
    if (stopping.aborted) await this.#handOver();
  }

  /** Also keeps it for a while. */
  async #hasTurn(ms = turnMs): Promise<boolean> {
    const { bus, logger } = this.#parts;
    try {
      return await bus.registry.lock('platform:orders', this.#me, ms);
    } catch (error) {
      logger.debug({ err: error }, 'the bus does not say whose turn it is to take orders');
      return false;
    }
  }

  async #take(list: OrderList, signal: AbortSignal): Promise<void> {
    const { bus, logger } = this.#parts;
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
        // Another instance has put back what we had: it is its turn. Or Redis has lost its memory: then we go on.
        onUnknown: () => {
          isTidy = false;
          return this.#hasTurn();
        },
        onOutage: (error) => {
          logger.warn({ err: error, list: name }, 'orders cannot be taken; it is tried again');
        },
      },
      (batch) => this.#obeyAll(list, batch, signal),
    );
  }

  async #obeyAll(list: OrderList, batch: readonly Taken[], signal: AbortSignal): Promise<void> {
    for (const { seq, text } of batch) {
      if (signal.aborted) return;
      await this.#obey(list, text, signal);
      await this.#parts.bus.lists.settle(list.name, this.#me, [seq]);
    }
  }

  /** Resolves when the order is obeyed, or put aside because it never will be. */
  async #obey(list: OrderList, text: ByteText, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await list.obey(order.parse(JSON.parse(fromByteText(text))));
        return;
      } catch (error) {
        if (isHopeless(error) || (attempt >= mostAttempts && !isOutage(error))) {
          await this.#putAside(list, text, error);
          return;
        }
        this.#parts.logger.warn({ err: error, list: list.name }, 'an order failed; it is tried again');
        await pause(pauseMs, signal);
        // It stays in flight, and is put back with the rest.
        if (signal.aborted) throw error;
      }
    }
  }

  async #putAside({ name }: OrderList, text: ByteText, error: unknown): Promise<void> {
    this.#parts.logger.error({ err: error, list: name }, 'an order cannot be obeyed; it is put aside');
    const letter = encodeDeadLetter({ list: name, why: String(error), by: 'im-platform' }, text);
    await this.#deadLetters.put(deadLettersOf(name), letter);
  }

  async #handOver(): Promise<void> {
    try {
      for (const { name } of this.#parts.lists)
        await this.#putBackOf(name, (consumer) => consumer === this.#me);
      await this.#hasTurn(1);
    } catch (error) {
      this.#parts.logger.debug({ err: error }, 'the turn to take orders ends by itself');
    }
  }

  async #putBackOf(list: string, isOver: (consumer: string) => boolean): Promise<void> {
    const { bus, logger } = this.#parts;
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
