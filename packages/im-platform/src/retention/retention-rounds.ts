import type { Logger } from 'im-common';
import type { Ending } from '../feature.ts';
import { regularly } from '../regularly.ts';
import type { RetentionStore, Round } from './retention-store.ts';
import type { Trimming } from './trimming.ts';

export interface RetentionRoundDeps {
  readonly store: RetentionStore;
  readonly trimming: Pick<Trimming, 'trim'>;
  /** Whether the conversation is in the database that these rounds go through. */
  readonly isHere: (conversation: string) => boolean;
  readonly usualDays: number | undefined;
  readonly logger: Logger;
  /** How often it is looked whether a round is due. */
  readonly everyMs: number;
}

const conversationsAtOnce = 100;
/** From the end of a round to the next one. */
const restMs = 3_600_000;

/** Goes through all conversations of a database, an instance after the other, and on from where one has died. */
export class RetentionRounds {
  readonly #deps: RetentionRoundDeps;

  constructor(deps: RetentionRoundDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger } = this.#deps;
    const failure = 'old messages are not removed now; the next round goes on with it';
    return regularly({ everyMs, logger, failure }, (closing) => this.#run(closing));
  }

  async #run(closing: AbortSignal): Promise<void> {
    const { store, usualDays, isHere } = this.#deps;
    let round = await store.claim();
    while (round && !closing.aborted) {
      const some = await store.after(round.after, usualDays !== undefined, conversationsAtOnce);
      if (some.length === 0) return store.finish(round, Date.now() + restMs);
      for (const conversation of some) {
        if (!isHere(conversation)) continue;
        round = await this.#trim(round, conversation, closing);
        if (!round) return;
      }
      round = await store.goOn(round, some.at(-1) ?? '');
    }
  }

  /** Undefined: it is somebody else's by now, or this one ends. */
  async #trim(round: Round, conversation: string, closing: AbortSignal): Promise<Round | undefined> {
    let mine: Round | undefined = round;
    while (mine && (await this.#deps.trimming.trim(conversation)))
      mine = closing.aborted ? undefined : await this.#deps.store.goOn(mine, mine.after);
    return mine;
  }
}
