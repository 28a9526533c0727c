import type { Logger } from 'im-common';
import type { Ending } from '../feature.ts';
import type { DueConversations } from './due-conversations.ts';
import type { Registrations } from './registrations.ts';
import type { ReadElsewhere } from './read-elsewhere.ts';
import { runRound, type RoundDeps } from './rounds.ts';

export interface AwayWatchDeps extends Omit<RoundDeps, 'due'> {
  readonly due: DueConversations;
  readonly registrations: Pick<Registrations, 'isAny' | 'sweep'>;
  readonly readElsewhere: ReadElsewhere;
  readonly logger: Logger;
  readonly everyMs: number;
}

const atOnce = 50;
const sweepEveryMs = 600_000;

/** Looks whom to tell of what. Runs in every instance; asks one small question while nobody has registered a device. */
export class AwayWatch {
  readonly #deps: AwayWatchDeps;
  #running: Promise<void> | undefined;
  #sweptAt = 0;
  #isClosed = false;

  constructor(deps: AwayWatchDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const timer = setInterval(() => this.#look(), this.#deps.everyMs);
    return async () => {
      this.#isClosed = true;
      clearInterval(timer);
      await this.#running;
    };
  }

  #look(): void {
    this.#running ??= this.#round()
      .catch((error: unknown) => {
        this.#deps.logger.warn({ err: error }, 'who is away is not told yet; it is tried again');
      })
      .finally(() => (this.#running = undefined));
  }

  async #round(): Promise<void> {
    const { due, registrations, readElsewhere } = this.#deps;
    if (!(await registrations.isAny())) {
      readElsewhere.forget();
      return;
    }
    await readElsewhere.withdraw();
    await due.follow();
    for (;;) {
      const claimed = await due.claim(atOnce);
      // A large group does not hold up the others.
      await Promise.all(claimed.map((one) => runRound(this.#deps, one)));
      if (claimed.length < atOnce || this.#isClosed) break;
    }
    if (Date.now() < this.#sweptAt + sweepEveryMs) return;
    this.#sweptAt = Date.now();
    await registrations.sweep();
  }
}
