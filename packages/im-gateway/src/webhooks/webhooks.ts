import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import type { Bus, ByteText } from 'im-common/bus';
import {
  deadLetterList,
  deadLetterProducer,
  encodeDeadLetter,
  fromByteText,
  LeaderConsumer,
  Producer,
  toByteText,
  webhookList,
} from 'im-common/internal/bus';
import type { GatewayMetrics } from '../metrics.ts';
import { bodiesOf, headOf, type WebhookType } from './events.ts';
import { post, type Receiver } from './post.ts';

export interface WebhooksDeps {
  readonly bus: Pick<Bus, 'lists' | 'registry'>;
  readonly service: string;
  readonly receiver: Receiver;
  readonly keepMs: number;
  /** Of those that wait. */
  readonly maxBytes: number;
  readonly metrics: Pick<GatewayMetrics, 'webhook'>;
  readonly logger: Logger;
}

const mostWaiting = 1_000_000;
const mostDeadLetters = 100_000;
const putTimeoutMs = 3_000;
const firstPauseMs = 500;
const longestPauseMs = 60_000;
/** A body that will never do is shown again all the same, as receivers have bad moments. */
const mostRefusals = 3;

/**
 * What the back end is told. It waits on a list of the bus, in one order for all gateways of the service, and is taken
 * from it when the receiver has answered with 2xx. One gateway at a time, the leader, posts (P-17.7).
 */
export class Webhooks {
  readonly #deps: WebhooksDeps;
  readonly #producer: Producer;
  readonly #deadLetters: Producer;
  readonly #consumer: LeaderConsumer;
  #problem: string | undefined;
  /** What was made of the last batch of each type. */
  readonly #bodies = new Map<WebhookType, readonly string[]>();

  constructor(deps: WebhooksDeps) {
    const { bus, service, logger, maxBytes } = deps;
    this.#deps = deps;
    this.#producer = new Producer(bus.lists, {
      maxLength: mostWaiting,
      maxBytes,
      whenFull: 'refuse',
      timeoutMs: putTimeoutMs,
      maxBatch: 100,
    });
    this.#deadLetters = deadLetterProducer(bus.lists, { most: mostDeadLetters, timeoutMs: putTimeoutMs });
    this.#consumer = new LeaderConsumer({
      bus,
      name: `gateway:webhooks:${service}`,
      lists: [webhookList(service)],
      handle: (_list, text, signal) => this.#deliver(text, signal),
      logger,
    });
  }

  /** Why the last one was not taken; undefined when it was. */
  get problem(): string | undefined {
    return this.#problem;
  }

  start(): void {
    this.#consumer.start();
  }

  /**
   * Events as JSON texts, in a webhook of this type. Resolves when they are on the list; when it rejects they stay where they
   * came from, and come again as the next `attempt`: with the same ids, as they may be on the list after all.
   */
  async tell(type: WebhookType, events: readonly string[], attempt: number): Promise<void> {
    const { service } = this.#deps;
    const before = attempt > 1 ? this.#bodies.get(type) : undefined;
    const bodies = before ?? bodiesOf(type, service, events, newId);
    this.#bodies.set(type, bodies);
    const outcome = await this.#producer.put(webhookList(service), ...bodies.map(toByteText));
    if (outcome.status !== 'put') throw new Error(`The list of webhooks is ${outcome.status}.`);
    this.#bodies.delete(type);
  }

  async waiting(): Promise<number> {
    return this.#deps.bus.lists.length(webhookList(this.#deps.service));
  }

  /** Breaks off what is under way; it is posted again, by another gateway or after the next start. */
  async close(): Promise<void> {
    await this.#consumer.close();
    this.#producer.close();
    this.#deadLetters.close();
  }

  /** P-17.6. Resolves when it is taken, or a dead letter. */
  async #deliver(text: ByteText, signal: AbortSignal): Promise<void> {
    const body = fromByteText(text);
    const head = headOf(body);
    if (!head) {
      await this.#putAside(text, 'it is no webhook of a gateway', signal);
      return;
    }
    const endsAt = head.at + this.#deps.keepMs;
    let refusals = 0;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, 2 * pauseMs)) {
      const answer = await post(this.#deps.receiver, head.id, body, signal);
      signal.throwIfAborted();
      this.#deps.metrics.webhook(answer.kind);
      if (answer.kind === 'taken') {
        this.#problem = undefined;
        return;
      }
      this.#tellProblem(answer.why, head.id);
      if (answer.kind === 'refused') refusals += 1;
      if (refusals >= mostRefusals || Date.now() > endsAt) {
        await this.#putAside(text, answer.why, signal);
        return;
      }
      // Not all gateways that waited for the same receiver at the same moment.
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }

  #tellProblem(why: string, id: string): void {
    if (this.#problem === undefined)
      this.#deps.logger.warn({ id, why }, 'a webhook was not taken; it is tried again');
    this.#problem = why;
  }

  async #putAside(text: ByteText, why: string, signal: AbortSignal): Promise<void> {
    const { logger, metrics, service } = this.#deps;
    const list = webhookList(service);
    const letter = encodeDeadLetter({ list, why, by: 'im-gateway' }, text);
    while (!signal.aborted) {
      try {
        await this.#deadLetters.put(deadLetterList(list.replace(/^im:/, '')), letter);
        metrics.webhook('dead');
        logger.error({ why }, 'a webhook was given up; it is among the dead letters');
        return;
      } catch (error) {
        logger.warn({ err: error }, 'a dead letter could not be put; it is tried again');
        await sleep(firstPauseMs, undefined, { signal }).catch(() => undefined);
      }
    }
    signal.throwIfAborted();
  }
}

function newId(): string {
  return `wh_${randomBytes(12).toString('base64url')}`;
}
