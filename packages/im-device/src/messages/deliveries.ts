import type { Connection } from '../connection/connection.ts';
import type { DeviceMessage, Emitter, MessageTypes } from '../events.ts';
import { DuplicateFilter } from './duplicate-filter.ts';

export interface DeliveriesOptions<Types extends MessageTypes> {
  readonly emitter: Emitter<Types>;
  readonly late: 'refuse' | 'deliver';
  /** A message goes to the application now. */
  readonly onNew: (received: DeviceMessage) => void;
}

/** A message on its way to the application, and the connection that acknowledges it: none when another tab passed it on. */
interface Delivery {
  readonly received: DeviceMessage;
  readonly connection: Connection | undefined;
}

/** Delivers messages to the application one after the other; a handler of a former connection ends first. */
export class Deliveries<Types extends MessageTypes> {
  readonly #options: DeliveriesOptions<Types>;
  readonly #filter = new DuplicateFilter();
  #waiting: Delivery[] = [];
  #isBusy = false;

  constructor(options: DeliveriesOptions<Types>) {
    this.#options = options;
  }

  add(received: DeviceMessage, connection?: Connection): void {
    this.#waiting.push({ received, connection });
    if (!this.#isBusy) void this.#work();
  }

  /**
   * Forgets what the application has not begun with: its sender is told that it did not arrive, and will send it again or
   * have it caught up on. What a plain box-im server sent counts as arrived there, and stays.
   */
  forgetUnacknowledged(connection: Connection): void {
    if (!connection.acknowledges) return;
    this.#waiting = this.#waiting.filter((delivery) => delivery.connection !== connection);
  }

  clear(): void {
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const taken = await this.#deliver(next);
      next.connection?.processed(taken);
    }
    this.#isBusy = false;
  }

  /** True when the application has it, from now on or from before. */
  async #deliver({ received, connection }: Delivery): Promise<boolean> {
    const { emitter, late, onNew } = this.#options;
    const message = received as DeviceMessage<Types>; // `data` is what the user of the package says it is
    const verdict = this.#filter.judge(received, connection?.key);
    if (verdict === 'double' || (verdict === 'late' && late === 'refuse')) {
      emitter.emit('dropped', message, verdict);
      return verdict === 'double';
    }
    onNew(received);
    const taken = await emitter.deliver(message);
    if (taken) this.#filter.took(received, connection?.key);
    return taken;
  }
}
