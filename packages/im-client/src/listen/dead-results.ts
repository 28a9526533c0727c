import type { ByteText, Lists } from 'im-common/bus';
import {
  deadLetterList,
  deadLetterProducer,
  encodeDeadLetter,
  resultList,
  type Producer,
} from 'im-common/internal/bus';
import { keepTrying } from '../bus/keep-trying.ts';
import type { ClientMetrics } from '../metrics.ts';
import { resultTexts } from './forwarder.ts';
import type { ResultInFlight } from './result-in-flight.ts';

/** A listener that fails for minutes fails for many results. */
const mostKept = 100_000;

/** Where the dead letters of a service's results are, for `deadLetterList`. */
export function deadResultsOf(service: string): string {
  return `result:${service}`;
}

export interface DeadResultsOptions {
  readonly service: string;
  readonly timeoutMs: number;
  /** Aborts when the client is closed. */
  readonly signal: AbortSignal;
  readonly metrics: ClientMetrics | undefined;
}

/** Puts results on the dead-letter list: those that no listener could take, and those that cannot be read. */
export class DeadResults {
  readonly #producer: Producer;
  readonly #service: string;
  readonly #signal: AbortSignal;
  readonly #metrics: ClientMetrics | undefined;

  constructor(lists: Lists, options: DeadResultsOptions) {
    this.#service = options.service;
    this.#metrics = options.metrics;
    this.#signal = options.signal;
    this.#producer = deadLetterProducer(lists, { most: mostKept, timeoutMs: options.timeoutMs });
  }

  /** A letter for each result: a replay gives it to any instance that listens. */
  async putBatch(listener: string, batch: readonly ResultInFlight[], error: unknown): Promise<void> {
    const about = { why: String(error), by: `listener ${listener}` };
    const letters = batch.flatMap(({ kind, result }) => {
      const list = resultList(kind, this.#service);
      return resultTexts(kind, result).map((text) => encodeDeadLetter({ list, ...about }, text));
    });
    await this.#put(letters);
  }

  async putUnreadable(list: string, text: ByteText, error: unknown): Promise<void> {
    await this.#put([encodeDeadLetter({ list, why: String(error), by: `service ${this.#service}` }, text)]);
  }

  async #put(letters: readonly ByteText[]): Promise<void> {
    const list = deadLetterList(deadResultsOf(this.#service));
    await keepTrying(this.#signal, () => this.#producer.put(list, ...letters));
    this.#metrics?.deadLettered('result', letters.length);
  }
}
