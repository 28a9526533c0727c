// How long what failed waits, and when it is given up.

const firstMs = 1_000;
const longestMs = 300_000;
/** An event that fails for so long is given up, so that those behind it go on. */
const givenUpAfterMs = 24 * 3_600_000;
/** What the receiver says that it will never take is shown again all the same, as receivers have bad moments. */
const mostRefusals = 3;
const offAfterMs = 3 * 24 * 3_600_000;

/** Longer each time, and not the same for two that failed together. */
export function pauseMs(attempts: number, longest = longestMs): number {
  return Math.min(longest, firstMs * 2 ** Math.min(attempts - 1, 20)) * (0.5 + Math.random() / 2);
}

export interface Failed {
  readonly attempts: number;
  readonly firstTried: number;
  readonly isRefused: boolean;
}

export function isGivenUp({ attempts, firstTried, isRefused }: Failed, now: number): boolean {
  return (isRefused && attempts >= mostRefusals) || now - firstTried >= givenUpAfterMs;
}

/** Whether a receiver that has taken nothing since then is told nothing any more. */
export function isOffBy(failingSince: number, now: number): boolean {
  return now - failingSince >= offAfterMs;
}
