import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import type { Bus, ByteText } from 'im-common/bus';
import {
  deadLetterList,
  deadLetterProducer,
  encodeDeadLetter,
  fromByteText,
  LeaderConsumer,
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

const mostAttempts = 3;
const pauseMs = 500;
const mostDeadLetters = 1_000;
const deadLetterTimeoutMs = 3_000;

/** Applies the orders that others put on lists of theirs, and loses none; an order may be applied twice (see LeaderConsumer). */
export class OrderTaker {
  readonly #deps: OrderTakerDeps;
  readonly #deadLetters: Producer;
  readonly #consumer: LeaderConsumer;

  constructor(deps: OrderTakerDeps) {
    const { bus, lists, logger } = deps;
    this.#deps = deps;
    this.#deadLetters = deadLetterProducer(bus.lists, {
      most: mostDeadLetters,
      timeoutMs: deadLetterTimeoutMs,
    });
    this.#consumer = new LeaderConsumer({
      ...{ bus, logger, name: 'platform:orders' },
      lists: lists.map(({ name }) => name),
      handle: async (name, text, signal) => {
        const list = lists.find((one) => one.name === name);
        if (list) await this.#apply(list, text, signal);
      },
    });
  }

  start(): void {
    this.#consumer.start();
  }

  /** Ends what is under way, and lets another instance lead. */
  async close(): Promise<void> {
    await this.#consumer.close();
    this.#deadLetters.close();
  }

  /** Resolves when the order is applied, or is a dead letter because it never will be. */
  async #apply(list: OrderList, text: ByteText, signal: AbortSignal): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await list.apply(order.parse(JSON.parse(fromByteText(text))));
        return;
      } catch (error) {
        if (isHopeless(error) || (attempt >= mostAttempts && !isOutage(error))) {
          await this.#deadLetter(list, text, error, signal);
          return;
        }
        this.#deps.logger.warn({ err: error, list: list.name }, 'an order failed; it is tried again');
        // When it rejects, the order stays in flight and is put back with the rest.
        await sleep(pauseMs, undefined, { signal });
      }
    }
  }

  async #deadLetter({ name }: OrderList, text: ByteText, error: unknown, signal: AbortSignal): Promise<void> {
    const { logger } = this.#deps;
    logger.error({ err: error, list: name }, 'an order cannot be applied; it is a dead letter now');
    const letter = encodeDeadLetter({ list: name, why: String(error), by: 'im-platform' }, text);
    for (;;) {
      try {
        await this.#deadLetters.put(deadLettersOf(name), letter);
        return;
      } catch (cause) {
        logger.warn({ err: cause, list: name }, 'a dead letter could not be put; it is tried again');
        await sleep(pauseMs, undefined, { signal });
      }
    }
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
