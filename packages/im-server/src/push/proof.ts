import type { DeviceAddress } from 'im-common';
import type { Reason, Stage } from 'im-common/bus';
import type { PushedMessage } from './pushed-message.ts';

interface Delivery {
  readonly message: PushedMessage;
  readonly address: DeviceAddress;
  /** The write turn that carried it. */
  readonly turn: number;
  readonly at: number;
}

/**
 * What one device was sent and has not proved to have. Frames arrive in the order in which they were written, so proof
 * is a watermark: of the last write turn that a pong covers, or of how many messages the application acknowledged.
 */
export class Unproven {
  #deliveries: Delivery[] = [];
  #first = 0;
  #acknowledged = 0;

  get count(): number {
    return this.#deliveries.length - this.#first;
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  /** When the oldest one was written; undefined when all is proved. */
  get oldestAt(): number | undefined {
    return this.#deliveries[this.#first]?.at;
  }

  /** The write turn of the youngest one. */
  get lastTurn(): number {
    return this.isEmpty ? 0 : (this.#deliveries.at(-1)?.turn ?? 0);
  }

  add(message: PushedMessage, address: DeviceAddress, turn: number, at: number): void {
    this.#deliveries.push({ message, address, turn, at });
  }

  /** All that went in this turn or before has got as far as `stage`. */
  proveThrough(turn: number, stage: Stage): void {
    for (let next = this.#deliveries[this.#first]; next && next.turn <= turn;) {
      this.#first += 1;
      next.message.resolve(next.address, stage);
      next = this.#deliveries[this.#first];
    }
    this.#forgetProved();
  }

  /**
   * The application is through with the first `count` messages of this connection, and has taken all of them but the
   * refused ones, which are named by their place (from 1). False when it never got so many.
   */
  acknowledge(count: number, refused: ReadonlySet<unknown>): boolean {
    const newly = count - this.#acknowledged;
    if (newly < 0 || newly > this.count) return false;
    for (let place = this.#acknowledged + 1; place <= count; place++) {
      const delivery = this.#deliveries[this.#first];
      this.#first += 1;
      if (refused.has(place)) delivery?.message.resolve(delivery.address, 'proved', 'REFUSED');
      else delivery?.message.resolve(delivery.address, 'acknowledged');
    }
    this.#acknowledged = count;
    this.#forgetProved();
    return true;
  }

  /** The connection is gone: nothing more will be proved. */
  fail(stage: Stage, reason: Reason): void {
    const lost = this.#deliveries.slice(this.#first);
    this.#deliveries = [];
    this.#first = 0;
    for (const { message, address } of lost) message.resolve(address, stage, reason);
  }

  #forgetProved(): void {
    if (this.#first === this.#deliveries.length) {
      this.#deliveries.length = 0;
      this.#first = 0;
    } else if (this.#first > 1_024) {
      this.#deliveries.splice(0, this.#first);
      this.#first = 0;
    }
  }
}
