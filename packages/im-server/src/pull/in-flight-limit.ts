import { setTimeout as sleep } from 'node:timers/promises';
import type { Devices } from '../device/devices.ts';
import type { Reporter } from '../report/reporter.ts';

export interface RoomOptions {
  readonly maxInFlight: number;
  readonly maxInFlightBytes: number;
  readonly devices: Devices;
  readonly reporter: Pick<Reporter, 'inFlight' | 'inFlightBytes'>;
}

/** How long everybody may wait for room before those who take most of it go. */
const crowdedMs = 250;
const pauseMs = 5;

/** Bounds what is in flight here: the rest waits on the lists, where it costs no memory of ours. */
export class Room {
  readonly #options: RoomOptions;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  /** Resolves when there is room for more messages, or the signal aborts; undefined when there is room now. */
  whenFree(signal: AbortSignal): Promise<void> | undefined {
    return this.#isFree ? undefined : this.#wait(signal);
  }

  get #isFree(): boolean {
    const { maxInFlight, maxInFlightBytes, reporter } = this.#options;
    return reporter.inFlight < maxInFlight && reporter.inFlightBytes < maxInFlightBytes;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const since = performance.now();
    while (!this.#isFree && !signal.aborted) {
      if (performance.now() - since > crowdedMs) this.#cutOffTheGreedy();
      await sleep(pauseMs);
    }
  }

  /** Devices that owe their proof for much of what is in flight: everybody else would wait for them. */
  #cutOffTheGreedy(): void {
    const { devices, maxInFlight } = this.#options;
    for (const connection of devices.all) {
      if (connection.unprovenCount > maxInFlight / 10) connection.cutOff();
    }
  }
}
