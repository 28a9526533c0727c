import type { DeviceAddress } from 'im-common';
import type { Reason, Stage } from 'im-common/bus';
import type { DeviceMessage } from '../device/unproven.ts';
import type { Framing } from '../wire/link.ts';
import type { SharedOutcome } from './recent-outcomes.ts';

/** How it ended. `missed`: nobody was given it as all left. `skipped`: it is not for them any more. */
type End = SharedOutcome | 'missed' | 'skipped';

/** One message on its way to several connections of an address: one that proves it is enough. */
export class SharedDelivery implements DeviceMessage {
  readonly dueSince: number;
  readonly replaces: string | undefined;
  readonly isHigh: boolean;
  readonly #message: DeviceMessage;
  readonly #onEnd: (end: End) => void;
  /** Without an outcome. */
  #left: number;
  #failure: SharedOutcome | undefined;
  #isProved = false;

  constructor(message: DeviceMessage, connections: number, onEnd: (end: End) => void) {
    this.#message = message;
    this.dueSince = message.dueSince;
    this.replaces = message.replaces;
    this.isHigh = message.isHigh;
    this.#left = connections;
    this.#onEnd = onEnd;
  }

  get isOutdated(): boolean {
    return this.#message.isOutdated;
  }

  frame(framing: Framing, acknowledged: boolean): string {
    return this.#message.frame(framing, acknowledged);
  }

  resolve(_: DeviceAddress, stage: Stage, reason?: Reason): void {
    this.#left -= 1;
    if (this.#isProved) return;
    if (reason === undefined) {
      this.#isProved = true;
      this.#onEnd({ stage, reason });
      return;
    }
    this.#failure ??= { stage, reason };
    this.#endIfLast('missed');
  }

  missed(): void {
    this.#left -= 1;
    this.#endIfLast('missed');
  }

  isFor(address: DeviceAddress): boolean {
    return this.#message.isFor(address);
  }

  skip(): void {
    this.#left -= 1;
    this.#endIfLast('skipped');
  }

  #endIfLast(otherwise: 'missed' | 'skipped'): void {
    if (this.#left === 0 && !this.#isProved) this.#onEnd(this.#failure ?? otherwise);
  }
}
