import { randomBytes } from 'node:crypto';
import type { Logger } from 'im-common';
import type { Registry } from 'prom-client';
import type { Database } from '../db/database.ts';
import { Deliverer } from './deliverer.ts';
import { EventMetrics } from './event-metrics.ts';
import { writeEvents } from './event-writer.ts';
import type { Outbox } from './outbox.ts';
import { OutboxStore } from './outbox-store.ts';
import type { Sink } from './sink.ts';
import { SinkStore, type SinkRow } from './sink-store.ts';

export interface DeliveriesDeps {
  readonly database: Pick<Database, 'sql' | 'transaction'>;
  readonly outbox: Outbox;
  readonly metrics: Registry;
  readonly logger: Logger;
  /** Those of the options, by their names. */
  readonly sinks: ReadonlyMap<string, () => Sink>;
  readonly openWebhook: (row: SinkRow) => Sink;
  /** How often it is looked who is to be told. */
  readonly everyMs: number;
  /** How long events are kept, told or not. */
  readonly keepMs: number;
}

interface Open {
  readonly as: string;
  readonly deliverer: Deliverer;
}

const forgetEveryMs = 60_000;

/** Who is told of what happens, as the table and the options have it, and that it is told. */
export class Deliveries {
  readonly #deps: DeliveriesDeps;
  readonly #sinks: SinkStore;
  readonly #store: OutboxStore;
  readonly #metrics: EventMetrics;
  readonly #owner = randomBytes(12).toString('base64url');
  readonly #open = new Map<string, Open>();
  #forgetAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(deps: DeliveriesDeps) {
    const { database, metrics } = deps;
    this.#deps = deps;
    this.#sinks = new SinkStore(database);
    this.#store = new OutboxStore(database);
    this.#metrics = new EventMetrics(metrics, { outbox: this.#store, sinks: this.#sinks });
  }

  /** Resolves when what is to be told is written down from then on. */
  async start(): Promise<void> {
    for (const id of this.#deps.sinks.keys()) await this.#sinks.meet(id);
    await this.look();
    this.#lookLater();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#looking.catch(() => undefined);
    await Promise.all(Array.from(this.#open.values(), ({ deliverer }) => deliverer.close()));
  }

  /** Who is to be told now. */
  look(): Promise<void> {
    this.#looking = this.#looking.catch(() => undefined).then(() => this.#look());
    return this.#looking;
  }

  async #look(): Promise<void> {
    const { sinks, outbox } = this.#deps;
    const rows = (await this.#sinks.list()).filter(({ id, url }) => url !== null || sinks.has(id));
    // Also for those that are off: what happens meanwhile is kept for them.
    outbox.listenTo(rows.map(({ id, events, filter }) => ({ id, events: new Set(events), filter })));
    this.#metrics.areUsed = rows.length > 0;
    const wanted = new Map(rows.filter(({ offTime }) => offTime === null).map((row) => [row.id, row]));
    const endings: Promise<void>[] = [];
    for (const [id, { as, deliverer }] of this.#open) {
      const row = wanted.get(id);
      if (row && as === formOf(row)) continue;
      this.#open.delete(id);
      endings.push(deliverer.close());
    }
    await Promise.all(endings);
    for (const row of wanted.values()) if (!this.#open.has(row.id) && !this.#isClosed) this.#begin(row);
    if (rows.length > 0 && Date.now() >= this.#forgetAt) await this.#forget();
  }

  #begin(row: SinkRow): void {
    const { database, sinks, openWebhook, logger } = this.#deps;
    const open = sinks.get(row.id);
    const deliverer = new Deliverer({
      ...{ id: row.id, sink: open ? open() : openWebhook(row), owner: this.#owner },
      ...{ outbox: this.#store, sinks: this.#sinks, logger },
      write: (events) => writeEvents(database, events),
      onOutcome: (sink, outcome) => this.#metrics.count(sink, outcome),
    });
    this.#open.set(row.id, { as: formOf(row), deliverer });
    deliverer.start();
  }

  #lookLater(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      void this.look()
        .catch((error: unknown) => {
          this.#deps.logger.warn(
            { err: error },
            'who is told of events could not be looked up; it is tried again',
          );
        })
        .finally(() => this.#lookLater());
    }, this.#deps.everyMs);
  }

  async #forget(): Promise<void> {
    const { keepMs, logger } = this.#deps;
    this.#forgetAt = Date.now() + forgetEveryMs;
    const untold = await this.#store.forgetBefore(Date.now() - keepMs);
    if (untold === 0) return;
    this.#metrics.countDropped(untold);
    logger.error(
      { events: untold },
      'events are forgotten that nobody was told of: they were kept long enough',
    );
  }
}

/** What of a row makes it another sink. */
function formOf({ url, secret, formerSecret, formerEndTime }: SinkRow): string {
  return JSON.stringify([url, secret, formerSecret, formerEndTime]);
}
