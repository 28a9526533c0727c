import { setTimeout as sleep } from 'node:timers/promises';
import type { Devices } from '../device/devices.ts';
import type { ResolvedOptions } from '../options/options.ts';

export interface InFlightLimitDeps {
  readonly options: Pick<ResolvedOptions, 'maxInFlight' | 'maxInFlightBytes'>;
  readonly devices: Devices;
  readonly reporter: { readonly inFlight: number; readonly inFlightBytes: number };
  /** When it aborts, there is no limit any more. */
  readonly signal: AbortSignal;
}

/** How long all may wait before those devices are closed that cause it. */
const crowdedMs = 250;
const pauseMs = 5;

/** Bounds what is in flight here: the rest waits on the lists, where it costs no memory of ours. */
export class InFlightLimit {
  readonly #deps: InFlightLimitDeps;

  constructor(deps: InFlightLimitDeps) {
    this.#deps = deps;
  }

  /** Resolves when more messages may be taken, up to a share of the limit; undefined when they may now. */
  whenBelow(share: () => number): Promise<void> | undefined {
    return this.#isBelow(share()) ? undefined : this.#wait(share);
  }

  #isBelow(share: number): boolean {
    const { options, reporter } = this.#deps;
    return (
      reporter.inFlight < options.maxInFlight * share &&
      reporter.inFlightBytes < options.maxInFlightBytes * share
    );
  }

  async #wait(share: () => number): Promise<void> {
    const since = performance.now();
    while (!this.#isBelow(share()) && !this.#deps.signal.aborted) {
      if (performance.now() - since > crowdedMs) this.#closeTheSlowest();
      await sleep(pauseMs);
    }
  }

  /** Devices that have not proved much of what is in flight: all others would wait for them. */
  #closeTheSlowest(): void {
    const { devices, options } = this.#deps;
    for (const connection of devices.all) {
      if (connection.unprovenCount > options.maxInFlight / 10) connection.closeSlowReader();
    }
  }
}
