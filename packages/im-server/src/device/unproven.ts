import type { DeviceAddress } from 'im-common';
import type { Reason, Stage } from 'im-common/bus';
import { LinkedSet, type Linked } from 'im-common/internal/bus';
import type { Framing } from '../wire/link.ts';

/** A message as a device's connection knows it. */
export interface DeviceMessage {
  /** Since when its device is waited for, by the clock of devices' deadlines. */
  readonly dueSince: number;
  /** Nobody is to be given it any more. */
  readonly isOutdated: boolean;
  /** Of several with the same key only the youngest matters. */
  readonly replaces: string | undefined;
  /** It goes before what has to wait. */
  readonly isHigh: boolean;
  /** Its bytes; `acknowledged` for devices that acknowledge. */
  frame(framing: Framing, acknowledged: boolean): string;
  /** How far it got with one of its receivers. To be called once for each. */
  resolve(address: DeviceAddress, stage: Stage, reason?: Reason): void;
  /** Instead of that: it was not written, as its device leaves. */
  missed(address: DeviceAddress): void;
  /** Asked about a device that was waited for, in the moment in which it is to get it: much may have changed since. */
  isFor(address: DeviceAddress): boolean;
  /** Instead of all that: it is not for this one, and nobody is told. */
  skip(): void;
}

interface Delivery extends Linked<Delivery> {
  readonly message: DeviceMessage;
  readonly address: DeviceAddress;
  /** The write round that carried it. */
  readonly round: number;
}

/**
 * What one device was sent and has not proved to have. Frames arrive in the order in which they were written, so proof
 * is a watermark: of the last write round that a pong covers, or of how many messages the application acknowledged.
 */
export class Unproven {
  /** No array: most devices have one message at a time. See engine.ts on arrays. */
  readonly #deliveries = new LinkedSet<Delivery>();
  #acknowledged = 0;
  /** Nothing is waited for since before then, by the clock of devices' deadlines: what had to wait here was not the device's fault. */
  notSince = 0;

  get count(): number {
    return this.#deliveries.size;
  }

  /** When the oldest one was taken to be written, by the clock of devices' deadlines; undefined when all is proved. */
  get oldestAt(): number | undefined {
    const { first } = this.#deliveries;
    return first && Math.max(first.message.dueSince, this.notSince);
  }

  /** The write round of the youngest one. */
  get lastRound(): number {
    return this.#deliveries.last?.round ?? 0;
  }

  add(message: DeviceMessage, address: DeviceAddress, round: number): void {
    this.#deliveries.add({ message, address, round, linkBefore: undefined, linkAfter: undefined });
  }

  /** All that went in this round or before has got as far as `stage`. */
  proveThrough(round: number, stage: Stage): void {
    for (let next = this.#deliveries.first; next && next.round <= round; next = this.#deliveries.first) {
      this.#deliveries.delete(next);
      next.message.resolve(next.address, stage);
    }
  }

  /**
   * The application is through with the first `count` messages of this connection, and has taken all of them but the
   * refused ones, which are named by their place (from 1). False when it never got so many.
   */
  acknowledge(count: number, refused: ReadonlySet<unknown>): boolean {
    const newly = count - this.#acknowledged;
    if (newly < 0 || newly > this.count) return false;
    for (let place = this.#acknowledged + 1; place <= count; place++) {
      const delivery = this.#shift();
      if (refused.has(place)) delivery?.message.resolve(delivery.address, 'proved', 'REFUSED');
      else delivery?.message.resolve(delivery.address, 'acknowledged');
    }
    this.#acknowledged = count;
    return true;
  }

  /** The connection is gone: nothing more will be proved. */
  fail(stage: Stage, reason: Reason): void {
    for (let delivery = this.#shift(); delivery; delivery = this.#shift()) {
      delivery.message.resolve(delivery.address, stage, reason);
    }
  }

  #shift(): Delivery | undefined {
    const { first } = this.#deliveries;
    if (first) this.#deliveries.delete(first);
    return first;
  }
}
