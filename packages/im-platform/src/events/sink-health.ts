import type { Logger } from 'im-common';
import { isOffBy, pauseMs } from './pace.ts';
import type { SinkStore } from './sink-store.ts';

export interface SinkHealthDeps {
  readonly id: string;
  readonly sinks: Pick<SinkStore, 'change' | 'find'>;
  readonly logger: Logger;
}

/** So many failures in a row, and it is the receiver, not an event: one is tried at a time, until one gets through. */
const awayAfter = 8;
const longestAwayMs = 60_000;
const mostOfWhy = 255;

/** Whether anything gets through to a sink. */
export class SinkHealth {
  readonly #deps: SinkHealthDeps;
  #failures = 0;
  #notBefore = 0;
  #failingSince: number | null = null;
  #storing: Promise<unknown> = Promise.resolve();

  constructor(deps: SinkHealthDeps) {
    this.#deps = deps;
  }

  get isAway(): boolean {
    return this.#failures >= awayAfter;
  }

  /** How many more may be under way. */
  free(parallel: number, busy: number, now: number): number {
    if (!this.isAway) return parallel - busy;
    return now < this.#notBefore ? 0 : 1 - busy;
  }

  /** What another instance has found out meanwhile. */
  async readAgain(): Promise<void> {
    const { id, sinks } = this.#deps;
    this.#failures = 0;
    this.#failingSince = (await sinks.find(id))?.failingSince ?? null;
  }

  async worked(): Promise<void> {
    this.#failures = 0;
    if (this.#failingSince === null) return;
    const { id, logger } = this.#deps;
    this.#failingSince = null;
    logger.info({ sink: id }, 'events are taken again');
    await this.#store({ failingSince: null, lastError: null });
  }

  /** False: nothing has got through for so long that it is off now, until somebody turns it on again. */
  async failed(why: string, now: number): Promise<boolean> {
    const { id, logger } = this.#deps;
    // Something else may get through while this is stored.
    const since = this.#failingSince ?? now;
    this.#failures += 1;
    if (this.isAway) this.#notBefore = now + pauseMs(this.#failures - awayAfter + 1, longestAwayMs);
    const lastError = why.slice(0, mostOfWhy);
    if (this.#failingSince === null) {
      this.#failingSince = now;
      logger.warn({ sink: id, why }, 'an event was not taken; it is tried again');
      await this.#store({ failingSince: now, lastError });
    }
    if (!isOffBy(since, now)) return true;
    logger.error(
      { sink: id, why },
      'nothing was taken for three days: no events are sent until it is turned on',
    );
    await this.#store({ offTime: now, lastError });
    return false;
  }

  /** In the order in which it is found out. */
  #store(changes: Parameters<SinkStore['change']>[1]): Promise<unknown> {
    const { id, sinks } = this.#deps;
    this.#storing = this.#storing.catch(() => undefined).then(() => sinks.change(id, changes));
    return this.#storing;
  }
}
