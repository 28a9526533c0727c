import { leaseMs, type Claimed, type DueConversations } from './due-conversations.ts';

/** A conversation that this instance is at, for as long as it takes: a service that is slow does not bring a second one that tells the same. */
export class Held {
  readonly #due: Pick<DueConversations, 'renew' | 'finish'>;
  readonly #timer: NodeJS.Timeout;
  /** Undefined: somebody else is at it by now. */
  #claimed: Claimed | undefined;
  #renewing: Promise<unknown> = Promise.resolve();

  constructor(due: Pick<DueConversations, 'renew' | 'finish'>, claimed: Claimed, everyMs = leaseMs / 3) {
    this.#due = due;
    this.#claimed = claimed;
    // While the database is away it is held until its time is over.
    this.#timer = setInterval(() => void this.renew().catch(() => undefined), everyMs);
  }

  /** Whether it is still this instance's. One after the other, as each goes by the time that the one before has set. */
  async renew(): Promise<boolean> {
    const renewing = this.#renewing
      .catch(() => undefined)
      .then(async () => {
        if (this.#claimed) this.#claimed = await this.#due.renew(this.#claimed);
      });
    this.#renewing = renewing;
    await renewing;
    return this.#claimed !== undefined;
  }

  async finish(upTo: number, againAt: number | undefined): Promise<void> {
    this.end();
    await this.#renewing.catch(() => undefined);
    if (this.#claimed) await this.#due.finish(this.#claimed, upTo, againAt);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
