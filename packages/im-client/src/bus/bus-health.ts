import type { ClientEvents } from '../events.ts';
import type { Logger } from 'im-common';

/** Whether the bus answers, as far as this client has noticed. Reports each change once. */
export class BusHealth {
  readonly #events: ClientEvents;
  readonly #logger: Logger;
  #lost = false;

  constructor(events: ClientEvents, logger: Logger) {
    this.#events = events;
    this.#logger = logger;
  }

  get isLost(): boolean {
    return this.#lost;
  }

  failed(error: unknown): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#logger.warn({ error }, 'The bus does not answer');
    this.#events.emit('busLost', error);
  }

  worked(): void {
    if (!this.#lost) return;
    this.#lost = false;
    this.#logger.info({}, 'The bus answers again');
    this.#events.emit('busBack');
  }
}
