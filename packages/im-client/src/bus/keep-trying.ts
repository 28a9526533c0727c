import { setTimeout as sleep } from 'node:timers/promises';

const shortestPauseMs = 50;
const longestPauseMs = 1_000;

/** Repeats work that a bus which is away refused, until it is done or the signal ends it, which rejects. */
export async function keepTrying<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw error;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}
