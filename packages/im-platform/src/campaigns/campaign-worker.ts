import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'im-common';
import type { Ending } from '../feature.ts';
import { regularly } from '../regularly.ts';
import type { Planner } from './planner.ts';
import type { SliceSender } from './slice-sender.ts';
import type { ClaimedSlice, Slices } from './slices.ts';

export interface CampaignWorkerDeps {
  readonly planner: Pick<Planner, 'plan'>;
  readonly slices: Pick<Slices, 'claim' | 'note' | 'giveBack' | 'finish'>;
  readonly sender: Pick<SliceSender, 'send'>;
  readonly removeOld: (closing: AbortSignal) => Promise<void>;
  readonly logger: Logger;
  readonly everyMs: number;
}

/** While one slice waits for services, others are under way. */
const slicesAtOnce = 4;
const hourMs = 3_600_000;

/** Plans campaigns and sends them, beside the other instances. */
export class CampaignWorker {
  readonly #deps: CampaignWorkerDeps;

  constructor(deps: CampaignWorkerDeps) {
    this.#deps = deps;
  }

  start(): Ending {
    const { everyMs, logger, slices, removeOld } = this.#deps;
    const failed = (what: string) => ({
      everyMs,
      logger,
      failure: `a campaign is not ${what}; it is tried again`,
    });
    const endings = [
      regularly(failed('planned yet'), (closing) => this.#planAll(closing)),
      // Each by itself: one that fails neither ends the others nor leaves them behind.
      ...Array.from({ length: slicesAtOnce }, () =>
        regularly(failed('sent yet'), (closing) => this.#sendAll(closing)),
      ),
      // Beside those who send: while there is always a slice of another campaign they never come to an end.
      regularly(failed('said to be done yet'), () => slices.finish()),
      regularly(
        { everyMs: hourMs, logger, failure: 'receivers of old campaigns are removed later' },
        removeOld,
      ),
    ];
    return async () => {
      await Promise.all(endings.map((end) => end()));
    };
  }

  async #planAll(closing: AbortSignal): Promise<void> {
    while (!closing.aborted) if (!(await this.#deps.planner.plan())) return;
  }

  async #sendAll(closing: AbortSignal): Promise<void> {
    const { slices } = this.#deps;
    while (!closing.aborted) {
      const slice = await slices.claim();
      if (!slice) return;
      await this.#send(slice, closing);
    }
  }

  async #send(slice: ClaimedSlice, closing: AbortSignal): Promise<void> {
    const { slices, sender } = this.#deps;
    const waitMs = slice.beginsAt - Date.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: closing }).catch(() => undefined);
    if (closing.aborted) return slices.giveBack(slice);
    const { fates, againAt } = await sender.send(slice);
    await slices.note(slice, fates, againAt);
  }
}
