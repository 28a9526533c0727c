import type { DeviceAddress } from 'im-common';
import type { Reason, Stage } from 'im-common/bus';
import type { PushedMessage } from './pushed-message.ts';

interface Delivery {
  readonly message: PushedMessage;
  readonly address: DeviceAddress;
  /** The write turn that carried it. */
  readonly turn: number;
  readonly at: number;
  next: Delivery | undefined;
}

/**
 * What one device was sent and has not proved to have. Frames arrive in the order in which they were written, so proof
 * is a watermark: of the last write turn that a pong covers, or of how many messages the application acknowledged.
 */
export class Unproven {
  // A chain, as most devices have one message at a time: an array would be given room for seventeen each time.
  #first: Delivery | undefined;
  #last: Delivery | undefined;
  #count = 0;
  #acknowledged = 0;

  get count(): number {
    return this.#count;
  }

  /** When the oldest one was written; undefined when all is proved. */
  get oldestAt(): number | undefined {
    return this.#first?.at;
  }

  /** The write turn of the youngest one. */
  get lastTurn(): number {
    return this.#last?.turn ?? 0;
  }

  add(message: PushedMessage, address: DeviceAddress, turn: number, at: number): void {
    const delivery: Delivery = { message, address, turn, at, next: undefined };
    if (this.#last) this.#last.next = delivery;
    else this.#first = delivery;
    this.#last = delivery;
    this.#count += 1;
  }

  /** All that went in this turn or before has got as far as `stage`. */
  proveThrough(turn: number, stage: Stage): void {
    while (this.#first && this.#first.turn <= turn) {
      const delivery = this.#shift();
      delivery?.message.resolve(delivery.address, stage);
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
    const delivery = this.#first;
    if (!delivery) return undefined;
    this.#first = delivery.next;
    if (!this.#first) this.#last = undefined;
    // What has left points nowhere (see LinkedSet).
    delivery.next = undefined;
    this.#count -= 1;
    return delivery;
  }
}
