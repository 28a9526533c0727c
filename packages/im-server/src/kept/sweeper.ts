import { setTimeout as sleep } from 'node:timers/promises';
import type { DeviceAddress, Logger } from 'im-common';
import type { Kept } from 'im-common/bus';
import { readKept } from './kept-delivery.ts';
import type { KeptMessageEnd, LaterResults } from './later-results.ts';

export interface SweeperDeps {
  readonly kept: Kept;
  readonly later: LaterResults;
  readonly logger: Logger;
}

/** One call to the bus of each server, whether anything is kept or not. */
const everyMs = 1_000;
const addressesPerLook = 100;
const messagesPerLook = 100;

/** P-15.6. Ends messages that nobody came for in time, and tells of those that were dropped. */
export class Sweeper {
  readonly #deps: SweeperDeps;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(deps: SweeperDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const found = await this.#look().catch((error: unknown) => {
        // The next look, a minute later, finds the same.
        this.#deps.logger.warn({ err: error }, 'kept messages could not be looked after; it is tried again');
        return 0;
      });
      if (found < addressesPerLook) await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Returns how many addresses there were. */
  async #look(): Promise<number> {
    const addresses = await this.#deps.kept.due(addressesPerLook);
    await Promise.all(addresses.map((address) => this.#lookAfter(address)));
    return addresses.length;
  }

  async #lookAfter(address: DeviceAddress): Promise<void> {
    const { kept, later, logger } = this.#deps;
    const over = await kept.over(address, messagesPerLook);
    const ends = over.flatMap(({ id, text, reason }): KeptMessageEnd[] => {
      try {
        return [{ ...readKept(text), stage: 'queued', reason }];
      } catch (error) {
        logger.error({ err: error, id }, 'a kept message cannot be read; nobody is told of its end');
        return [];
      }
    });
    await later.report(address, ends);
    await kept.lookedAfter(
      address,
      over.map(({ id }) => id),
    );
  }
}
