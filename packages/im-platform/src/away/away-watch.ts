import type { Logger } from 'im-common';
import type { Ending } from '../feature.ts';
import { regularly } from '../regularly.ts';
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
  #sweptAt = 0;

  constructor(deps: AwayWatchDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'who is away is not told yet; it is tried again';
    return regularly({ everyMs, logger, failure }, (closing) => this.#round(closing));
  }

  async #round(closing: AbortSignal): Promise<void> {
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
      if (claimed.length < atOnce || closing.aborted) break;
    }
    if (Date.now() < this.#sweptAt + sweepEveryMs) return;
    this.#sweptAt = Date.now();
    await registrations.sweep();
  }
}
