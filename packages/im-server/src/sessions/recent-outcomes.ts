import type { Reason, Stage } from 'im-common/bus';

/** How a message ended at the sessions of an address here. */
export interface SharedOutcome {
  readonly stage: Stage;
  readonly reason: Reason | undefined;
}

interface Recent {
  readonly until: number;
  outcome: SharedOutcome | undefined;
  readonly waiting: ((outcome: SharedOutcome) => void)[];
}

/** Longer than a message may wait for its proof, and than a dead server is looked after. */
const keptMs = 30_000;
/** Then the oldest are forgotten: what comes again for them is given again, marked. */
const mostKept = 100_000;

/** What was given to the sessions of an address here, so that nobody gets it twice when it comes again from another server. */
export class RecentOutcomes {
  /** The oldest first. */
  readonly #recent = new Map<string, Recent>();

  has(name: string): boolean {
    return this.#recent.has(name);
  }

  begin(name: string): void {
    const now = performance.now();
    for (const [oldest, { until }] of this.#recent) {
      if (until > now && this.#recent.size < mostKept) break;
      this.#recent.delete(oldest);
    }
    this.#recent.set(name, { until: now + keptMs, outcome: undefined, waiting: [] });
  }

  end(name: string, outcome: SharedOutcome): void {
    const recent = this.#recent.get(name);
    if (!recent || recent.outcome) return;
    recent.outcome = outcome;
    for (const notify of recent.waiting.splice(0)) notify(outcome);
  }

  /** Calls back with how it ended, or ends. */
  whenEnded(name: string, notify: (outcome: SharedOutcome) => void): void {
    const recent = this.#recent.get(name);
    if (recent?.outcome) notify(recent.outcome);
    else recent?.waiting.push(notify);
  }
}
