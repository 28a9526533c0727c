import type { Logger } from 'im-common';
import type { Ending } from '../feature.ts';
import { regularly } from '../regularly.ts';
import type { DueConversations } from './due-conversations.ts';
import type { Registrations } from './registrations.ts';
import type { ReadElsewhere } from './read-elsewhere.ts';
import { runRound, type RoundDeps } from './rounds.ts';

export interface AwayWatchDeps extends Omit<RoundDeps, 'due'> {
  /** One for each database that lanes may be in; the first one's comes first. */
  readonly dues: readonly DueConversations[];
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
    const { everyMs, logger, dues } = this.#deps;
    // A database that is away, or does not answer, holds up nobody else.
    const endings = dues.map((due, index) => {
      const failure = `who is away is not told yet${due.name === '' ? '' : ` of what is in ${due.name}`}; it is tried again`;
      const round = index === 0 ? this.#firstRound.bind(this) : this.#round.bind(this);
      return regularly({ everyMs, logger, failure }, (closing) => round(due, closing));
    });
    return async () => {
      await Promise.all(endings.map((end) => end()));
    };
  }

  async #firstRound(due: DueConversations, closing: AbortSignal): Promise<void> {
    const { registrations, readElsewhere } = this.#deps;
    if (!(await registrations.isAny())) {
      readElsewhere.forget();
      return;
    }
    await readElsewhere.withdraw();
    await this.#tell(due, closing);
    if (Date.now() < this.#sweptAt + sweepEveryMs) return;
    this.#sweptAt = Date.now();
    await registrations.sweep();
  }

  async #round(due: DueConversations, closing: AbortSignal): Promise<void> {
    if (await this.#deps.registrations.isAny()) await this.#tell(due, closing);
  }

  async #tell(due: DueConversations, closing: AbortSignal): Promise<void> {
    await due.follow();
    for (;;) {
      const claimed = await due.claim(atOnce);
      // A large group does not hold up the others.
      await Promise.all(claimed.map((one) => runRound({ ...this.#deps, due }, one)));
      if (claimed.length < atOnce || closing.aborted) return;
    }
  }
}
